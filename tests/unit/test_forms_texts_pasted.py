"""Workbooks, sheet by sheet, pasted as a spreadsheet program copies them."""

from dataclasses import fields, is_dataclass, replace

import pytest

from sheets.grid import Sheet, read_workbook
from tests.unit.forms_texts import ROOT, WORKBOOKS, readings_of, sheets_of_workbook


def copied(sheet: Sheet) -> str:
    """Return the cells of a sheet as they are copied: tabs, and quotes around lines."""
    lines = []
    for row in range(1, sheet.row_count + 1):
        texts = list(sheet.row_texts(row))
        quoted = [
            '"' + text.replace('"', '""') + '"' if "\n" in text or '"' in text else text
            for text in texts
        ]
        lines.append("\t".join(quoted))
    return "\n".join(lines)


def without_places(value: object) -> object:
    """Return a reading as plain values, less the addresses of its cells."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: without_places(getattr(value, item.name))
            for item in fields(value)
            if item.name not in ("cell", "cells", "owners_cell")
        }
    if isinstance(value, dict):
        return {key: without_places(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [without_places(each) for each in value]
    return value


SHEETS = [
    (name, sheet.name)
    for name, sheets in ((name, sheets_of_workbook(name)) for name in WORKBOOKS)
    for sheet in sheets
    if sheet.reading is not None
]


@pytest.mark.parametrize(("name", "sheet_name"), SHEETS)
def test_a_sheet_that_is_pasted_says_what_the_workbook_says(name: str, sheet_name: str):
    path = ROOT / "fixtures" / "workbooks" / f"{name}.xlsx"
    sheet = read_workbook(path, path.name).sheet(sheet_name)
    assert sheet is not None
    (found,) = readings_of(copied(sheet))
    (expected,) = (
        each.reading for each in sheets_of_workbook(name) if each.name == sheet_name
    )
    assert expected is not None
    if found.year is None:
        # A year that only another sheet of the workbook names.
        expected = replace(expected, year=None)
    assert without_places(found) == without_places(expected)
