"""Does a file hold a program? Such a file is read, and never given out again."""

import zipfile
from typing import BinaryIO

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


def may_hold_macros(file: BinaryIO, file_name: str = "") -> bool:
    """Say whether a part of `file`, open at its start, is named as macros are.

    A doubt is a yes: a file named as one with macros, a plain one that happens to hold
    such a name in its bytes, a package whose list of parts cannot be read.
    """
    if file_name.lower().endswith(MACRO_ENDINGS) or _has_macro_parts(file):
        return True
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        looked = before + chunk.lower()
        if any(sign in looked for sign in _SIGNS):
            return True
        before = looked[-_LONGEST:]
    return False


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
