"""What a file may be, as the settings say."""

from django.conf import settings

from sheets.package import Limits


def limits() -> Limits:
    """Return the limits of a file; `SHEET_LIMITS` names those that differ."""
    return Limits(**settings.SHEET_LIMITS)
