"""The card of the centre with a row a year or kind, and with a sheet a perspective."""

from collections.abc import Iterator

import openpyxl

from tests.unit.ugly import COLUMNS, TITLE, Row, lines, plain_words

ACTUAL = ("108", "109", "110")
TARGET = ("111", "112", "113")
YEARS = ACTUAL + TARGET
PLAIN = ("objective", "factor", "kpi", "formula", "kpi_owner", "plan", "plan_owner")

BY_YEAR = (
    *("objective", "factor", "kpi", "formula", "year", "actual", "target"),
    *("kpi_owner", "plan", "budget 111", "budget 112", "plan_owner"),
)
BY_KIND = (
    *("objective", "factor", "kpi", "formula", "kind", *YEARS),
    *("kpi_owner", "plan", "budget 111", "budget 112", "plan_owner"),
)
BY_BOTH = (
    *("objective", "factor", "kpi", "formula", "kind", "year", "value"),
    *("kpi_owner", "plan", "budget 111", "budget 112", "plan_owner"),
)


def long_words(key: str, year: str) -> tuple[str, ...]:
    """Return the heading of a column whose rows name their year or kind."""
    words = {
        "year": "年度",
        "actual": "實際值",
        "target": "目標值",
        "kind": "類別",
        "value": "數值",
    }
    if key in YEARS:
        return (f"{key}年",)
    return (words[key],) if key in words else plain_words(key, year)


def by_year() -> Iterator[tuple[str, Row]]:
    """Yield a row for each KPI and year; what is no figure stands in every row."""
    for band, line in lines():
        for year in YEARS:
            kind = "actual" if year in ACTUAL else "target"
            row = {key: line[key] for key in PLAIN}
            row |= {"year": year, kind: line[f"{kind} {year}"]}
            yield band, _with_money(row, line, year)


def by_year_once() -> Iterator[tuple[str, Row]]:
    """Yield a row for each KPI and year; a KPI is printed in the first of its rows."""
    before = ""
    for band, row in by_year():
        kpi = row["kpi"]
        if kpi == before:
            row |= dict.fromkeys(("kpi", "formula", "kpi_owner", "plan"), "")
            row["plan_owner"] = ""
        before = kpi
        yield band, row


def by_kind() -> Iterator[tuple[str, Row]]:
    """Yield a row for the targets and one for the actuals of each KPI."""
    for band, line in lines():
        for kind, word, years in (
            ("target", "目標值", TARGET),
            ("actual", "實際值", ACTUAL),
        ):
            row = {key: line[key] for key in PLAIN}
            row |= {"kind": word, **{year: line[f"{kind} {year}"] for year in years}}
            row |= {"budget 111": line["budget 111"], "budget 112": line["budget 112"]}
            yield band, row


def by_both() -> Iterator[tuple[str, Row]]:
    """Yield a row for each figure: its kind, its year and its value."""
    for band, row in by_year():
        for kind, word in (("actual", "實際"), ("target", "目標")):
            if kind in row:
                yield band, row | {"kind": word, "value": row[kind]}


def _with_money(row: Row, line: Row, year: str) -> Row:
    if year in ("111", "112"):
        row[f"budget {year}"] = line[f"budget {year}"]
    return row


def parted(title: str = TITLE) -> openpyxl.Workbook:
    """Return the card with a sheet for each perspective, named like it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for band, line in lines():
        if band not in book.sheetnames:
            sheet = book.create_sheet(band)
            sheet.append([title])
            words = (plain_words(*f"{key} ".split(" ")[:2]) for key in COLUMNS)
            sheet.append([word for (word,) in words])
        book[band].append([line[key] for key in COLUMNS])
    return book
