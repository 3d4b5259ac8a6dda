"""Boards and cards as files."""
