"""The words for doubts of an import; readings and proposals keep codes."""

from collections.abc import Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.wording import LIGHTS

FORM_WORDS = {
    "strategy-map": _("strategy map"),
    "scorecard": _("balanced scorecard"),
    "results": _("results"),
    "light-table": _("table of lights"),
    "kpi-definitions": _("definitions of KPIs"),
    "work-plan": _("work plan of the year"),
    "main-tasks": _("main tasks"),
    "revision": _("table of revisions"),
    "staffing": _("staffing"),
}
NOUN_WORDS = {
    "scorecards": _("balanced scorecards"),
    "themes": _("strategic themes"),
    "objectives": _("strategic objectives"),
    "ksfs": _("key success factors"),
    "series": _("series"),
    "kpis": _("KPIs"),
    "targets": _("targets"),
    "actuals": _("actuals"),
    "statements": _("printed figures"),
    "self_ratings": _("self-ratings"),
    "published_results": _("published results"),
    "action_plans": _("action plans"),
    "plan_rows": _("rows of action plans"),
    "budget_lines": _("budget lines"),
}
# What a parameter's code means; a parameter that is no code is told as it is.
_PARAMETER_WORDS = {
    "form": FORM_WORDS,
    "noun": NOUN_WORDS,
    "column": {
        "kpis": _("KPIs"),
        "reached": _("reached"),
        "not_reached": _("not reached"),
        "no_statistics": _("no statistics"),
        "achievement": _("achievement"),
        "total": _("total"),
        "light": _("light"),
        **LIGHTS,
    },
    "found": LIGHTS,
}

# What a file may not be: nothing of it was read.
_REFUSALS = {
    "file-empty": _("The file is empty."),
    "file-kind": _(
        "This kind of file (%(kind)s) cannot be read yet. Please save it as .xlsx."
    ),
    "file-encrypted": _(
        "The file is protected by a password. Please remove it and upload again."
    ),
    "file-unreadable": _(
        "The file could not be read. Please open it in a spreadsheet program and"
        " save it again."
    ),
    "file-broken": _("The file is damaged and cannot be read (%(part)s)."),
    "file-too-large": _("The file is larger than allowed (%(limit)s)."),
    "too-many-entries": _("The file has too many parts (at most %(limit)s)."),
    "too-many-sheets": _("The workbook has too many sheets (at most %(limit)s)."),
    "too-many-cells": _("The workbook has too many cells (at most %(limit)s)."),
    "too-many-merges": _("The workbook has too many merged cells (at most %(limit)s)."),
    "too-much-text": _(
        "The workbook holds too much text (at most %(limit)s characters)."
    ),
    "unsafe-entry": _("A part of the file has a name that is not safe (%(part)s)."),
    "packed-too-tightly": _(
        "A part of the file unpacks to far more than it should (%(part)s)."
    ),
    "entities": _(
        "The file declares entities, which a spreadsheet never does (%(part)s)."
    ),
    "cell-too-far": _(
        "Cell %(cell)s lies too far out (at most %(rows)s rows and %(columns)s"
        " columns)."
    ),
    "text-too-long": _(
        "The text in cell %(cell)s is too long (at most %(limit)s characters)."
    ),
    "number-too-long": _(
        "The number in cell %(cell)s is too long (at most %(digits)s digits)."
    ),
}

# What stands in a sheet.
_READINGS = {
    "unknown-form": _("No sheet of this file is a form we know."),
    "no-header": _(
        "“%(title)s” promises a table, but no row of column headings was found."
    ),
    "duplicate-code": _(
        "%(code)s stands here twice with different contents: %(first)s; %(second)s."
    ),
    "no-objective": _("The KPI %(code)s %(name)s stands under no objective."),
    "negative-amount": _("The amount %(text)s is below zero."),
    "bad-year": _("%(year)s is no year that can be."),
    "too-long-to-keep": _(
        "“%(text)s…” is longer than the %(limit)s characters that can be kept."
    ),
    "code-completed": _("The code “%(printed)s” is not whole; %(code)s is taken."),
    "code-glued": _(
        "In “%(printed)s” the code runs into a number; %(code)s and “%(name)s” are"
        " taken."
    ),
    "code-from-date": _(
        "The code was turned into the date %(printed)s; %(code)s is taken."
    ),
    "direction-negative": _(
        "%(code)s %(name)s: the printed achievement %(printed)s is target over actual"
        " (%(target)s, %(actual)s); lower seems to be better."
    ),
    "direction-doubtful": _(
        "%(code)s %(name)s prints no direction, but “%(evidence)s” suggests that lower"
        " is better; it stays unconfirmed."
    ),
    "parts-differ": _(
        "The parts of “%(text)s” differ, so there is no one target; it is kept in"
        " words."
    ),
    "sheet-not-read": _(
        "This sheet (%(form)s) is known, but is not read yet; nothing of it is written."
    ),
    "broken-separator": _(
        "%(text)s lacks a thousands separator; it is read as %(value)s."
    ),
    "text-for-number": _(
        "“%(text)s” stands where a number is meant; it is kept in words."
    ),
    "too-many-digits": _(
        "%(text)s has more digits than can be kept exactly; it is kept in words."
    ),
    "code-mismatch": _(
        "The plan code %(code)s is not one of the KPI %(kpi)s of its row; the row"
        " decides."
    ),
    "objective-mismatch": _(
        "The KPI code %(code)s is not one of the objective %(objective)s it stands"
        " under; the row decides."
    ),
    "code-reused": _(
        "%(code)s is the code of two plans: “%(first)s” and “%(second)s”."
    ),
    "no-plan": _("The KPI %(code)s has no action plan."),
    "no-kpi": _("“%(text)s” stands beside no KPI; it is not read."),
    "no-name": _("The KPI %(code)s stands without a name."),
    "no-code": _("“%(text)s” has no code; it is not read."),
    "name-varies": _(
        "%(code)s is called “%(first)s” and here “%(second)s”; the first is kept."
    ),
    "column-twice": _(
        "The column “%(heading)s” says the same as one before it; only the first is"
        " read."
    ),
    "column-without-year": _(
        "The column “%(heading)s” names no year, nor does the title; it is not read."
    ),
    "cell-for-several": _(
        "“%(text)s” stands beside several KPIs and is not parted by lines; it is read"
        " for the first."
    ),
    "unknown-light": _("“%(text)s” is no light we know; it counts as unknown."),
    "theme-without-letter": _("The theme “%(text)s” has no letter; it is not read."),
    "control-characters": _("Control characters were taken out of this cell."),
    "direction-characters": _(
        "This cell holds characters that turn the direction of writing."
    ),
    "error-value": _("This cell shows an error."),
    "formula-without-value": _("This cell holds a formula that was never computed."),
    "direction-unconfirmed": _(
        "%(count)s KPIs print no direction; they are scored as “higher is better”"
        " until confirmed."
    ),
    "part-year": _("“%(text)s” covers a part of the year."),
    "target-in-words": _(
        "The target “%(text)s” is in words; a person says whether it is reached."
    ),
    "line-ignored": _("“%(text)s” is no row of the table."),
    "column-not-read": _("The column “%(heading)s” is not known; it is not read."),
    "year-from-headings": _(
        "No title names a year; %(year)s, the first year of targets, is taken."
    ),
    "hidden-read": _(
        "Hidden rows (%(rows)s) and columns (%(columns)s) are read like the others."
    ),
}

