"""Packages of Word, Excel, Writer and Calc: looked through, and without their authors.

Nothing is unpacked before the list of its entries has been checked.
"""

import io
import re
import zipfile
from pathlib import PurePath
from xml.etree import ElementTree

from bsc.evidence.kinds import KINDS, MEGABYTE, Refused

MOST_ENTRIES = 2000
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 200
# So small that nobody is harmed, however well it packs.
_HARMLESS = MEGABYTE
_LONGEST_LIST = 2 * MEGABYTE
_EMBEDDED_DEPTH = 1

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {
    ".docx": "wordprocessingml.document.main+xml",
    ".xlsx": "spreadsheetml.sheet.main+xml",
}
_PROGRAMS = re.compile(
    r"(^|/)(vba(project|data)[^/]*|activex/.*|macrosheets/.*|.*\.(bin|exe|dll|js|vbs|"
    r"bat|cmd|ps1|jar|scr|com|hta|html?|svg))$|^(basic|scripts)/.+",
    re.IGNORECASE,
)
# Excel keeps how a page is printed in .bin files: they are no programs.
_PRINTERS = re.compile(
    r"^(xl|word)/printerSettings/printerSettings\d*\.bin$", re.IGNORECASE
)
_FETCHED = ("attachedTemplate", "oleObject", "frame", "subDocument")
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What tells who wrote it and where; the parts stay, so that nothing points to nothing.
_BLANKS = {
    "docProps/core.xml": _HEAD
    + f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>',
    "docProps/app.xml": _HEAD + f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    "docProps/custom.xml": _HEAD + f'<Properties xmlns="{_OFFICE}/custom-properties"/>',
    "meta.xml": _HEAD
    + '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
    'office:1.0" office:version="1.2"><office:meta/></office:document-meta>',
}
# Names beside remarks and tracked changes; the remarks themselves stay.
_AUTHORS = (
    re.compile(rb'(\b(?:w|w15|w16du|x15|xr):author=")[^"]*(")'),
    re.compile(rb'(\bw:initials=")[^"]*(")'),
    re.compile(rb"(<author>)[^<]*(</author>)"),
    re.compile(rb"(<dc:creator>)[^<]*(</dc:creator>)"),
    re.compile(rb'(\bdisplayName=")[^"]*(")'),
    re.compile(rb'(\buserId=")[^"]*(")'),
    re.compile(rb'(<fileSharing\b[^>]*\buserName=")[^"]*(")'),
    # The folder it was last saved in, which bears the name of an account.
    re.compile(rb'(absPath\b[^>]*\burl=")[^"]*(")'),
)
# What a camera writes into a picture: where, when and by whose hands it was taken.
_JPEG = re.compile(r"\.jpe?g$", re.IGNORECASE)
_TOLD_BY_CAMERAS = (0xE1, 0xED, 0xFE)
_SCAN = 0xDA
_WITH_AUTHORS = re.compile(
    r"^(word/(document|comments\w*|header\d*|footer\d*|footnotes|endnotes|people)\.xml"
    r"|xl/(workbook|comments\d*|persons/person\d*|threadedComments/threadedComment\d*)\.xml"
    r"|content\.xml)$"
)


def without_authors(content: bytes, end: str, depth: int = 0) -> bytes:
    """Return a package as it was, but for what tells who wrote it.

    Raises Refused where it is no package of its kind, holds programs or fetches
    something, cannot be opened, or is larger than it may be.
    """
    if content.rfind(b"PK\x05\x06") + 22 != len(content):
        raise Refused("two-in-one", {"end": end})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = _checked_entries(package, end)
            _require_kind(package, entries, end)
            return _written_again(package, entries, end, depth)
    except (
        zipfile.BadZipFile,
        ElementTree.ParseError,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
        ValueError,
    ) as error:
        raise Refused("broken", {"end": end}) from error


