"""One KPI's row on the entry pages: what it is, its last years, its boxes, its state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bsc.models import Evidence
from bsc.numbers import plain, roc_year
from kpi.boards.entry_drawings import Spark, spark
from kpi.boards.entry_fields import (
    EXPLAINING,
    NUMBERS,
    POINTS,
    Field,
    Fraction,
    fields_of,
    fraction_of,
)
from kpi.boards.entry_known import YEARS_BACK, Known
from kpi.boards.entry_live import Live, live_of, moment_text
from kpi.entries import Definition, Kind
from kpi.formula import Asked
from kpi.models import Entry, Kpi, Target
from kpi.models.figures import State
from kpi.scoring import Absence, Direction
from kpi.services.refusals import Conflict
from kpi.wording import ABSENCES

# A number with few signs may stand in a column; a longer text is words.
_LONGEST_FIGURE = 9


@dataclass(frozen=True, slots=True)
class PastCell:
    """What one year printed: a figure, or the words for why there is none."""

    year: str
    text: str
    nothing: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file given for a figure."""

    pk: int
    name: str
    size: str
    by: str


@dataclass(frozen=True, slots=True)
class StepView:
    """The last step that the row speaks of: returned, sent, checked, approved."""

    action: str
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One KPI with all that stands in its row.

    `state` is that of its entry, "" where nothing was typed, "in-force" where only an
    approved figure from elsewhere stands. `figure` are the boxes of the figure
    itself; the others stand by what they are for.
    """

    pk: int
    code: str
    name: str
    url: str
    objective: str
    measure: str
    direction: str
    is_unconfirmed: bool
    plans: tuple[str, ...]
    formula: str
    notes: tuple[str, ...]
    past: tuple[PastCell, ...]
    target: str
    target_year: str
    spark: Spark | None
    fraction: Fraction | None
    is_asked: bool
    figure: tuple[Field, ...]
    text: Field | None
    reached: Field | None
    absence: Field | None
    reason: Field | None
    months: Field | None
    points: tuple[Field, ...]
    basis: Field | None
    light: Field | None
    explaining: Mapping[str, Field]
    late: Field | None
    state: str
    state_words: str
    entry_pk: int | None
    step: StepView | None
    editor: str
    live: Live
    evidence: tuple[EvidenceView, ...]
    may_edit: bool
    may_recall: bool
    may_sign: bool
    conflict: "ConflictView | None" = None

    @property
    def prefix(self) -> str:
        return f"k{self.pk}"

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Every box in the order of filling."""
        others = (self.text, self.reached, self.absence, self.reason, self.months)
        ends = (self.basis, self.light, self.late, *self.explaining.values())
        found = (*self.figure, *others, *self.points, *ends)
        return tuple(field for field in found if field is not None)

    @property
    def is_open(self) -> bool:
        """Whether the figure is still to be sent by the section."""
        return self.state in ("", Entry.State.DRAFT, Entry.State.RETURNED)

    @property
    def is_to_explain(self) -> bool:
        """Whether the boxes of the explanation are shown: asked for, or filled."""
        return self.live.is_explained or any(
            field.text for field in self.explaining.values()
        )

    @property
    def is_unexplained(self) -> bool:
        """Whether words are asked for that are not there yet."""
        return any(box in self.live.needs for box, _words in self.live.lacking)

    @property
    def is_other_shown(self) -> bool:
        """Whether the boxes beside the figure are shown without being asked for."""
        others = (self.absence, self.reason, self.months)
        return any(
            field is not None and (field.text or field.errors) for field in others
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A box that two people filled differently."""

    name: str
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Who wrote in between, when, and what; `mine` is what this person typed."""

    who: str
    at: str
    version: int
    differences: tuple[Difference, ...]


def row_of(
    kpi: Kpi,
    known: Known,
    *,
    may_edit: bool,
    may_sign: bool,
    editor: str = "",
    typed: Mapping[str, str] | None = None,
    conflict: Conflict | None = None,
) -> EntryRow:
    """Return the row of one KPI; no queries.

    `typed` stands in its boxes where it was not kept, as after a conflict.
    """
    definition = known.definitions[kpi.pk]
    entry = known.entries.get(kpi.pk)
    live = live_of(kpi, definition, entry, known.rules[kpi.pk], typed=typed)
    boxes = typed if typed is not None else (entry.typed if entry else {})
    wrong: dict[str, tuple[str, ...]] = {}
    for name, words in live.errors:
        wrong[name] = (*wrong.get(name, ()), words)
    fields = fields_of(definition, boxes, prefix=f"k{kpi.pk}", errors=wrong)
    state = _state(kpi, entry, known)
    is_open = state in ("", Entry.State.DRAFT, Entry.State.RETURNED)
    target = known.targets.get(kpi.pk)
    return EntryRow(
        pk=kpi.pk,
        code=kpi.code,
        name=kpi.name,
        url=kpi.get_absolute_url(),
        objective=f"{kpi.objective.code} {kpi.objective.name}",
        measure=kpi.measure,
        direction=direction_words(kpi.direction),
        is_unconfirmed=kpi.direction == Direction.UNCONFIRMED,
        plans=known.plans.get(kpi.pk, ()),
        formula=kpi.formula_text,
        notes=tuple(str(note) for note in kpi.notes),
        past=past_cells(kpi, known),
        target=target_words(target),
        target_year=_("%(year)s target") % {"year": roc_year(known.period.year)},
        spark=_spark(kpi, known, definition, entry),
        fraction=fraction_of(definition, fields),
        is_asked=isinstance(definition.formula, Asked),
        figure=_of(fields, NUMBERS),
        text=_only(fields, Kind.TEXT),
        reached=_only(fields, Kind.REACHED),
        absence=_only(fields, Kind.ABSENCE),
        reason=_only(fields, Kind.REASON),
        months=_only(fields, Kind.MONTHS),
        points=_of(fields, POINTS),
        basis=_only(fields, Kind.BASIS),
        light=_only(fields, Kind.LIGHT),
        explaining={
            field.name: field for field in fields.values() if field.kind in EXPLAINING
        },
        late=_only(fields, Kind.LATE_REASON),
        state=state,
        state_words=_state_words(state),
        entry_pk=entry.pk if entry else None,
        step=_step(entry, known),
        editor=editor,
        live=live,
        evidence=evidence_views(known.evidence.get(entry.pk, ()) if entry else ()),
        may_edit=may_edit and is_open,
        may_recall=may_edit and state == Entry.State.SUBMITTED,
        may_sign=may_sign and state in (Entry.State.SUBMITTED, Entry.State.CHECKED),
        conflict=_conflict_view(conflict, fields),
    )


def _conflict_view(
    conflict: Conflict | None, fields: Mapping[str, Field]
) -> ConflictView | None:
    if conflict is None:
        return None
    theirs = conflict.entry.typed
    return ConflictView(
        who=str(conflict.params["who"] or ""),
        at=str(conflict.params["at"]),
        version=conflict.entry.version,
        differences=tuple(
            Difference(
                name,
                fields[name].label if name in fields else name,
                theirs.get(name, ""),
                conflict.typed[name],
            )
            for name in conflict.differs
        ),
    )


def _state(kpi: Kpi, entry: Entry | None, known: Known) -> str:
    if entry is not None:
        return str(entry.state)
    return "in-force" if kpi.is_in_force else ""


def _state_words(state: str) -> str:
    if state == "in-force":
        return _("in force, as published")
    return str(State(state).label) if state else _("not yet reported")


def _step(entry: Entry | None, known: Known) -> StepView | None:
    if entry is None:
        return None
    step = known.steps.get(entry.kpi_id)
    if step is None:
        return None
    return StepView(step.action, step.by, moment_text(step.at), step.note)


def _of(fields: Mapping[str, Field], kinds: frozenset[Kind]) -> tuple[Field, ...]:
    return tuple(field for field in fields.values() if field.kind in kinds)


def _only(fields: Mapping[str, Field], kind: Kind) -> Field | None:
    return next((field for field in fields.values() if field.kind == kind), None)


def direction_words(direction: str) -> str:
    """Return which way is better, in the few words of a row."""
    return {
        Direction.POSITIVE: _("higher is better"),
        Direction.NEGATIVE: _("lower is better"),
    }.get(Direction(direction), _("higher is better (unconfirmed)"))


def target_words(target: Target | None) -> str:
    """Return a target as printed, else its words or value; empty where there is none."""
    if target is None:
        return ""
    if target.printed or target.text or target.value is None:
        return target.printed or target.text
    return target.comparator + plain(target.value, grouped=True)


def past_cells(kpi: Kpi, known: Known) -> tuple[PastCell, ...]:
    """Return what the last years printed, oldest first."""
    years = range(known.period.year - YEARS_BACK, known.period.year)
    return tuple(_past_cell(kpi, year, known) for year in years)


def _past_cell(kpi: Kpi, year: int, known: Known) -> PastCell:
    heading = _("%(year)s actual") % {"year": roc_year(year)}
    statement = known.statements.get((kpi.series_id, str(year)))
    if statement is not None:
        if statement.absence:
            words = str(ABSENCES[Absence(statement.absence)])
            return PastCell(heading, "", words, statement.note)
        text = (
            statement.text.removesuffix("%") if kpi.measure == "%" else statement.text
        )
        return _as_cell(heading, text, statement.note)
    value = _past_value(kpi, year, known)
    if value is None:
        return PastCell(heading, "", _("not published"))
    places = len(plain(value).partition(".")[2])
    return PastCell(heading, plain(value, max(places, kpi.decimals), grouped=True))


def _past_value(kpi: Kpi, year: int, known: Known) -> Decimal | None:
    """Return the figure in force of an earlier year, where it is a number."""
    past = known.definitions[kpi.pk].past
    return next((one.value for one in past if one.year == year), None)


def _as_cell(heading: str, text: str, note: str) -> PastCell:
    if len(text) > _LONGEST_FIGURE:
        return PastCell(heading, "", text, note)
    return PastCell(heading, text, "", note)


def _spark(
    kpi: Kpi, known: Known, definition: Definition, entry: Entry | None
) -> Spark | None:
    years = range(known.period.year - YEARS_BACK, known.period.year)
    past = [_number(kpi, year, known) for year in years]
    now = entry.value if entry else None
    return spark(past, definition.goal, now)


def _number(kpi: Kpi, year: int, known: Known) -> Decimal | None:
    statement = known.statements.get((kpi.series_id, str(year)))
    if statement is not None:
        return statement.value
    return _past_value(kpi, year, known)


def evidence_views(files: Iterable[Evidence]) -> tuple[EvidenceView, ...]:
    """Return the files of a figure, oldest first."""
    return tuple(
        EvidenceView(one.pk, one.name, size_text(one.size), str(one.uploaded_by))
        for one in files
    )


def size_text(size: int) -> str:
    """Return how large a file is: 12 KB, 3.4 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round_up(size, 1024))} KB"
    return f"{plain(Decimal(size) / (1024 * 1024), 1)} MB"


def round_up(size: int, step: int) -> int:
    return -(-size // step)
