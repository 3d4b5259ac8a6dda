"""Texts as forms: what a text prints in tables and lines, each form a sheet of its own.

A text has no sheets, merges or columns; it has pages with titles, headings printed
again, and lines that belong to nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from sheets.forms.readings import Doubt, SheetReading
from sheets.forms.texts.layouts import Part
from sheets.forms.texts.pages import Pages
from sheets.forms.wordings import Vocabulary
from sheets.grid import Sheet

__all__ = ["read_parts"]


def read_parts(
    sheet: Sheet,
    vocabulary: Vocabulary,
    read: Callable[[Sheet, Vocabulary], tuple[list[SheetReading], bool]],
) -> list[SheetReading]:
    """Return the readings of a text's tables and maps, each read by `read`.

    One that is not read says so itself. Empty where no form is known. A year that
    only the cover names is taken, and asked, where no title names any.
    """
    found: list[SheetReading] = []
    asked: list[tuple[int, Doubt] | None] = []
    for part in Pages(sheet, vocabulary).parts():
        if isinstance(part, Part):
            readings = part.at_home(read(part.sheet, vocabulary)[0])
            found += readings
            asked += [part.asked] * len(readings)
        else:
            found.append(part)
            asked.append(None)
    if any(each.reading is not None and each.reading.year for each in found):
        return found
    return [_asked(*each) for each in zip(found, asked, strict=True)]


def _asked(sheet: SheetReading, asked: tuple[int, Doubt] | None) -> SheetReading:
    if asked is None or sheet.reading is None:
        return sheet
    year, doubt = asked
    dated = replace(sheet.reading, year=year)
    return replace(sheet, reading=dated, doubts=(*sheet.doubts, doubt))
