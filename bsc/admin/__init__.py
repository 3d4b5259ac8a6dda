"""Reference tables of the ground floor: accounts and units, cards and their parts."""

from bsc.admin import calendar, people, plans, shared, units

__all__ = ["calendar", "people", "plans", "shared", "units"]
