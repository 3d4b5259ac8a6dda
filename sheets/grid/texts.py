"""Characters that a text should not hold, found and taken out."""

import re

# C0 but tab and newline, DEL and C1: databases and XML refuse some of them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that reorder or hide what is read: a text may look like another one.
_DIRECTION = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Excel writes a character that XML cannot hold as _x000D_, and _x005F_ for "_".
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def has_unsafe_characters(text: str) -> bool:
    """Say whether a text holds control, direction or invisible characters."""
    if text.isprintable():
        return False
    return bool(_CONTROL.search(text) or _DIRECTION.search(text))


def as_typed(text: str) -> str:
    """Return a text of a file that has no escapes, for `clean`: _x0041_ stays so."""
    return text.replace("_x", "_x005F_x")


def clean(text: str) -> tuple[str, str]:
    """Return a stored text as plain characters, and a notice's code or "".

    Line ends become newlines, control characters and broken surrogates go;
    direction characters stay, and are told.
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if text.isprintable():
        return text, ""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL.sub("", text)
    is_changed = kept != text
    if _SURROGATE.search(kept):
        # Two escapes may spell one character beyond the first 65,536.
        raw = kept.encode("utf-16-le", "surrogatepass")
        kept = raw.decode("utf-16-le", "ignore")
        is_changed = is_changed or kept.encode("utf-16-le") != raw
    if is_changed:
        return kept, "control-characters"
    return kept, "direction-characters" if _DIRECTION.search(kept) else ""
