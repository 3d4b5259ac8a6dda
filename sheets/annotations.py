"""The workbook that a person gets back: what was read, with each doubt at its cell.

It is made anew from the cells that were read, and never from the uploaded file:
whatever else that file held, macros, links, formulas, pictures, is not in it. A text
stays a text, however it begins.
"""

import io
import re
from collections.abc import Iterable, Iterator
from copy import copy
from decimal import Decimal
from pathlib import PurePath

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from sheets import messages
from sheets.choices import choice_in_words
from sheets.doubts import SEVERITY_WORDS
from sheets.forms import OWN_LIST
from sheets.forms.readings import Severity
from sheets.grid import Book, Cell, Sheet, column_letters, position

AUTHOR = "Dengta"
# The list has a title above its column headings.
HEADS_ROW = 2
# What Excel allows.
LONGEST_TITLE, LONGEST_TEXT = 31, 32_767
FORBIDDEN = re.compile(r"[\\*?:/\[\]']")
# Excel keeps no number more exactly; a longer one stays text.
DIGITS = 15
FIGURE = re.compile(
    r"-?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?P<percent>%?)"
)
# Numbers of Unicode that are no characters: XML has no place for them.
NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 6, 36
TITLE_FONT = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
# As the page has them, for those who see colours; the comment says it in words.
FILLS = {
    severity: PatternFill("solid", fgColor=colour)
    for severity, colour in {
        Severity.ERROR: "F8E7E6",
        Severity.ASK: "E8F0F1",
        Severity.WARN: "FBF3DF",
        Severity.NOTE: "EBEDEE",
    }.items()
}

type Doubted = dict[tuple[int, int], list[tuple[int, dict]]]


def annotated_name(file_name: str) -> str:
    """Return what the copy of a file is called."""
    stem = PurePath(file_name).stem or gettext("file")
    return gettext("%(name)s (with comments).xlsx") % {"name": stem}


class _Styles:
    """How cells are written, each kind made once: Excel's styles are slow to make."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, bool], StyleArray] = {}

    def put(self, to: BookCell, code: str, *, is_quoted: bool = False) -> None:
        """Give a cell the number format `code`, or the style of texts for ""."""
        style = self.known.get((code, is_quoted))
        if style is None:
            if code:
                to.number_format = code
            else:
                to.alignment = WRAPPED
                to.quotePrefix = is_quoted
            style = self.known[code, is_quoted] = to._style
        to._style = style


def annotated(book: Book, issues: Iterable[dict]) -> io.BytesIO:
    """Return the bytes of the copy; `issues` are numbered from 1 in their order."""
    told = list(enumerate(issues, 1))
    made = Workbook()
    made.remove(made.active)
    titles = _titles([sheet.name for sheet in book.sheets])
    styles = _Styles()
    for sheet, title in zip(book.sheets, titles, strict=False):
        _copy(sheet, made.create_sheet(title), _doubts_of(sheet, told), styles)
    listed = made.create_sheet(titles[-1])
    _list(
        listed,
        told,
        styles,
        {s.name: t for s, t in zip(book.sheets, titles, strict=False)},
    )
    if all(sheet.is_hidden for sheet in book.sheets):
        made.active = len(titles) - 1
    written = io.BytesIO()
    made.save(written)
    written.seek(0)
    return written


def _titles(names: list[str]) -> list[str]:
    """Return a name that Excel takes for each sheet, and one for the list at the end.

    No two are the same, whatever their letters' case.
    """
    taken: set[str] = set()
    titles = []
    for name in [*names, gettext("Doubts")]:
        plain = FORBIDDEN.sub(" ", _clean(name))[:LONGEST_TITLE].strip()
        title = plain or gettext("Sheet")
        number = 1
        while title.casefold() in taken:
            number += 1
            title = f"{plain[: LONGEST_TITLE - 5]} {number}".strip()
        taken.add(title.casefold())
        titles.append(title)
    return titles


def _doubts_of(sheet: Sheet, told: list[tuple[int, dict]]) -> Doubted:
    """Return the doubts of a sheet by cell; one of a merged cell by the merge's first."""
    found: Doubted = {}
    for number, issue in told:
        if issue["sheet"] == sheet.name and issue["cell"]:
            row, column = position(issue["cell"])
            merge = sheet.merged_into(row, column)
            place = (merge.first_row, merge.first_column) if merge else (row, column)
            found.setdefault(place, []).append((number, issue))
    return found


def _copy(sheet: Sheet, to: Worksheet, doubts: Doubted, styles: _Styles) -> None:
    covered = set()
    for merge in sheet.merges:
        # A merge may claim a million rows; what lies outside of the cells is dropped.
        last_row = min(merge.last_row, sheet.row_count)
        last_column = min(merge.last_column, sheet.column_count)
        block = {
            (row, column)
            for row in range(merge.first_row, last_row + 1)
            for column in range(merge.first_column, last_column + 1)
        }
        if len(block) < 2 or block & covered:
            continue
        covered |= block
        first = f"{column_letters(merge.first_column)}{merge.first_row}"
        last = f"{column_letters(last_column)}{last_row}"
        to.merged_cells.add(f"{first}:{last}")
    widths: dict[int, int] = {}
    for cell in sheet:
        _write(to.cell(cell.row, cell.column), cell, styles)
        if (cell.row, cell.column) not in covered:
            width = max(map(_width, cell.text.splitlines()), default=0)
            widths[cell.column] = max(widths.get(cell.column, 0), width)
    for (row, column), found in doubts.items():
        _annotate(to.cell(row, column), found)
    for column in range(1, sheet.column_count + 1):
        width = min(max(widths.get(column, 0) + 2, NARROWEST), WIDEST)
        to.column_dimensions[column_letters(column)].width = width
    for row in sheet.hidden_rows:
        if row <= sheet.row_count:
            to.row_dimensions[row].hidden = True
    for column in sheet.hidden_columns:
        if column <= sheet.column_count:
            to.column_dimensions[column_letters(column)].hidden = True
    if sheet.is_hidden:
        to.sheet_state = "hidden"


