"""Reference tables of what is measured, for the planners of the cards' units."""

from kpi.admin import figures, tables

__all__ = ["figures", "tables"]
