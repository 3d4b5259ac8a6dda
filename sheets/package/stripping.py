"""A workbook without its macros: what is kept of a file that holds some.

The parts that run, what tells of them and what leads to them go; everything else
stays as it was packed. Nothing is run, and only the small parts that tell of others
are unpacked.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from sheets.grid import xml
from sheets.grid.limits import Refused
from sheets.package.compound import IS_COMPOUND, without_storages
from sheets.package.macros import has_macro_sheets, may_hold_macros
from sheets.package.parts import CannotRewrite, rewritten

# Where a file holds macros that cannot be taken out.
REFUSAL = "macros-stay"

_IS_PACKAGE = b"PK\x03\x04"
_KINDS = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_LARGEST = 4 * 1_048_576
_KINDS_OF_MACROS = ("vbaproject", "vbadata", "macrosheet")
_NAMES_OF_MACROS = re.compile(
    r"(?:^|/)(?:vbaproject[^/]*|vbadata[^/]*)$|(?:^|/)macrosheets/", re.IGNORECASE
)
# What an OpenDocument keeps programs in, and signatures that hold no longer.
_OPEN_DOCUMENT = re.compile(
    r"^(?:Basic|Scripts|Dialogs)/|^META-INF/(?:document|macro)signatures\.xml$",
    re.IGNORECASE,
)
# In Excel's older workbooks.
_STORAGES = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros")
_SPREADSHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_PLAIN_KINDS = {
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml": b"sheet.main+xml",
    b"application/vnd.ms-excel.template.macroEnabled.main+xml": b"template.main+xml",
    b"application/vnd.ms-excel.addin.macroEnabled.main+xml": b"sheet.main+xml",
}
# A whole tag; a sign ">" may stand in an attribute.
_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")

type Attributes = dict[str, str]
type Goes = Callable[[str, Attributes], bool]


def without_macros(file: BinaryIO) -> bytes | None:
    """Return the bytes of a file without its macros, None where it holds none.

    Raises Refused (`macros-stay`) where it holds some that cannot be taken out. A
    protected file is noise to everybody: it comes back as None.
    """
    file.seek(0)
    head = file.read(len(IS_COMPOUND))
    try:
        if head.startswith(_IS_PACKAGE):
            return _package_without(file)
        if head == IS_COMPOUND:
            if has_macro_sheets(file):
                raise CannotRewrite
            return without_storages(file, _STORAGES)
    except (
        CannotRewrite,
        Refused,
        expat.ExpatError,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        # What is only broken is refused by who reads it, with its own reason.
        file.seek(0)
        if may_hold_macros(file):
            raise Refused(REFUSAL) from error
    return None


def _package_without(file: BinaryIO) -> bytes | None:
    with zipfile.ZipFile(file) as parts:
        names = parts.namelist()
        if _KINDS not in names:
            gone = {name for name in names if _OPEN_DOCUMENT.search(name)}
            instead = _manifest_without(parts, gone) if gone else {}
        else:
            gone, instead = _workbook_without(parts, names)
    if not gone and not instead:
        return None
    return rewritten(file, gone, instead)


def _manifest_without(parts: zipfile.ZipFile, gone: set[str]) -> dict[str, bytes]:
    if _MANIFEST not in parts.namelist():
        return {}

    def goes(name: str, told: Attributes) -> bool:
        path = told.get("full-path", "")
        return name == "file-entry" and bool(_OPEN_DOCUMENT.search(path))

    return {_MANIFEST: _without_tags(_read(parts, _MANIFEST), _MANIFEST, goes)}


def _workbook_without(
    parts: zipfile.ZipFile, names: list[str]
) -> tuple[set[str], dict[str, bytes]]:
    """Return the parts that go, and the new content of those that tell of them."""
    kinds = _read(parts, _KINDS)
    by_name, by_ending = _kinds_in(kinds)
    gone = {
        name
        for name in names
        if _NAMES_OF_MACROS.search(name)
        or _is_macro(
            by_name.get(name.lower())
            or by_ending.get(name.rpartition(".")[2].lower(), "")
        )
    }
    gone |= {name for name in names if _owner_of(name) in gone}
    plain = _plain_kinds(kinds)
    if not gone and plain == kinds:
        return set(), {}

    def goes(name: str, told: Attributes) -> bool:
        part = told.get("PartName", "").lstrip("/").lower()
        is_gone = part in {one.lower() for one in gone}
        return (name == "Override" and is_gone) or _is_macro(
            told.get("ContentType", "")
        )

    instead = {_KINDS: _without_tags(plain, _KINDS, goes)}
    if b"macroenabled" in instead[_KINDS].lower():
        raise CannotRewrite
    for name in names:
        if name.endswith(".rels") and name not in gone:
            instead |= _relations_without(parts, name, gone)
    return gone, instead


def _kinds_in(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Return the kinds of parts by their name, and by their ending, in lower case."""
    by_name: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for name, told in _tags(content, _KINDS):
        kind = told.get("ContentType", "")
        if name == "Override":
            by_name[told.get("PartName", "").lstrip("/").lower()] = kind
        elif name == "Default":
            by_ending[told.get("Extension", "").lower()] = kind
    return by_name, by_ending


