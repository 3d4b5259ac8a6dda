"""Boards: a few queries in, frozen dataclasses of formatted texts out."""
