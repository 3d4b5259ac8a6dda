"""The words for doubts of an import; readings and proposals keep codes."""

from collections.abc import Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.wording import LIGHTS
from sheets.comparisons import COMPARISONS
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
    "units": _("units"),
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
    "kind": {
        "figures": _("figures"),
        "money": _("amounts of money"),
        "points": _("points"),
        "owners": _("names of units"),
        "measures": _("units of measure"),
        "directions": _("directions"),
        "formulas": _("formulas"),
        "perspectives": _("perspectives"),
        "objectives": _("strategic objectives"),
        "plans": _("action plans"),
        "lights": _("lights"),
    },
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
    "objective-code": _(
        "The objective “%(printed)s” has no code; %(code)s is taken, the next number"
        " of its perspective."
    ),
    "owners-vary": _(
        "%(code)s: %(first)s are responsible, and here %(second)s; the first are kept."
    ),
    "name-no-measure": _(
        "%(code)s “%(name)s” is named like something to do, and not by what it measures"
        " (%(offered)s?)."
    ),
    "bound-is-maximum": _(
        "%(code)s: %(text)s of a share can only be 100 %%; that is its natural maximum."
    ),
    "plans-in-one": _("“%(text)s” seems to name several plans; it is kept as one."),
    "plans-alike": _("“%(second)s” is named nearly as %(first)s; they stay two plans."),
    "star-unexplained": _("“%(text)s” ends with a mark that no line explains."),
    "two-numbers": _(
        "%(text)s holds two numbers; %(value)s is read, and the other kept beside it."
    ),
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
    "unknown-column": _(
        "Nobody knows the column “%(heading)s”, but what stands below it looks like"
        " %(kind)s: %(example)s. Which column is it?"
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
        " brackets; it is asked which of two readings is meant."
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

MESSAGES = REFUSALS | _READINGS | COMPARISONS

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
    ("lineage-printed", "what", "other"): _(
        "By “%(text)s”, “%(later)s” is another KPI than “%(earlier)s”."
    ),
    ("restated-closed", "held", ""): _(
        "%(code)s, %(year)s: the sheet prints %(printed)s, and no figure is in force."
        " The card of that year is closed: none is added, and only an erratum does so."
    ),
    ("objective-code", "by", "kpi"): _(
        "The objective “%(printed)s” has no code; %(code)s is taken, as the KPI beside"
        " it says."
    ),
    ("objective-code", "by", "stored"): _(
        "The objective “%(printed)s” has no code; %(code)s is taken, by which it is"
        " stored."
    ),
    ("objective-code", "by", "map"): _(
        "The objective “%(printed)s” has no code; %(code)s is taken, by which the map"
        " of this file knows it."
    ),
    ("sheet-not-read", "form", ""): _(
        "This sheet is no form we know; nothing of it is written."
    ),
    ("column-not-read", "nearest", None): _(
        "The column “%(heading)s” is not known; it is not read."
    ),
    ("column-not-read", "heading", ""): _(
        "The column of this cell has no heading; it is not read: %(text)s"
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
    "aside": _("The column is left aside; nothing of it is written."),
    "words": _("It is kept in words."),
    "replaced": _("Another KPI takes its place; their figures are not joined."),
    "same": _("The same KPI; its figures go on, with a break in the definition."),
    "apart": _("They stay two KPIs; their figures are not joined."),
    "other": _("They stay two objectives; neither shows the other's KPIs."),
    "same-objective": _("One objective: the city's shows the KPIs of the group's."),
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