# What a file says beside what is stored, or beside itself.
_COMPARISONS = {
    "bad-points": _("“%(text)s” is no number of points from 0 to %(limit)s."),
    "card-closed": _("%(card)s is closed; it takes corrections only as errata."),
    "left": _(
        "%(noun)s that this file does not list (%(count)s) stay as they are: %(names)s."
    ),
    "name-differs": _(
        "%(code)s is called “%(map)s” on the map and “%(table)s” in the table."
    ),
    "no-year": _("The year is neither in the title nor elsewhere in the file."),
    "restated": _(
        "%(code)s: the sheet prints %(printed)s, the figure in force is %(held)s."
    ),
    "result-differs": _(
        "%(code)s: the %(column)s is printed as %(printed)s, and the rules give"
        " %(found)s."
    ),
    "sheet-twice": _("Another sheet of this file is the same form of the same card."),
    "total-differs": _(
        "%(label)s, %(column)s: printed %(printed)s, the rows of this file give"
        " %(found)s."
    ),
    "unit-twice": _("“%(name)s” names a unit that is named there already."),
    "unknown-kpi": _("No scorecard has the KPI %(code)s %(name)s of this result."),
    "unknown-unit": _("“%(name)s” is no unit we know."),
    "year-differs": _(
        "The sheet names the year %(printed)s, you named %(year)s; %(year)s is taken."
    ),
    "year-from-file-name": _("The sheet names no year; the file's name says %(year)s."),
}

MESSAGES = _REFUSALS | _READINGS | _COMPARISONS

# Another sentence where one parameter of a code has this value.
SPECIAL_MESSAGES = {
    ("sheet-not-read", "form", ""): _(
        "This sheet is no form we know; nothing of it is written."
    ),
    ("file-broken", "part", ""): _("The file is damaged and cannot be read."),
    ("file-too-large", "what", "unpacked"): _(
        "The file unpacks to more than allowed (%(limit)s)."
    ),
    **{
        ("file-too-large", "what", what): _(
            "Reading the file would take more memory or time than it may."
        )
        for what in ("memory", "processor", "answer")
    },
    ("text-too-long", "cell", ""): _(
        "A text of the file is too long (at most %(limit)s characters)."
    ),
    ("number-too-long", "cell", ""): _(
        "A number of the file is too long (at most %(digits)s digits)."
    ),
}

_DEFAULTS = {
    "negative": _("Taken as “lower is better”."),
    "unconfirmed": _("It stays unconfirmed, scored as “higher is better”."),
    "words": _("It is kept in words."),
    "keep": _("The figure in force stays; what is printed is kept beside it."),
}


def message(code: str, params: Mapping[str, str | int]) -> str:
    """Return the sentence for a doubt; the code itself where it has none."""
    words = MESSAGES.get(code)
    if words is None:
        return code
    for (special, name, value), sentence in SPECIAL_MESSAGES.items():
        if special == code and params.get(name) == value:
            words = sentence
    return str(words) % {name: _told(code, name, params[name]) for name in params}


def default_in_words(default: str | None) -> str:
    """Return what is done unless somebody answers; "" where nothing is asked."""
    if not default:
        return ""
    if words := _DEFAULTS.get(default):
        return str(words)
    return gettext("%(default)s is taken.") % {"default": default}


def _told(code: str, name: str, value: str | int) -> str:
    if code == "file-too-large" and name == "limit":
        return str(filesizeformat(value)).replace("\xa0", " ")
    return str(_PARAMETER_WORDS.get(name, {}).get(str(value), value))
