"""The eight published workbooks as read, and the transcribed truth."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from sheets.forms import read_book
from sheets.forms.readings import (
    Figure,
    MapReading,
    Money,
    ScorecardReading,
    SheetReading,
)
from sheets.grid import read_workbook

ROOT = Path(__file__).resolve().parents[2]
LIGHTS = {
    "優": "excellent",
    "良": "good",
    "可": "fair",
    "差": "poor",
    "績效不明": "unknown",
}


@cache
def sheets_of(name: str) -> dict[str, SheetReading]:
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    return {sheet.name: sheet for sheet in read_book(read_workbook(path, path.name))}


@cache
def truth_of(name: str) -> dict:
    path = ROOT / "tests" / "truth" / f"{name}.json"
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


def map_of(name: str) -> MapReading:
    reading = sheets_of(name)["策略地圖"].reading
    assert isinstance(reading, MapReading)
    return reading


def scorecard_of(name: str) -> ScorecardReading:
    sheets = sheets_of(name)
    reading = sheets["KPI" if name == "safety-net-107" else "平衡計分卡"].reading
    assert isinstance(reading, ScorecardReading)
    return reading


def doubts_of(name: str, sheet: str, code: str) -> list[tuple[str | None, dict]]:
    doubts = sheets_of(name)[sheet].doubts
    return [(doubt.cell, doubt.params) for doubt in doubts if doubt.code == code]


def figure(said: Figure) -> dict:
    """Return a figure as the truth files write it: only what is printed."""
    told = {"text": said.text, "value": said.value}
    told |= {"comparator": said.comparator} if said.comparator else {}
    return told | ({"note": said.note} if said.note else {})


def money(said: Money) -> dict:
    return {"text": said.text, "value": said.amount}


def by_roc_year(values: dict) -> dict:
    return {str(year - 1911): figure(value) for year, value in values.items()}
