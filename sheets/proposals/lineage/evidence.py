"""What a table of revisions prints of KPIs, taken for an answer where it is asked."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bsc.matching import Item, Kind, Step, kpi_steps, may_be_one_measure
from bsc.periods import roc
from sheets.cells import depth_of
from sheets.forms.readings import Severity
from sheets.forms.revised import RevisionReading
from sheets.proposals.issues import Issue
from sheets.proposals.lineage.pairs import Pair

OF_A_KPI = 2
type Ends = tuple[Hashable, Hashable]


@dataclass(slots=True)
class Printed:
    """What is printed of KPIs by their keys: text and cell of each."""

    joined: dict[Ends, tuple[str, str]] = field(default_factory=dict)
    gone: dict[Hashable, tuple[str, str]] = field(default_factory=dict)
    new: dict[Hashable, tuple[str, str]] = field(default_factory=dict)


def weighed_steps(
    pair: Pair,
    earlier: list[Item],
    later: list[Item],
    given: Mapping[Ends, Kind],
    issues: list[Issue],
) -> list[Step]:
    """Return what became of KPIs, by their names and by what the file prints of it.

    What is sure by name, or confirmed by a person, stands; what is doubtful is as a
    table of revisions says, and is not asked. Each such answer is noted at its cell.
    """
    steps = kpi_steps(earlier, later, given)
    revision = pair.card.revision if pair.card.key == pair.later else None
    if revision is None or not pair.is_near:
        return steps
    sheet, reading = revision
    printed = _printed(reading, earlier, later)
    sure = [step for step in steps if not step.is_doubtful]
    taken = {end for step in sure for end in (step.earlier, step.later)}
    named = {item.key: item for item in (*earlier, *later)}
    answers = {
        ends: Kind.RENAMED for ends in printed.joined if not taken.intersection(ends)
    }
    kept = []
    for step in kpi_steps(earlier, later, {**given, **answers}):
        ends = (step.earlier, step.later)
        denied = printed.gone.get(step.earlier) or printed.new.get(step.later)
        if ends in answers:
            issues.append(_note(pair, sheet, named, ends, printed.joined[ends], "same"))
        elif step.is_doubtful and denied:
            issues.append(_note(pair, sheet, named, ends, denied, "other"))
            continue
        kept.append(step)
    return kept


def _printed(
    reading: RevisionReading, earlier: Iterable[Item], later: Iterable[Item]
) -> Printed:
    ones = {item.code: item for item in earlier}
    others = {item.code: item for item in later}
    found = Printed()
    for code in reading.codes:
        if code.before in ones and code.after in others:
            ends = (ones[code.before].key, others[code.after].key)
            found.joined[ends] = code.text, code.cell
    for item in reading.items:
        one, other = ones.get(item.before), others.get(item.after)
        if item.noun != "kpis":
            continue
        if one and other and may_be_one_measure(one, other):
            text = f"{item.before_text} → {item.after_text}"
            found.joined.setdefault((one.key, other.key), (text, item.cell))
        elif one and not item.after:
            found.gone[one.key] = f"{item.before_text} → {item.after_text}", item.cell
        elif other and not item.before:
            found.new[other.key] = f"{item.before_text} → {item.after_text}", item.cell
    return found


def _note(pair: Pair, sheet: str, named, ends: Ends, at, what: str) -> Issue:
    one, other = (named[end] for end in ends)
    text, cell = at
    told = {
        "earlier": f"{roc(pair.earlier[1])} {one.code} {one.name}",
        "later": f"{roc(pair.later[1])} {other.code} {other.name}",
        "text": text,
        "what": what,
    }
    return Issue(Severity.NOTE, sheet, cell, "lineage-printed", told)


def printed_moves(reading: RevisionReading) -> Iterator[tuple[str, str, str, str]]:
    """Yield code before, code after, text and cell of all that is printed to go on.

    Of a KPI that changes its name in its row it is not printed that it is the same.
    """
    told = set()
    for code in reading.codes:
        told.add((code.before, code.after))
        yield code.before, code.after, code.text, code.cell
    for item in reading.items:
        ends = (item.before, item.after)
        names = item.before_name, item.after_name
        is_one = depth_of(item.before or item.after) != OF_A_KPI or len({*names}) == 1
        if all(ends) and ends not in told and is_one:
            yield *ends, f"{item.before_text} → {item.after_text}", item.cell
