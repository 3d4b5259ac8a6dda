"""The words for what a file says beside what is stored, or beside itself."""

from django.utils.translation import gettext_lazy as _

COMPARISONS = {
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
    "no-year": _(
        "The year is neither in the title nor elsewhere in the file. It can be typed"
        " here, or named where the file is brought in."
    ),
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
    "restated-closed": _(
        "%(code)s, %(year)s: the sheet prints %(printed)s, the figure in force is"
        " %(held)s. The card of that year is closed: it stays, and only an erratum"
        " corrects it."
    ),
    "lineage-printed": _(
        "“%(text)s” answers what became of “%(earlier)s”: it is “%(later)s”."
    ),
    "revision-differs": _(
        "%(label)s: the table of revisions prints “%(printed)s”; by the cards it is"
        " “%(found)s”."
    ),
    "revision-count-differs": _(
        "%(label)s, %(noun)s: the table of revisions prints %(printed)s, the card of"
        " %(year)s has %(found)s."
    ),
    "revision-without-card": _(
        "There is no card of %(year)s: what the table of revisions prints of it is not"
        " compared."
    ),
    "series-closed": _(
        "“%(earlier)s” and “%(later)s” are not led to one series: each is of a series"
        " with a closed card, which takes errata only."
    ),
    "result-differs": _(
        "%(code)s: the %(column)s is printed as %(printed)s, and the rules give"
        " %(found)s."
    ),
    "same-kpi": _("“%(earlier)s” and “%(later)s”: is this one KPI under two names?"),
    "card-spread": _(
        "This sheet goes on with the card of the sheet “%(first)s”; both are read as"
        " one card."
    ),
    "same-kpi-elsewhere": _(
        "“%(earlier)s” and “%(later)s” are called alike and stand on cards of two"
        " units. Is this one KPI?"
    ),
    "same-objective": _(
        "%(code)s of %(year)s: the group calls it “%(own)s”, the city “%(other)s”. Is"
        " it one objective?"
    ),
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
