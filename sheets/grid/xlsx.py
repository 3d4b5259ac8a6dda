"""A workbook's parts: which sheets it has, its formats and its shared texts."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from sheets.grid import texts, xml
from sheets.grid.book import Book, Sheet
from sheets.grid.draft import Draft, Used
from sheets.grid.formats import BUILT_IN_CODES, NumberFormat, number_format
from sheets.grid.limits import Limits, Refused
from sheets.grid.usual import Unusual, read_usual
from sheets.grid.values import SharedText, Values
from sheets.grid.worksheet import follow

_WORKBOOK = "xl/workbook.xml"
_MOST_STYLES = 65_490  # Excel's own bound
_TRUE = ("1", "true")
# Damaged bytes, an unknown packing, an encrypted entry, a place before the start.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    relation: str
    is_hidden: bool


class Package:
    """The parts of one zip package, found by name as Excel finds them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def has(self, part: str) -> bool:
        return part.lower() in self._names

    def open(self, part: str) -> IO[bytes]:
        """Open a part. Raises Refused where there is none."""
        try:
            return self.archive.open(self._names[part.lower()])
        except KeyError:
            raise Refused("file-broken", part=part, reason="missing") from None

    def relations(self, part: str, depth: int) -> dict[str, _Relation]:
        """Return what a part points at inside the package, by id; links stay out."""
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, _Relation] = {}
        if not self.has(source):
            return found

        def start(element: str, attributes: dict[str, str]) -> None:
            is_link = attributes.get("TargetMode", "").lower() == "external"
            if element == "Relationship" and not is_link:
                target = attributes.get("Target", "")
                path = posixpath.normpath(posixpath.join("/", folder, target))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = _Relation(kind, path.lstrip("/"))

        with self.open(source) as stream:
            xml.read_tags(stream, source, depth, start)
        return found

    def workbook(self, depth: int) -> str:
        """Return the name of the part that lists the sheets."""
        for relation in self.relations("", depth).values():
            if relation.kind == "officeDocument":
                return relation.target
        return _WORKBOOK


@contextmanager
def opened(source: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever zipfile finds wrong with it, then or later, is Refused."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except Refused:
        raise
    except _ZIP_ERRORS as error:
        raise Refused("file-broken", part="", reason="zip") from error


def read_xlsx(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Return an .xlsx file as a book. Raises Refused."""
    with opened(source) as archive:
        return _read_book(Package(archive), file_name, limits)


def _read_book(package: Package, file_name: str, limits: Limits) -> Book:
    part = package.workbook(limits.depth)
    relations = package.relations(part, limits.depth)
    entries, from_1904 = _read_entries(package, part, limits)
    by_kind = {relation.kind: relation.target for relation in relations.values()}
    formats: list[NumberFormat] = []
    if "styles" in by_kind:
        formats = _read_formats(package, by_kind["styles"], limits)
    shared: list[SharedText] = []
    if "sharedStrings" in by_kind:
        shared = _read_shared(package, by_kind["sharedStrings"], limits)
    values = Values(limits, formats, shared, from_1904)
    used = Used()
    sheets = []
    for entry in entries:
        relation = relations.get(entry.relation)
        if relation is None:
            raise Refused("file-broken", part=entry.name, reason="missing")
        if relation.kind != "worksheet":
            # A sheet that is one chart has no cells.
            sheets.append(Sheet(entry.name, {}, is_hidden=entry.is_hidden))
            continue
        draft = _read_sheet(package, relation.target, entry.name, values, used, limits)
        sheets.append(draft.sheet(entry.is_hidden))
        used = draft.used
    return Book(file_name, tuple(sheets), tuple(used.notices))


def _read_sheet(
    package: Package, part: str, name: str, values: Values, used: Used, limits: Limits
) -> Draft:
    """Return a draft with all that the part of one sheet has; `used` stays as is."""
    draft = Draft(part, name, values, used.copy(), limits)
    try:
        with package.open(part) as stream:
            read_usual(stream, draft)
    except Unusual:
        draft = Draft(part, name, values, used.copy(), limits)
        with package.open(part) as stream:
            xml.feed(follow(draft), stream, part)
    return draft


def _read_entries(
    package: Package, part: str, limits: Limits
) -> tuple[list[_Entry], bool]:
    """Return the sheets in order, and whether days are counted from 1904."""
    entries: list[_Entry] = []
    from_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if element == "workbookPr":
            from_1904 = attributes.get("date1904", "").lower() in _TRUE
        elif element == "sheet":
            if len(entries) == limits.sheets:
                raise Refused("too-many-sheets", limit=limits.sheets)
            name, _ = texts.clean(attributes.get("name", ""))
            state = attributes.get("state", "visible")
            entries.append(_Entry(name, attributes.get("id", ""), state != "visible"))

    with package.open(part) as stream:
        xml.read_tags(stream, part, limits.depth, start)
    if not entries:
        raise Refused("file-broken", part=part, reason="missing")
    return entries, from_1904


def _read_formats(package: Package, part: str, limits: Limits) -> list[NumberFormat]:
    """Return the number format of each cell style, in the order of their ids."""
    codes = dict(BUILT_IN_CODES)
    styles: list[str] = []
    inside = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if element in ("numFmts", "cellXfs"):
            inside = element
        elif element == "numFmt" and inside == "numFmts":
            codes[_number_id(attributes)] = attributes.get("formatCode", "General")
        elif element == "xf" and inside == "cellXfs":
            styles.append(str(_number_id(attributes)))
            if len(styles) > _MOST_STYLES:
                raise Refused("file-broken", part=part, reason="xml")

    def end(element: str) -> None:
        nonlocal inside
        if element == inside:
            inside = ""

    with package.open(part) as stream:
        xml.read_tags(stream, part, limits.depth, start, end)
    return [number_format(codes.get(int(style), "General")) for style in styles]


def _number_id(attributes: dict[str, str]) -> int:
    text = attributes.get("numFmtId", "0")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _read_shared(package: Package, part: str, limits: Limits) -> list[SharedText]:
    """Return the texts that cells share, cleaned, each with its notice."""
    shared: list[SharedText] = []
    pieces: list[str] = []
    depth = length = 0
    # Above a Chinese or Japanese text may stand how it is spoken, which is no text.
    is_spoken = False

    def take(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)
        if length > limits.cell_characters:
            raise Refused(
                "text-too-long", sheet="", cell="", limit=limits.cell_characters
            )

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth, is_spoken, length
        depth += 1
        if depth > limits.depth:
            raise Refused("file-broken", part=part, reason="depth")
        element = name.rpartition(" ")[2]
        if element == "t":
            parser.CharacterDataHandler = None if is_spoken else take
        elif element == "si":
            pieces.clear()
            length = 0
        elif element == "rPh":
            is_spoken = True

    def end(name: str) -> None:
        nonlocal depth, is_spoken
        depth -= 1
        element = name.rpartition(" ")[2]
        if element == "t":
            parser.CharacterDataHandler = None
        elif element == "rPh":
            is_spoken = False
        elif element == "si":
            if len(shared) == limits.filled_cells:
                raise Refused("too-many-cells", limit=limits.filled_cells)
            shared.append(texts.clean("".join(pieces)))

    parser = xml.new_parser(part)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with package.open(part) as stream:
        xml.feed(parser, stream, part)
    return shared
