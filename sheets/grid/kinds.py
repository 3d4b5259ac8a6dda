"""Which kind of file this is, by its first bytes, and who reads that kind."""

import io
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO

from sheets.grid.book import Book, uncollected
from sheets.grid.csv import read_csv
from sheets.grid.limits import Limits, Refused
from sheets.grid.ods import read_ods
from sheets.grid.text import read_text
from sheets.grid.xlsx import read_xlsx

# How many of the first bytes tell the kind.
HEAD = 1_024

type Reader = Callable[[IO[bytes], str, Limits], Book]


def _read_xls(source: IO[bytes], file_name: str, limits: Limits) -> Book:
    """Read with a library, which no process loads that reads another kind."""
    reader: Reader = import_module("sheets.grid.xls").read_xls
    return reader(source, file_name, limits)


# The door for further kinds: a kind that is not here is refused as `file-kind`.
READERS: dict[str, Reader] = {
    "xlsx": read_xlsx,
    "ods": read_ods,
    "xls": _read_xls,
    "csv": read_csv,
    "text": read_text,
}
# Kinds that are parts packed together, which are looked through before they are read.
PACKED = frozenset({"xlsx", "ods"})

# What only calls itself a workbook is told so, and not read as a text.
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods", ".ots")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_IS_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_IS_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"


def file_kind(head: bytes, file_name: str) -> str:
    """Return what a file is, by its first bytes: its name only settles the rest.

    One of `xlsx` (any zip that is not named otherwise: its parts are checked
    later), `ods`, `odf` (another open document), `xls`, `encrypted`, `html`, `xml`,
    `pdf`, `csv`, `text`, `empty`, `unknown`.
    """
    suffix = Path(file_name).suffix.lower()
    if not head:
        return "empty"
    if head.startswith(_ZIP):
        if _IS_OPEN_DOCUMENT in head:
            return "ods" if _IS_ODS in head else "odf"
        return "xlsx"
    if head.startswith(_OLE):
        # A workbook with a password is packed into the frame of the old format.
        return "encrypted" if suffix in (".xlsx", ".xlsm") else "xls"
    if head.startswith(b"%PDF"):
        return "pdf"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if start.startswith(b"<?xml"):
        return "html" if b"<html" in start else "xml"
    if start.startswith(b"<"):
        return "html"
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in head and not is_wide:
        return "unknown"
    return "csv" if suffix == ".csv" else "text"


def require_kind(head: bytes, file_name: str) -> str:
    """Return the kind of a file that can be read. Raises Refused for any other."""
    kind = file_kind(head, file_name)
    if kind == "empty":
        raise Refused("file-empty")
    if kind == "encrypted":
        raise Refused("file-encrypted")
    is_misnamed = kind == "text" and file_name.lower().endswith(_WORKBOOK_NAMES)
    if kind not in READERS or is_misnamed:
        raise Refused("file-kind", kind=kind)
    return kind


def read_workbook(
    source: Path | str | bytes | IO[bytes], file_name: str, limits: Limits | None = None
) -> Book:
    """Return a file as a book, read in this process.

    For files that may be trusted, and for the process made for reading; whatever
    was uploaded goes through `sheets.package.read_safely`. Raises Refused.
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    if isinstance(source, str | Path):
        with open(source, "rb") as stream:
            return read_workbook(stream, file_name, limits)
    kind = require_kind(source.read(HEAD), file_name)
    source.seek(0)
    with uncollected():
        return READERS[kind](source, file_name, limits or Limits())
