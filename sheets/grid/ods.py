"""An .ods file as cells: its one part with content, read as a stream."""

from typing import IO

from sheets.grid import xml
from sheets.grid.book import Book, Sheet
from sheets.grid.draft import Draft, Used
from sheets.grid.limits import Limits, Refused
from sheets.grid.opendocument import OFFICE, STYLE, TABLE, TEXT, Contents, Row, Words
from sheets.grid.values import Values
from sheets.grid.xlsx import Package, opened

_CONTENT = "content.xml"
_TABLE = f"{TABLE} table"
_CELLS = (f"{TABLE} table-cell", f"{TABLE} covered-table-cell")
_ROW = f"{TABLE} table-row"
_COLUMN = f"{TABLE} table-column"
_PARAGRAPHS = (f"{TEXT} p", f"{TEXT} h")
_HIDDEN = ("collapse", "filter")
# What holds tables or words that are no part of what a sheet shows: notes at cells,
# drawings, cells that were deleted, what another file once said, how it is spoken.
_ASIDE = {
    f"{OFFICE} annotation",
    f"{OFFICE} forms",
    f"{TABLE} tracked-changes",
    f"{TABLE} dde-links",
    f"{TABLE} shapes",
    f"{TEXT} note",
    f"{TEXT} ruby-text",
}
_DRAWING = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_MOST_STYLES = 65_490


def read_ods(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Return an .ods file as a book. Raises Refused."""
    with opened(source) as archive, Package(archive).open(_CONTENT) as stream:
        reader = _Reader(limits)
        xml.feed(reader.parser, stream, _CONTENT)
    if not reader.sheets:
        raise Refused("file-broken", part=_CONTENT, reason="missing")
    return Book(file_name, tuple(reader.sheets), tuple(reader.used.notices))


class _Reader:
    """Follows the elements of the content, and keeps the sheets it has seen."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.parser = xml.new_parser(_CONTENT)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.sheets: list[Sheet] = []
        self.used = Used()
        self.values = Values(limits, [], [], from_1904=False)
        self.contents = Contents(self.values)
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.style_count = 0
        self.depth = self.aside = 0
        self.draft: Draft | None = None
        self.is_hidden = False
        self.row: Row | None = None
        self.next_row = self.column = 1
        self.words: Words | None = None

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise Refused("file-broken", part=_CONTENT, reason="depth")
        if self.aside:
            return
        if element in _ASIDE or element.startswith(_DRAWING):
            self.aside = self.depth
            self._listen(False)
        elif element in _CELLS:
            if self.row is not None:
                self.words = Words(self.row, attributes)
        elif element in _PARAGRAPHS:
            if self.words is not None:
                self.words.open_paragraph()
                self._listen(True)
        elif self.words is not None:
            if element == _TABLE:
                # A table inside of a cell: what it shows would be lost silently.
                raise self._broken("kind")
            self.words.take_sign(element, attributes)
        elif element == _ROW:
            self._open_row(attributes)
        elif element == _COLUMN:
            self._take_columns(attributes)
        elif element == _TABLE:
            self._open_table(attributes)
        else:
            self._take_style(element, attributes)

    def end(self, element: str) -> None:
        self.depth -= 1
        if self.aside:
            if self.depth < self.aside:
                self.aside = 0
                self._listen(self.words is not None and self.words.is_open)
        elif element in _PARAGRAPHS:
            if self.words is not None:
                self.words.close_paragraph()
            self._listen(False)
        elif element in _CELLS:
            if self.row is not None and self.words is not None:
                self.row.take(self.words, self.contents)
            self.words = None
        elif element == _ROW:
            if self.row is not None:
                self.row.place()
            self.row = None
        elif element == _TABLE and self.draft is not None:
            self.sheets.append(self.draft.sheet(self.is_hidden))
            self.draft = None

    def _listen(self, is_listening: bool) -> None:
        take = self.words.take if is_listening and self.words else None
        self.parser.CharacterDataHandler = take

    def _broken(self, reason: str) -> Refused:
        return Refused("file-broken", part=_CONTENT, reason=reason)

    def _open_table(self, attributes: dict[str, str]) -> None:
        if self.draft is not None:
            raise self._broken("kind")
        if len(self.sheets) == self.limits.sheets:
            raise Refused("too-many-sheets", limit=self.limits.sheets)
        name = Words.cleaned(attributes.get(f"{TABLE} name", ""))
        self.is_hidden = attributes.get(f"{TABLE} style-name") in self.hidden_styles
        self.draft = Draft(_CONTENT, name, self.values, self.used, self.limits)
        self.next_row = self.column = 1

    def _open_row(self, attributes: dict[str, str]) -> None:
        if self.draft is None or self.row is not None:
            raise self._broken("kind")
        count = self.contents.number(attributes, f"{TABLE} number-rows-repeated")
        self.row = Row(self.draft, self.next_row, count)
        if attributes.get(f"{TABLE} visibility") in _HIDDEN:
            last = min(self.next_row + count - 1, self.limits.rows)
            self.draft.hidden_rows.update(range(self.next_row, last + 1))
        self.next_row += count

    def _take_columns(self, attributes: dict[str, str]) -> None:
        if self.draft is None:
            return
        count = self.contents.number(attributes, f"{TABLE} number-columns-repeated")
        if attributes.get(f"{TABLE} visibility") in _HIDDEN:
            last = min(self.column + count - 1, self.limits.columns)
            self.draft.hidden_columns.update(range(self.column, last + 1))
        self.column += count

    def _take_style(self, element: str, attributes: dict[str, str]) -> None:
        """Keep the names of the styles that hide a sheet."""
        if element == f"{STYLE} style":
            self.style_count += 1
            if self.style_count > _MOST_STYLES:
                raise self._broken("xml")
            self.style = attributes.get(f"{STYLE} name", "")
        elif element == f"{STYLE} table-properties" and (
            attributes.get(f"{TABLE} display") == "false"
        ):
            self.hidden_styles.add(self.style)
