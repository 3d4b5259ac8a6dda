"""What a table of revisions (修正對照表) says, as plain values.

It states what changed between two plans, and prints no figure of its own. `before` is
the plan it revises, `after` the one it makes; `noun` is kpis, plans, objectives or
targets, "" where no heading names one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RevisedCount:
    """How many things of a perspective stood before or stand after; "" is the sum.

    `delta` is the change that a cell prints beside its count, None without one.
    """

    perspective: str
    label: str
    noun: str
    is_after: bool
    count: int
    text: str
    cell: str
    delta: int | None = None


@dataclass(frozen=True, slots=True)
class RevisedItem:
    """One thing before and after, as a row prints it.

    A code is "" on the side where the thing is not: it is new, or gone. `is_same` says
    that a row prints, in words, that nothing changes.
    """

    noun: str
    before: str
    after: str
    before_text: str
    after_text: str
    before_cell: str
    after_cell: str
    before_name: str = ""
    after_name: str = ""
    is_same: bool = False

    @property
    def cell(self) -> str:
        return self.after_cell or self.before_cell


@dataclass(frozen=True, slots=True)
class RevisedCode:
    """A thing that a cell says was renumbered: 「原EP5.1改編號EP5.2」."""

    before: str
    after: str
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class RevisedTarget:
    """The target of one KPI before or after, as printed."""

    code: str
    is_after: bool
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class RevisionReading:
    """A table of revisions; `history` are dated lines above it with their cells."""

    title: str
    unit_text: str
    year: int | None
    history: tuple[tuple[str, str], ...] = ()
    counts: tuple[RevisedCount, ...] = ()
    items: tuple[RevisedItem, ...] = ()
    codes: tuple[RevisedCode, ...] = ()
    targets: tuple[RevisedTarget, ...] = ()
