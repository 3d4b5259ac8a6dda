"""What is around a workbook: is it safe to open, and is it a workbook at all?"""

import zipfile
from typing import IO

from sheets.grid import xml
from sheets.grid.kinds import HEAD, PACKED, require_kind
from sheets.grid.limits import Limits, Refused
from sheets.grid.xlsx import opened

_CHUNK = 65_536
_DIRECTORY_ENTRY = b"PK\x01\x02"
_IS_ENCRYPTED = 0x1
_CONTENT_TYPES = "[content_types].xml"
# What a package is that is no .xlsx, by a part that only it has. Macros are no
# reason to refuse one: no reader ever looks at their parts.
_OTHER_KINDS = {
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "mimetype": "odf",
}
_MANIFEST = "meta-inf/manifest.xml"
# A password is told of in the manifest: the parts themselves are noise.
_ENCRYPTION = b"encryption-data"
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def check_size(size: int, limits: Limits) -> None:
    """Raise Refused where a file has too many bytes, or none."""
    if not size:
        raise Refused("file-empty")
    if size > limits.packed:
        raise Refused("file-too-large", what="packed", limit=limits.packed)


def check_package(file: IO[bytes], file_name: str, limits: Limits) -> None:
    """Raise Refused where a file is no workbook, or is not safe to unpack.

    Every part is unpacked once, piece by piece, and nothing of it is kept: sizes
    are counted, never believed. A kind that is not packed has only its size.
    """
    size = file.seek(0, 2)
    check_size(size, limits)
    file.seek(0)
    kind = require_kind(file.read(HEAD), file_name)
    file.seek(0)
    if kind not in PACKED:
        return
    _check_directory_size(file, limits)
    with opened(file) as archive:
        entries = archive.infolist()
        names = _check_entries(entries, limits)
        if kind == "ods":
            _check_open_document(archive, names)
        else:
            _check_workbook(names)
        left = limits.unpacked
        for entry in entries:
            left -= _unpacked(archive, entry, left, limits)


def _check_directory_size(file: IO[bytes], limits: Limits) -> None:
    """Count the entries before zipfile makes an object of each of them.

    Packed bytes may look like an entry too, but never hundreds of times.
    """
    count, before = 0, b""
    while chunk := file.read(_CHUNK):
        count += (before + chunk).count(_DIRECTORY_ENTRY)
        before = chunk[-len(_DIRECTORY_ENTRY) + 1 :]
    file.seek(0)
    if count > limits.entries:
        raise Refused("too-many-entries", limit=limits.entries)


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, str]:
    """Return the names of the parts by themselves in lower case."""
    if len(entries) > limits.entries:
        raise Refused("too-many-entries", limit=limits.entries)
    names: dict[str, str] = {}
    for entry in entries:
        name = entry.filename.lower()
        # The name as it was written: zipfile cuts it at a NUL.
        written = entry.orig_filename
        steps = name.split("/")
        is_odd = any(sign in written for sign in ("\\", ":", "\0"))
        if is_odd or ".." in steps or name.startswith("/"):
            raise Refused("unsafe-entry", part=_printable(written))
        if name in names:
            raise Refused("file-broken", part=_printable(name), reason="twice")
        names[name] = entry.filename
        if entry.flag_bits & _IS_ENCRYPTED:
            raise Refused("file-encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("file-broken", part=_printable(name), reason="method")
    return names


def _check_workbook(names: dict[str, str]) -> None:
    for part, kind in _OTHER_KINDS.items():
        if part in names:
            raise Refused("file-kind", kind=kind)
    if _CONTENT_TYPES not in names:
        raise Refused("file-kind", kind="zip")


def _check_open_document(archive: zipfile.ZipFile, names: dict[str, str]) -> None:
    if "content.xml" not in names and "encrypted-package" not in names:
        raise Refused("file-kind", kind="zip")
    if _ENCRYPTION in _start_of(archive, names.get(_MANIFEST)):
        raise Refused("file-encrypted")
    if not _start_of(archive, names.get("mimetype")).startswith(_MIMETYPE):
        raise Refused("file-kind", kind="odf")


def _start_of(archive: zipfile.ZipFile, name: str | None) -> bytes:
    """Return the first bytes of a part: enough, and never too many."""
    if name is None:
        return b""
    with archive.open(name) as stream:
        return stream.read(_CHUNK)


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits
) -> int:
    """Return the unpacked bytes of one part, after it was looked through."""
    name = _printable(entry.filename)
    size = 0
    with archive.open(entry) as stream:
        is_xml = name.lower().endswith((".xml", ".rels"))
        part = xml.Checked(stream, name) if is_xml else stream
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise Refused("file-too-large", what="unpacked", limit=limits.unpacked)
            is_large = size > limits.ratio_free_bytes
            if is_large and size > limits.ratio * max(entry.compress_size, 1):
                raise Refused("packed-too-tightly", part=name, limit=limits.ratio)
    return size


def _printable(name: str) -> str:
    """Return a part's name for a message: whatever was written, on one line."""
    kept = "".join(letter if letter.isprintable() else "?" for letter in name)
    return kept[:100]
