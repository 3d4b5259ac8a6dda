"""Does a file hold a program? Such a file is read, and never given out again."""

import re
import struct
import zipfile
from typing import BinaryIO

from sheets.package.compound import IS_COMPOUND, stream_of

MACRO_ENDINGS = (".xlsm", ".xltm", ".xlsb", ".xlam", ".xla")

# Names of parts are not packed, so that a zip need not be opened to find them: macros
# of Excel, sheets of its first macro language, and Basic and scripts of OpenDocument.
# A protected file may hold anything.
_SIGNS = tuple(
    sign.lower()
    for sign in (
        b"vbaProject",
        b"xl/macrosheets/",
        b"Basic/script-lc.xml",
        b"Scripts/",
        "_VBA_PROJECT".encode("utf-16-le"),
        "VBA_PROJECT_CUR".encode("utf-16-le"),
        "EncryptedPackage".encode("utf-16-le"),
    )
)
_CHUNK = 1_048_576
_LONGEST = max(map(len, _SIGNS))
# A part may bear any name: what it is, this one says.
_KINDS = "[Content_Types].xml"
_KINDS_OF_MACROS = (b"macroenabled", b"vbaproject", b"macrosheet")
_LARGEST_KINDS = 4 * 1_048_576
# In an older workbook each sheet is told by a record: where it starts, how it is seen,
# its kind and its name. [MS-XLS] 2.4.28; kind 1 is Excel's first macro language.
_BOOKS = ("Workbook", "Book")
_RECORD = struct.Struct("<HH")
_SHEET, _END = 0x0085, 0x000A
_KIND_AT, _MACRO_SHEET = 5, 1
_TOLD_MACRO_SHEET = re.compile(rb"\x85\0(.)\0.{4}[\0-\2]\x01(.)(.)", re.DOTALL)


def may_hold_macros(file: BinaryIO, file_name: str = "") -> bool:
    """Say whether a part of `file`, open at its start, is named as macros are.

    A doubt is a yes: a file named as one with macros, a plain one that happens to hold
    such a name in its bytes, a package whose list of parts cannot be read.
    """
    if file_name.lower().endswith(MACRO_ENDINGS) or _has_macro_parts(file):
        return True
    if has_macro_sheets(file):
        return True
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        looked = before + chunk.lower()
        if any(sign in looked for sign in _SIGNS):
            return True
        before = looked[-_LONGEST:]
    return False


def has_macro_sheets(file: BinaryIO) -> bool:
    """Say whether an older workbook lists a sheet of Excel's first macro language.

    Of one too broken to walk through, anything that reads like such a line counts.
    """
    file.seek(0)
    if file.read(len(IS_COMPOUND)) != IS_COMPOUND:
        return False
    try:
        book = stream_of(file, _BOOKS) or b""
    except ValueError:
        file.seek(0)
        return any(
            _is_told(*line.groups()) for line in _TOLD_MACRO_SHEET.finditer(file.read())
        )
    return _MACRO_SHEET in _kinds_of_sheets(book)


def _kinds_of_sheets(book: bytes) -> set[int]:
    """Return the kinds of the sheets that the first records of a book list."""
    found, at = set(), 0
    while at + _RECORD.size <= len(book):
        record, length = _RECORD.unpack_from(book, at)
        at += _RECORD.size
        if record == _END:
            break
        if record == _SHEET and length > _KIND_AT and at + _KIND_AT < len(book):
            found.add(book[at + _KIND_AT])
        at += length
    return found


def _is_told(length: bytes, name: bytes, first: bytes) -> bool:
    """Say whether a record is as long as its name makes it.

    Excel 5 writes the name as bytes; later ones say first whether a letter takes two.
    """
    count = name[0]
    return length[0] in (7 + count, 8 + count * (2 if first == b"\1" else 1))


def _has_macro_parts(file: BinaryIO) -> bool:
    """Say whether a package tells of macro parts, or does not tell what it holds."""
    if not zipfile.is_zipfile(file):
        return False
    try:
        with zipfile.ZipFile(file) as parts:
            if _KINDS not in parts.namelist():
                return False
            with parts.open(_KINDS) as kinds:
                told = kinds.read(_LARGEST_KINDS + 1).lower()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return True
    return len(told) > _LARGEST_KINDS or any(kind in told for kind in _KINDS_OF_MACROS)
