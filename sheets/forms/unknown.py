"""Columns that nobody knows by their heading: what their cells look like.

Nothing is taken for granted: which column it is, a person is asked.
"""

import re
from collections.abc import Callable, Collection
from itertools import pairwise

from sheets.cells import (
    BadYear,
    depth_of,
    ends_like_unit,
    is_measure,
    light_of,
    owners_of,
    quantity_of,
    split_code,
    squashed,
    year_of,
)
from sheets.forms.blocks import Block, Spot
from sheets.forms.columns import YEARLY, perspective_of
from sheets.forms.formulas import direction_of, formula_of
from sheets.forms.headings import LONGEST, Heading, bare_heading, heading_of
from sheets.forms.readings import Doubt, Severity
from sheets.forms.wordings import BUILT_IN, Vocabulary, Wording
from sheets.grid import Sheet

ASIDE = "aside"
STAGES = ("budget", "estimate", "preliminary", "final")
_MONEY = tuple(f"budget:{stage}" for stage in STAGES)
_POINTS = ("innovation", "challenge", "contribution", "achievement", "total")
# Columns that only a sheet of results has.
_RATED = frozenset({*_POINTS, "light"})
_LOOKED_AT = 40
# So many of the cells below a heading have to say the same kind of thing.
_MOST = 0.6
_LEAST_OF_MONEY = 1_000
_MOST_POINTS = 100
# Words on both sides of a sign that reckons: (甲/乙)*100%.
_RECKONED = re.compile(r"[\u4e00-\u9fff)）]\s*[/／÷×*＊]")
_LONGEST_NAME, _LONGEST_LIGHT, _SHOWN = 20, 6, 30


def doubt_of_unknown(
    sheet: Sheet,
    block: Block,
    spot: Spot,
    taken: Collection[tuple[str, int | None, str]],
    title_year: int | None,
) -> Doubt | None:
    """Return the question which column one without a known heading is.

    `taken` are key, year and stage of the columns that the table has. None where its
    cells look like nothing that is left, or where its heading has no words that an
    answer could be kept by.
    """
    bare = bare_heading(spot.text)
    if len(spot.text) > LONGEST or not bare or bare in BUILT_IN.words:
        return None
    # What the heading would say if its words were known.
    named = heading_of(spot.text, Vocabulary({bare: Wording("target", (bare,))}))
    if named is None:
        return None
    texts = _below(sheet, block, spot.column)
    kind, columns = _kind_of(texts, block)
    year = _year(named, title_year)
    choices = [column for column in columns if _is_free(column, year, taken)]
    if not choices:
        return None
    beside = _key_beside(block, spot)
    choices.sort(key=lambda column: column.partition(":")[0] != beside)
    params = {"heading": spot.text, "kind": kind, "example": texts[0][:_SHOWN]}
    at = spot.cell.address
    return Doubt(Severity.ASK, "unknown-column", at, params, ASIDE, (ASIDE, *choices))


def _key_beside(block: Block, spot: Spot) -> str:
    """Return the column that stands before one: what is beside years may be one."""
    place = block.spots.index(spot)
    before = block.spots[place - 1].heading if place else None
    return before.key if before else ""


def _year(named: Heading, title_year: int | None) -> int | None:
    if named.year:
        try:
            return year_of(named.year)
        except BadYear:
            return None
    return None if title_year is None else title_year + (named.shift or 0)


def _is_free(
    column: str, year: int | None, taken: Collection[tuple[str, int | None, str]]
) -> bool:
    """Say whether a table has room for a column: a yearly one is of a year."""
    key, _, stage = column.partition(":")
    if key not in YEARLY:
        return all(key != other for other, _, _ in taken)
    return year is not None and (key, year, stage) not in taken


def _below(sheet: Sheet, block: Block, column: int) -> list[str]:
    """Return what the first filled cells below a heading show."""
    found: list[str] = []
    for row, cells in sheet.rows.items():
        if row <= block.last_row or column not in cells:
            continue
        text = " ".join(cells[column].text.split())
        if text and not _is_heading(block, column, text):
            found.append(text)
        if len(found) == _LOOKED_AT:
            break
    return found