def _is_macro(kind: str) -> bool:
    return any(sign in kind.lower() for sign in _KINDS_OF_MACROS)


def _plain_kinds(kinds: bytes) -> bytes:
    """Return the kinds of parts, with a workbook that may hold macros as a plain one."""
    for kind, plain in _PLAIN_KINDS.items():
        kinds = kinds.replace(kind, _SPREADSHEET + plain)
    return kinds


def _owner_of(name: str) -> str:
    """Return the part whose relations a part tells; "" where it tells none."""
    folder, _, last = name.rpartition("/")
    if not last.endswith(".rels") or posixpath.basename(folder) != "_rels":
        return ""
    return posixpath.join(posixpath.dirname(folder), last.removesuffix(".rels"))


def _relations_without(
    parts: zipfile.ZipFile, name: str, gone: set[str]
) -> dict[str, bytes]:
    """Return relations without those to what goes, and sheets that were macros."""
    owner = _owner_of(name)
    lost: set[str] = set()

    def goes(tag: str, told: Attributes) -> bool:
        target = told.get("Target", "")
        base = "" if target.startswith("/") else posixpath.dirname(owner)
        path = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
        is_gone = path in gone or _is_macro(told.get("Type", ""))
        if tag == "Relationship" and is_gone:
            lost.add(told.get("Id", ""))
            return True
        return False

    content = _without_tags(_read(parts, name), name, goes)
    if not lost:
        return {}
    instead = {name: content}
    if posixpath.basename(owner) == "workbook.xml":
        # A sheet of macros stands among the others.
        instead |= _workbook_without_sheets(parts, owner, lost)
    return instead


def _workbook_without_sheets(
    parts: zipfile.ZipFile, name: str, lost: set[str]
) -> dict[str, bytes]:
    content = _read(parts, name)

    def is_lost(tag: str, told: Attributes) -> bool:
        return tag == "sheet" and told.get("id", "") in lost

    if not any(is_lost(*tag) for tag in _tags(content, name)):
        return {}

    def goes(tag: str, told: Attributes) -> bool:
        # Names and views count the sheets, which are fewer now.
        return is_lost(tag, told) or tag in ("definedNames", "bookViews")

    return {name: _without_tags(content, name, goes)}


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise CannotRewrite
    return content


def _tags(content: bytes, part: str) -> Iterator[tuple[str, Attributes]]:
    found: list[tuple[str, Attributes]] = []
    xml.read_tags(
        io.BytesIO(content), part, 64, lambda name, told: found.append((name, told))
    )
    yield from found


def _without_tags(content: bytes, part: str, goes: Goes) -> bytes:
    """Return XML without some of its elements and what is in them, else as it was."""
    parser = xml.new_parser(part)
    cuts: list[tuple[int, int]] = []
    depth, cut_at, starts = 0, 0, -1

    def on_start(name: str, told: Attributes) -> None:
        nonlocal depth, cut_at, starts
        depth += 1
        bare = {key.rpartition(" ")[2]: value for key, value in told.items()}
        if starts < 0 and goes(name.rpartition(" ")[2], bare):
            cut_at, starts = depth, parser.CurrentByteIndex

    def on_end(name: str) -> None:
        nonlocal depth, starts
        if starts >= 0 and depth == cut_at:
            cuts.append((starts, _end_of(content, starts, parser.CurrentByteIndex)))
            starts = -1
        depth -= 1

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.Parse(content, True)
    kept, last = [], 0
    for start, end in cuts:
        kept.append(content[last:start])
        last = end
    return b"".join([*kept, content[last:]])


def _end_of(content: bytes, start: int, end: int) -> int:
    """Return where an element ends that begins at `start` and whose end is at `end`."""
    opening = _TAG.match(content, start)
    if opening is not None and opening[0].endswith(b"/>"):
        return opening.end()
    closing = _TAG.match(content, end)
    if closing is None:
        raise CannotRewrite
    return closing.end()
