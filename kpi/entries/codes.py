"""Every code that this package gives; `kpi.entry_wording` has words for each."""

from typing import Literal

type ProblemCode = Literal[
    # A number.
    "too-long",
    "odd-character",
    "zero-or-nothing",
    "unit-differs",
    "broken-separator",
    "too-large",
    "too-many-decimals",
    "too-many-digits",
    "in-words",
    "bracketed",
    "comparator",
    "exponent",
    "range",
    "calculation",
    "not-finite",
    "not-a-number",
    "not-points",
    "count-below-zero",
    # Months and days.
    "not-months",
    "other-year",
    "months-outside",
    "not-a-date",
    "date-without-day",
    "no-such-day",
    "due-before-end",
    "due-too-late",
    # Boxes that do not go together.
    "unknown-choice",
    "value-and-text",
    "value-and-absence",
    "absence-in-part",
    "value-is-reckoned",
    "division-by-zero",
    # What must be there before an entry is sent.
    "nothing-entered",
    "input-missing",
    "value-missing",
    "reached-missing",
    "points-missing",
    "light-missing",
    "basis-missing",
    "reason-missing",
    "late-reason-missing",
    "explanation-missing",
]

type CheckCode = Literal[
    "outside-bounds",
    "over-whole",
    "below-zero",
    "tenfold",
    "hundredfold",
    "thousandfold",
    "far-from-series",
    "equal-to-target",
    "unchanged-from-last-year",
    "parts-differ",
    "counterpart-differs",
    "more-decimals",
    "fraction-of-count",
]

type DemandCode = Literal[
    "not-reached",
    "streak",
    "below-limit",
    "light-poor",
    "light-fair",
    "far-above",
    "equal-to-target",
]