def _checked_entries(package: zipfile.ZipFile, end: str) -> list[zipfile.ZipInfo]:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise Refused("unpacks-too-large", {"end": end})
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MOST_UNPACKED or (
        unpacked > _HARMLESS and unpacked / packed > MOST_RATIO
    ):
        raise Refused("unpacks-too-large", {"end": end})
    if len({name.lower() for name in names}) != len(names):
        raise Refused("broken", {"end": end})
    for entry in entries:
        parts = PurePath(entry.filename.replace("\\", "/")).parts
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise Refused("broken", {"end": end})
        if entry.flag_bits & 1:
            raise Refused("locked", {"end": end})
        if _PROGRAMS.search(entry.filename) and not _PRINTERS.match(entry.filename):
            raise Refused("holds-programs", {"end": end})
    return entries


def _require_kind(
    package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], end: str
) -> None:
    if end in _MAIN_PARTS:
        types = _text(package, _CONTENT_TYPES, end)
        if "macroEnabled" in types or "vbaProject" in types:
            raise Refused("holds-programs", {"end": end})
        if _MAIN_PARTS[end] not in types:
            raise Refused("not-what-it-says", {"end": end})
        for entry in entries:
            if entry.filename.endswith(".rels"):
                _require_nothing_fetched(_text(package, entry.filename, end), end)
        return
    first = entries[0]
    is_said = (
        first.filename == "mimetype" and package.read(first) == KINDS[end].encode()
    )
    if not is_said:
        raise Refused("not-what-it-says", {"end": end})
    if "encryption-data" in _text(package, "META-INF/manifest.xml", end):
        raise Refused("locked", {"end": end})


def _require_nothing_fetched(text: str, end: str) -> None:
    for relation in ElementTree.fromstring(text).iter(_RELATION):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind in _FETCHED:
            raise Refused("fetches", {"end": end})


def _text(package: zipfile.ZipFile, name: str, end: str) -> str:
    try:
        entry = package.getinfo(name)
    except KeyError:
        raise Refused("not-what-it-says", {"end": end}) from None
    if entry.file_size > _LONGEST_LIST:
        raise Refused("unpacks-too-large", {"end": end})
    text = package.read(entry).decode()
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused("broken", {"end": end})
    return text


def _written_again(
    package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], end: str, depth: int
) -> bytes:
    """Return the package entry by entry; what stood between them is left behind."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in entries:
            if entry.is_dir() or entry.filename.lower().startswith("thumbnails/"):
                continue
            content = _BLANKS.get(entry.filename, "").encode() or package.read(entry)
            if entry.filename.endswith(".xml") and b"<!ENTITY" in content:
                raise Refused("broken", {"end": end})
            if "/embeddings/" in entry.filename:
                content = _embedded(content, entry.filename, end, depth)
            elif _JPEG.search(entry.filename):
                content = _without_camera(content)
            elif _WITH_AUTHORS.match(entry.filename):
                for pattern in _AUTHORS:
                    content = pattern.sub(rb"\1\2", content)
            plain = zipfile.ZipInfo(entry.filename)
            plain.compress_type = (
                zipfile.ZIP_STORED
                if entry.filename == "mimetype"
                else zipfile.ZIP_DEFLATED
            )
            target.writestr(plain, content)
    return written.getvalue()


def _without_camera(content: bytes) -> bytes:
    """Return a JPEG picture as it was, but for what its camera or editor told of it."""
    kept, at = [content[:2]], 2
    while content[at : at + 1] == b"\xff" and len(content) >= at + 4:
        mark = content[at + 1]
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if mark == _SCAN:
            break
        if mark not in _TOLD_BY_CAMERAS:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _embedded(content: bytes, name: str, end: str, depth: int) -> bytes:
    """Return a document within a document (the sheet of a chart), as strictly kept."""
    inner = PurePath(name).suffix.lower()
    if inner not in _MAIN_PARTS or depth >= _EMBEDDED_DEPTH:
        raise Refused("holds-programs", {"end": end})
    return without_authors(content, inner, depth + 1)
