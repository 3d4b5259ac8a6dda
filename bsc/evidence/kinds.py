"""What a file of evidence is, by what it holds: its name is only a claim."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

MEGABYTE = 1024 * 1024
MAXIMUM_SIZE = 10 * MEGABYTE

# What may be given, by the ends of its name; an end that is not here is refused.
KINDS: dict[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
PACKAGES = (".docx", ".xlsx", ".odt", ".ods")
IMAGES = (".png", ".jpg", ".jpeg")

_PDF, _PNG, _JPEG, _ZIP = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"
_BEGINNINGS = {
    ".pdf": _PDF,
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    **dict.fromkeys(PACKAGES, _ZIP),
}
_PNG_END = b"IEND\xaeB`\x82"
_PDF_END = re.compile(rb"%%EOF\s*\Z")
# Cameras put small pictures and notes of their own behind a JPEG: only what a program
# would take for a page, a document or a package is refused.
_PAGES = re.compile(rb"%PDF-|<script|<html|<svg[\s>]|<!doctype|<\?php", re.IGNORECASE)
_PACKAGE_END, _LONGEST_END = b"PK\x05\x06", 65_557
_MARKUP = re.compile(
    r"\A\s*<[!?a-z]|<script|<html|<svg|<iframe|<!doctype|<\?php|\A#!|\A%PDF-|\AMZ",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ENCODINGS = ("utf-8-sig", "cp950")
# Signs that turn a name around or hide its end, and what no name may hold.
_NAMELESS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069/\\:]")
_LONGEST_NAME = 200


@dataclass
class Refused(Exception):
    """A file that is not kept, as a code with parameters; words are made above."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


def name_of(name: str) -> str:
    """Return what a file is called: its last part, without signs that deceive."""
    bare = PurePath(name.replace("\\", "/")).name
    clean = _NAMELESS.sub("", bare).strip(" .")
    end = PurePath(clean).suffix
    return clean[: _LONGEST_NAME - len(end)].removesuffix(end) + end


def kind_of(name: str, content: bytes) -> str:
    """Return the end that tells a file's kind: .pdf, .jpg …

    Looks at the outside of the file; what a package holds is checked when it is
    cleaned. Raises Refused where the kind is not taken or the content is another.
    """
    end = PurePath(name).suffix.lower()
    if end not in KINDS:
        raise Refused("kind-not-taken", {"end": end})
    if not content:
        raise Refused("empty")
    if len(content) > MAXIMUM_SIZE:
        raise Refused("too-large", {"most": str(MAXIMUM_SIZE // MEGABYTE)})
    if end in (".csv", ".txt"):
        _require_text(content, end)
    elif not content.startswith(_BEGINNINGS[end]):
        raise Refused("not-what-it-says", {"end": end})
    _require_nothing_behind(content, end)
    return end


def _require_text(content: bytes, end: str) -> None:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text) and not _MARKUP.search(text):
            return
        break
    raise Refused("not-what-it-says", {"end": end})


def _require_nothing_behind(content: bytes, end: str) -> None:
    """Refuse one file that is two: a picture with a page or a package behind it."""
    if end == ".pdf" and not _PDF_END.search(content[-1024:]):
        raise Refused("two-in-one", {"end": end})
    if end == ".png":
        behind = content.partition(_PNG_END)[2]
        if behind:
            raise Refused("two-in-one", {"end": end})
    if end in (".jpg", ".jpeg"):
        is_package = _PACKAGE_END in content[-_LONGEST_END:]
        if is_package or _PAGES.search(content):
            raise Refused("two-in-one", {"end": end})
