"""The words for doubts of an import; readings and proposals keep codes."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

_MESSAGES = {
    "card-closed": _("%(card)s is closed; it takes corrections only as errata."),
    "name-differs": _(
        "%(code)s is called “%(map)s” on the map and “%(table)s” in the table."
    ),
    "no-year": _("The year is neither in the title nor elsewhere in the file."),
    "restated": _(
        "%(code)s: the sheet prints %(printed)s, the figure in force is %(held)s."
    ),
    "sheet-twice": _("Another sheet of this file is the same form of the same card."),
    "total-differs": _(
        "%(label)s: printed %(printed)s, the rows of this file give %(found)s."
    ),
    "unknown-kpi": _("No scorecard has the KPI %(code)s %(name)s of this result."),
    "unknown-unit": _("“%(name)s” is no unit we know."),
    "year-from-file-name": _("The sheet names no year; the file's name says %(year)s."),
}


def message(code: str, params: Mapping[str, str]) -> str:
    """Return the sentence for a doubt; the code itself where it has none."""
    words = _MESSAGES.get(code)
    return str(words) % params if words else code
