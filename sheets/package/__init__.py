"""Is this file safe to open? Its size, entries and farthest cell; who reads it."""

from sheets.grid.limits import Limits, Refused
from sheets.package.child import inspect, read_safely
from sheets.package.stripping import without_macros

__all__ = ["Limits", "Refused", "inspect", "read_safely", "without_macros"]