def _is_heading(block: Block, column: int, text: str) -> bool:
    """Say whether a text is a heading printed again, as on every page."""
    return any(line.get(column) == squashed(text) for line in block.lines)


def _kind_of(texts: list[str], block: Block) -> tuple[str, tuple[str, ...]]:
    """Return what cells look like, and which columns that may be, the likeliest first.

    ("", ()) where they look like nothing that is known.
    """
    is_results = bool(block.keys & _RATED)
    plans = ("plan_owner",) if "plan" in block.keys else ()
    kinds: tuple[tuple[str, Callable[[str], bool], tuple[str, ...]], ...] = (
        ("perspectives", _is_perspective, ("perspective",)),
        ("objectives", _is_of_depth(1), ("objective", "factor")),
        ("plans", _is_of_depth(3), ("plan",)),
        ("measures", is_measure, ("measure",)),
        ("directions", _is_direction, ("direction",)),
        ("lights", _is_light, ("light",) if is_results else ()),
        ("owners", _names_owners, ("kpi_owner", *plans)),
        ("formulas", _is_formula, ("formula",)),
    )
    for kind, is_one, columns in kinds:
        if _are_most(texts, is_one):
            return kind, columns
    if not _are_most(texts, _is_figure) or _is_count(texts):
        return "", ()
    if is_results and _are_most(texts, _is_points):
        return "points", (*_POINTS, "target", "actual")
    if "plan" in block.keys and _are_most(texts, _is_money):
        return "money", (*_MONEY, "actual", "target")
    return "figures", ("target", "actual", *(_MONEY if plans else ()))


def _are_most(texts: list[str], is_one: Callable[[str], bool]) -> bool:
    return bool(texts) and sum(map(is_one, texts)) >= _MOST * len(texts)


def _is_perspective(text: str) -> bool:
    return bool(perspective_of(text)[0])


def _is_of_depth(depth: int) -> Callable[[str], bool]:
    def is_one(text: str) -> bool:
        coded = split_code(text)
        return bool(coded.name) and depth_of(coded.code) == depth

    return is_one


def _is_direction(text: str) -> bool:
    return len(text) > 1 and bool(direction_of(text))


def _is_light(text: str) -> bool:
    return len(text) <= _LONGEST_LIGHT and light_of(text) is not None


def _names_owners(text: str) -> bool:
    return all(
        len(name) <= _LONGEST_NAME and ends_like_unit(name) and not is_measure(name)
        for name in owners_of(text)
    )


def _is_formula(text: str) -> bool:
    formula = formula_of(text)
    return bool(formula.measure) or _RECKONED.search(formula.text) is not None


def _is_figure(text: str) -> bool:
    said = quantity_of(text)
    return said.value is not None or bool(said.absence)


def _is_points(text: str) -> bool:
    value = quantity_of(text).value
    return value is not None and 0 <= value <= _MOST_POINTS


def _is_money(text: str) -> bool:
    said = quantity_of(text)
    if said.value is None:
        return bool(said.absence)
    return said.value == 0 or said.value >= _LEAST_OF_MONEY


def _is_count(texts: list[str]) -> bool:
    """Say whether the cells count the rows: 1, 2, 3; or say nothing at all."""
    values = [quantity_of(text).value for text in texts]
    if not any(value is not None for value in values):
        return True
    numbers = [value for value in values if value is not None]
    return len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers))


def bare_columns(sheet: Sheet, block: Block) -> list[Doubt]:
    """Return a note for every column that says something below no heading at all."""
    headed = {
        column for spot in block.spots for column in range(spot.column, spot.last + 1)
    }
    found: dict[int, Doubt] = {}
    for row, cells in sheet.rows.items():
        if row <= block.last_row or cells.keys() <= headed:
            continue
        for column in cells.keys() - headed - found.keys():
            cell = cells[column]
            if text := " ".join(cell.text.split()):
                params = {"heading": "", "text": text[:_SHOWN]}
                found[column] = Doubt(
                    Severity.NOTE, "column-not-read", cell.address, params
                )
    return [found[column] for column in sorted(found)]
