"""The published texts and others, and what is read of them."""

from functools import cache
from pathlib import Path

from sheets.forms import read_book
from sheets.forms.readings import Reading, ScorecardReading, SheetReading
from sheets.grid import read_workbook

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests" / "truth" / "sources"
WORKBOOKS = (
    "city-109",
    "city-110",
    "group-e-109",
    "group-e-110",
    "bureau-107",
    "center-111",
    "safety-net-107",
)
CARD = "策略目標\tKPI\t111年目標值\t行動計畫"


def source(number: str) -> str:
    return next(SOURCES.glob(f"{number}_*.txt")).read_text("utf-8")


def sheets_of(text: str | bytes) -> tuple[SheetReading, ...]:
    content = text if isinstance(text, bytes) else text.encode()
    return read_book(read_workbook(content, "a.txt"))


@cache
def sheets_of_workbook(name: str) -> tuple[SheetReading, ...]:
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    return read_book(read_workbook(path, path.name))


def readings_of(text: str | bytes) -> list[Reading]:
    return [sheet.reading for sheet in sheets_of(text) if sheet.reading is not None]


def card_of(text: str) -> ScorecardReading:
    (card,) = (r for r in readings_of(text) if isinstance(r, ScorecardReading))
    return card


def doubts_of(text: str, code: str) -> list[tuple[str | None, dict]]:
    return [
        (doubt.cell, doubt.params)
        for sheet in sheets_of(text)
        for doubt in sheet.doubts
        if doubt.code == code
    ]
