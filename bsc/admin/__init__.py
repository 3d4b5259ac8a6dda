"""Reference tables of the ground floor: accounts and units, cards and their parts."""

from bsc.admin import people, plans, units

__all__ = ["people", "plans", "units"]
