"""What the published forms say, as plain values.

A form reads one sheet into one of these readings and a list of doubts. Texts are
as the sheet displays them; `cell` is an address such as `G7`. Numbers are Decimal.
Nothing here knows which rows the database holds.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sheets.forms.revised import RevisionReading


class Severity(StrEnum):
    ERROR = "error"
    ASK = "ask"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing a person should know about a cell, as a code with parameters.

    `default` is the code of what is done unless somebody answers otherwise; only
    `ask` has one. `cell` is None where the whole sheet or file is meant. `choices` are
    the codes of what may be chosen, the default first.
    """

    severity: Severity
    code: str
    cell: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """The text of a value cell, and what it says.

    Exactly one of value, words and absence is set. `words` are kept where a number
    was meant but none could be read, or where the target is qualitative. `parts`
    are `(label, value, comparator)`.
    """

    text: str
    cell: str
    value: Decimal | None = None
    comparator: str = ""
    words: str = ""
    absence: str = ""
    note: str = ""
    month_from: int | None = None
    month_until: int | None = None
    parts: tuple[tuple[str, Decimal, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """A budget cell: an amount, 無 (none) or nothing (blank)."""

    text: str
    cell: str
    year: int
    stage: str
    kind: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ThemeReading:
    code: str
    name: str
    label: str
    cell: str


@dataclass(frozen=True, slots=True)
class MemberReading:
    """A unit under a theme; `line` counts printed lines from 1."""

    theme: str
    name: str
    is_lead: bool
    line: int
    cell: str


@dataclass(frozen=True, slots=True)
class PerspectiveReading:
    """A perspective: its letter, its bare name (顧客) and its label as printed."""

    code: str
    name: str
    label: str
    cell: str


@dataclass(frozen=True, slots=True)
class ObjectiveReading:
    """An objective as one sheet prints it.

    `text` is code and name together as printed, `code_text` the printed code where
    it differs from `code`, `mark` a status word such as 新增. `theme` and
    `perspective` are codes, "" where the sheet shows none. On a map `row` is "top"
    or "perspective" and the themes spanned are named by their codes.
    """

    code: str
    name: str
    text: str
    cell: str
    code_text: str = ""
    mark: str = ""
    theme: str = ""
    perspective: str = ""
    row: str = "perspective"
    first_theme: str = ""
    last_theme: str = ""


@dataclass(frozen=True, slots=True)
class FactorReading:
    """A key success factor; `kpi` where it is printed for one KPI only.

    `code` is the printed one, or "". A factor belongs to the objective of its row.
    """

    code: str
    name: str
    text: str
    objective: str
    cell: str


@dataclass(frozen=True, slots=True)
class KpiReading:
    """A KPI as a scorecard or a table of definitions prints it.

    `factor` is the position of its factor in the reading's list, or None.
    `owner_texts` are its owners as printed, with the part each takes.
    `targets` and `actuals` are keyed by year of the common era.
    """

    code: str
    name: str
    text: str
    objective: str
    perspective: str
    cell: str
    factor: int | None = None
    formula_text: str = ""
    formula_cell: str = ""
    measure: str = ""
    measure_text: str = ""
    direction: str = ""
    direction_basis: str = ""
    notes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    owners_cell: str = ""
    targets: dict[int, Figure] = field(default_factory=dict)
    actuals: dict[int, Figure] = field(default_factory=dict)
    owner_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReading:
    """One plan named in a row: its printed code (may be ""), name and text."""

    code: str
    name: str
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class RowReading:
    """One printed row of plans under a KPI.

    A row of several KPIs is read as one row per KPI, each with the plans of its
    own code; `kpis` of the printed row are kept together in `printed_kpis`.
    """

    kpi: str
    plans: tuple[PlanReading, ...]
    owners: tuple[str, ...]
    owners_cell: str
    budgets: tuple[Money, ...]
    cell: str
    printed_kpis: tuple[str, ...] = ()
    owner_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A count that a line prints: so many of a noun, in a perspective or in all ("").

    Nouns are themes, objectives, ksfs, kpis and plans.
    """

    noun: str
    count: int
    perspective: str
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class PrintedSum:
    """An amount in a row of sums (合計): of a budget column, from row to row.

    `first` and `last` are places in the reading's list of rows: those since the sum
    before it, up to but without `last`.
    """

    label: str
    money: Money
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class MapReading:
    """A strategy map. `core_values` are split, `core_values_text` as printed."""

    title: str
    unit_text: str
    year: int | None
    mission: str = ""
    vision: str = ""
    core_values: tuple[str, ...] = ()
    core_values_text: str = ""
    parent_text: str = ""
    themes: tuple[ThemeReading, ...] = ()
    members: tuple[MemberReading, ...] = ()
    perspectives: tuple[PerspectiveReading, ...] = ()
    objectives: tuple[ObjectiveReading, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorecardReading:
    """A scorecard, in 15, 5 or 3 columns, or a table of KPI definitions.

    `themes` are the groups of a plan without a map (safety net), else empty.
    """

    title: str
    unit_text: str
    year: int | None
    perspectives: tuple[PerspectiveReading, ...] = ()
    themes: tuple[ThemeReading, ...] = ()
    objectives: tuple[ObjectiveReading, ...] = ()
    factors: tuple[FactorReading, ...] = ()
    kpis: tuple[KpiReading, ...] = ()
    rows: tuple[RowReading, ...] = ()
    sums: tuple[PrintedSum, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultReading:
    """One row of a results sheet.

    `texts` are the displayed cells by column: kpi, target, actual, achievement,
    innovation, challenge, contribution, total, light. `light` is one of our codes;
    `exemption` the text of a merged cell that exempts the KPI.
    """

    code: str
    name: str
    texts: dict[str, str]
    cell: str
    cells: dict[str, str]
    target: Figure | None = None
    actual: Figure | None = None
    achievement: Decimal | None = None
    innovation: Decimal | None = None
    challenge: Decimal | None = None
    contribution: Decimal | None = None
    total: Decimal | None = None
    light: str = "unknown"
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class ResultsReading:
    title: str
    unit_text: str
    year: int | None
    results: tuple[ResultReading, ...] = ()


@dataclass(frozen=True, slots=True)
class LightRow:
    """One perspective's counts; `label` as printed, "" code for the sum (小計).

    `cells` are the addresses of the counts by column, a light as `light-good`, and
    `notes` what stands in brackets beside one.
    """

    perspective: str
    label: str
    kpis: int
    reached: int
    not_reached: int
    no_statistics: int
    lights: dict[str, int]
    texts: tuple[str, ...]
    cell: str
    cells: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LightTableReading:
    """A light table; year and unit are found in its heads or beside it in the file."""

    title: str
    unit_text: str
    year: int | None
    objective_counts: dict[str, int] = field(default_factory=dict)
    kpi_counts: dict[str, int] = field(default_factory=dict)
    rows: tuple[LightRow, ...] = ()
    claims: tuple[Claim, ...] = ()


Reading = (
    MapReading | ScorecardReading | ResultsReading | LightTableReading | RevisionReading
)


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What became of one sheet: the form it is, its reading and its doubts.

    `form` is None, and `reading` too, for a sheet that is not read.
    """

    name: str
    form: str | None
    reading: Reading | None
    doubts: tuple[Doubt, ...] = ()
    row_count: int = 0
