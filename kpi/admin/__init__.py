"""Reference tables of what is measured, for the planners of the cards' units."""

from kpi.admin import tables

__all__ = ["tables"]
