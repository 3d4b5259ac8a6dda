"""Names as offices write them, made comparable."""

import unicodedata


def comparable(name: str) -> str:
    """Return `name` for comparison: half width, no spaces, 臺 as 台, no closing 。.

    Two names that differ only by how they were typed give the same.
    """
    folded = unicodedata.normalize("NFKC", name).replace("臺", "台")
    return "".join(folded.split()).rstrip("。.").casefold()
