"""The words for doubts of an import; readings and proposals keep codes."""

from collections.abc import Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.wording import LIGHTS
from sheets.refusals import REFUSALS

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
    "doubts": _("list of doubts"),
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
# What lines of a sheet count, where the noun of a change is another one.
_COUNTED_WORDS = NOUN_WORDS | {"plans": _("action plans")}
# What a parameter's code means; a parameter that is no code is told as it is.
_PARAMETER_WORDS = {
    "form": FORM_WORDS,
    "noun": _COUNTED_WORDS,
    "direction": {
        "negative": _("lower is better"),
        "positive": _("higher is better"),
    },
    "column": {
        "kpis": _("KPIs"),
        "reached": _("reached"),
        "not_reached": _("not reached"),
        "no_statistics": _("no statistics"),
        "achievement": _("achievement"),
        "total": _("total"),
        "light": _("light"),
        "exempt": _("exempt from evaluation"),
        **LIGHTS,
    },
    "found": LIGHTS,
    "change": {
        "moved": _("moved"),
        "renumbered": _("under another code"),
        "renamed": _("renamed"),
        "split": _("split"),
        "merged": _("merged"),
        "replaced": _("replaced by another"),
        "gone": _("gone"),
        "new": _("new"),
    },
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
    "broken-number": _(
        "%(text)s is no whole number: it may be %(first)s or %(second)s; it is kept in"
        " words."
    ),
    "bracketed-number": _(
        "%(text)s stands in brackets; it is read as the negative number %(value)s."
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
    "middle-dot": _(
        "A dot stands between “%(text)s” where a comma may be meant: “%(offered)s”."
    ),
    "unit-mismatch": _(
        "%(code)s: the unit “%(measure)s” does not go with “%(evidence)s”."
    ),
    "subtraction-without-brackets": _(
        "%(code)s: in the formula “%(text)s” is subtracted behind a slash without"
        " brackets."
    ),
    "money-unit-above": _(
        "The column “%(heading)s” names no unit; the line “%(text)s” above the table"
        " gives it."
    ),
    "part-year": _("“%(text)s” covers a part of the year."),
    "target-in-words": _(
        "The target “%(text)s” is in words; a person says whether it is reached."
    ),
    "line-ignored": _("“%(text)s” is no row of the table."),
    "lines-ignored": _(
        "Lines %(first)s to %(last)s belong to no table (%(count)s lines): %(text)s"
    ),
    "markup-read": _("“%(printed)s” is read as “%(text)s”."),
    "row-incomplete": _(
        "The row of “%(text)s” has %(found)s of %(expected)s cells; it is not read."
    ),
    "text-cut": _("The text ends in the middle of a sign; something may be missing."),
    "year-from-line": _("No title names a year; “%(text)s” says %(year)s."),
    "column-not-read": _(
        "The column “%(heading)s” is not known; it is not read. The nearest we know is"
        " “%(nearest)s”."
    ),
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
    "changed-since": _(
        "What is stored has changed since this was shown; nothing was written. Please"
        " look at it again and apply."
    ),
    "not-allowed": _(
        "Nothing was written: you may not import for %(names)s, of which this file"
        " speaks."
    ),
    "budget-sums": _("The budget columns of this sheet add up to %(sums)s."),
    "card-closed": _("%(card)s is closed; it takes corrections only as errata."),
    "changed-since-year": _(
        "%(noun)s, %(earlier)s to %(later)s, %(change)s (%(count)s): %(names)s."
    ),
    "compared-with-year": _(
        "%(noun)s, %(earlier)s to %(later)s: %(before)s → %(after)s (%(sections)s)."
    ),
    "ksf-not-updated": _(
        "The objective %(code)s “%(before)s” is now “%(after)s”, but its key success"
        " factor is still “%(factor)s”."
    ),
    "checked": _(
        "%(count)s sums, counts and results that this sheet prints were checked; all"
        " of them agree."
    ),
    "count-differs": _("“%(text)s” says %(printed)s (%(noun)s); there are %(found)s."),
    "kpi-name-differs": _(
        "%(code)s is called “%(printed)s” here and “%(found)s” in the scorecard."
    ),
    "left": _(
        "%(noun)s that this file does not list (%(count)s) stay as they are: %(names)s."
    ),
    "name-differs": _(
        "%(code)s is called “%(map)s” on the map and “%(table)s” in the table."
    ),
    "no-year": _("The year is neither in the title nor elsewhere in the file."),
    "plan-like-kpi": _(
        "The plan %(code)s “%(before)s” is now “%(after)s”, which reads like a KPI."
    ),
    "parts-sum-differs": _("%(code)s: the parts of “%(printed)s” add up to %(found)s."),
    "held-elsewhere": _(
        "This compares the file with what is stored of a unit for which you may not"
        " import; it is not shown to you."
    ),
    "removed": _(
        "%(noun)s that this file, the whole plan, does not list (%(count)s) are"
        " deleted: %(names)s."
    ),
    "withdrawn": _(
        "%(noun)s that this file, the whole plan, does not list (%(count)s) have"
        " figures; they are withdrawn and keep them: %(names)s."
    ),
    "restated": _(
        "%(code)s, %(year)s: the sheet prints %(printed)s, the figure in force is"
        " %(held)s."
    ),
    "result-differs": _(
        "%(code)s: the %(column)s is printed as %(printed)s, and the rules give"
        " %(found)s."
    ),
    "same-kpi": _("“%(earlier)s” and “%(later)s”: is this one KPI under two names?"),
    "sheet-twice": _("Another sheet of this file is the same form of the same card."),
    "sum-differs": _(
        "%(label)s of %(year)s: printed %(printed)s, the rows above add up to"
        " %(found)s."
    ),
    "total-differs": _(
        "%(label)s, %(column)s: printed %(printed)s, the rows of this file give"
        " %(found)s."
    ),
    "unit-twice": _("“%(name)s” names a unit that is named there already."),
    "unknown-kpi": _("No scorecard has the KPI %(code)s %(name)s of this result."),
    "unknown-unit": _("“%(name)s” is no unit we know."),
    "unit-differs": _(
        "The sheet is of %(printed)s, you named %(unit)s; %(unit)s is taken."
    ),
    "year-differs": _(
        "The sheet names the year %(printed)s, you named %(year)s; %(year)s is taken."
    ),
    "year-from-file-name": _("The sheet names no year; the file's name says %(year)s."),
}

MESSAGES = REFUSALS | _READINGS | _COMPARISONS

# Another sentence where one parameter of a code has this value.
SPECIAL_MESSAGES = {
    ("compared-with-year", "sections", ""): _(
        "%(noun)s, %(earlier)s to %(later)s: %(before)s → %(after)s."
    ),
    ("direction-doubtful", "by", "year-before"): _(
        "%(code)s %(name)s prints no direction; that of %(evidence)s, the same KPI a"
        " year before, is: %(direction)s."
    ),
    ("restated", "by", "later"): _(
        "%(code)s, %(year)s: a later card prints %(printed)s for this year; this"
        " sheet, which is earlier, prints %(held)s."
    ),
    ("sheet-not-read", "form", ""): _(
        "This sheet is no form we know; nothing of it is written."
    ),
    ("column-not-read", "nearest", None): _(
        "The column “%(heading)s” is not known; it is not read."
    ),
    ("file-kind", "kind", "html"): _(
        "This file is a web page, whatever its name says. Please open it in a"
        " spreadsheet program and save it as .xlsx."
    ),
    ("file-kind", "kind", "text"): _(
        "This file is a text, whatever its name says. Please call it .csv or .txt."
    ),
    ("file-kind", "kind", "zip"): _("This file holds other files, and no workbook."),
    ("file-kind", "kind", "unknown"): _("This file is neither a workbook nor a text."),
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
    "positive": _("Taken as “higher is better”."),
    "unconfirmed": _("It stays unconfirmed, scored as “higher is better”."),
    "words": _("It is kept in words."),
    "replaced": _("Another KPI takes its place; their figures are not joined."),
    "same": _("The same KPI; its figures go on, with a break in the definition."),
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