def _width(text: str) -> int:
    """Return about how many narrow letters are as wide as a text."""
    return len(text) if text.isascii() else 2 * len(text)


def _write(to: BookCell, cell: Cell, styles: _Styles) -> None:
    """Write a number as a number where its format is plain, all else as displayed."""
    code = format_of(cell)
    if code:
        to.value = cell.value
        styles.put(to, code)
    else:
        _write_text(to, cell.text, styles)


def _write_text(to: BookCell, text: str, styles: _Styles) -> None:
    """Write a text as text: what begins like a formula stays one, also once edited."""
    to.value = _clean(text)[:LONGEST_TEXT]
    to.data_type = "s"
    styles.put(to, "", is_quoted=text.startswith(FORMULA_SIGNS))


def format_of(cell: Cell) -> str:
    """Return the format by which a number shows the text that was read; "" for none."""
    if not isinstance(cell.value, Decimal):
        return ""
    match = FIGURE.fullmatch(cell.text)
    if match is None or len(cell.value.normalize().as_tuple().digits) > DIGITS:
        return ""
    decimals = len(match["decimals"] or "")
    shown = Decimal(cell.text.replace(",", "").rstrip("%"))
    value = cell.value * 100 if match["percent"] else cell.value
    if abs(shown - value) * 2 > Decimal(1).scaleb(-decimals):
        return ""
    whole = "#,##0" if "," in match["whole"] else "0"
    return whole + ("." + "0" * decimals if decimals else "") + match["percent"]


def _annotate(to: BookCell, found: list[tuple[int, dict]]) -> None:
    worst = min((Severity(issue["severity"]) for _, issue in found), key=_rank)
    to._style = copy(to._style)
    to.fill = FILLS[worst]
    words = "\n".join(_words(number, issue) for number, issue in found)
    to.comment = Comment(words, AUTHOR, height=32 + 24 * len(words) // 18, width=320)


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)


def _words(number: int, issue: dict) -> str:
    """Return a doubt as its comment says it: number, severity, sentence, answer."""
    severity, text, default = _told(issue)
    words = f"{number} {severity}: {text}"
    return words + (f"\n→ {default}" if default else "")


def _told(issue: dict) -> tuple[str, str, str]:
    params = issue.get("params", {})
    text = messages.message(issue["code"], params)
    answer = issue.get("answer")
    done = (
        choice_in_words(issue["code"], answer, params)
        if answer
        else messages.default_in_words(issue["default"])
    )
    severity = str(SEVERITY_WORDS[Severity(issue["severity"])])
    return severity, _clean(text), _clean(done)


def _list(
    to: Worksheet,
    told: list[tuple[int, dict]],
    styles: _Styles,
    titles: dict[str, str],
) -> None:
    """Write all doubts below each other, each with a link to its cell."""
    heads = (
        gettext("No."),
        gettext("Severity"),
        gettext("Sheet"),
        gettext("Cell"),
        gettext("Doubt"),
        gettext("Answer or default"),
    )
    title = gettext("the doubts of this file; this sheet is not read again")
    _write_text(to["A1"], f"{OWN_LIST} {title}", styles)
    to.merged_cells.add("A1:F1")
    for row, texts in enumerate(_listed(heads, told), HEADS_ROW):
        for column, text in enumerate(texts, 1):
            cell = to.cell(row, column)
            if isinstance(text, int):
                cell.value = text
            else:
                _write_text(cell, text, styles)
            if row == HEADS_ROW:
                cell._style = copy(cell._style)
                cell.font = TITLE_FONT
    for row, (_, issue) in enumerate(told, HEADS_ROW + 1):
        if issue["cell"] and issue["sheet"] in titles:
            place = f"'{titles[issue['sheet']]}'!{issue['cell']}"
            to.cell(row, 4).hyperlink = Hyperlink(ref=f"D{row}", location=place)
    for letter, width in zip("ABCDEF", (6, 8, 18, 8, 64, 40), strict=True):
        to.column_dimensions[letter].width = width
    to.freeze_panes = f"A{HEADS_ROW + 1}"


def _listed(
    heads: tuple[str, ...], told: list[tuple[int, dict]]
) -> Iterator[tuple[str | int, ...]]:
    yield heads
    for number, issue in told:
        severity, text, done = _told(issue)
        place = issue["sheet"] or "", issue["cell"] or ""
        yield number, severity, *place, text, done


def _clean(text: str) -> str:
    """Return a text without the characters that no workbook may hold."""
    return NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
