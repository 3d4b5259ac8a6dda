"""Files without what tells who made them: written again by a library that reads them."""

import io
from typing import Any

from bsc.evidence.kinds import IMAGES, PACKAGES, Refused
from bsc.evidence.packages import without_authors

MOST_PIXELS = 60_000_000
MOST_SIDE = 20_000
# What a PDF may not do when somebody opens it.
_ACTIONS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Movie")
_HIDDEN = frozenset({"/Metadata", "/PieceInfo"})
_ATTACHED = ("/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent")


def cleaned(content: bytes, end: str) -> bytes:
    """Return a file of the kind `end` as it is kept. Raises Refused where it is none."""
    if end in PACKAGES:
        return without_authors(content, end)
    if end in IMAGES:
        return _image(content, end)
    if end == ".pdf":
        return _pdf(content)
    return content


def _image(content: bytes, end: str) -> bytes:
    """Return the picture turned as it was looked at, without place, camera or notes."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    wanted = "PNG" if end == ".png" else "JPEG"
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    written = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as picture:
            if max(picture.size) > MOST_SIDE or _pixels(picture.size) > MOST_PIXELS:
                raise Refused("unpacks-too-large", {"end": end})
            if getattr(picture, "n_frames", 1) > 1 and wanted == "PNG":
                raise Refused("not-what-it-says", {"end": end})
            colours = picture.info.get("icc_profile")
            turned = ImageOps.exif_transpose(picture)
            kept: dict[str, Any] = {"quality": 92} if wanted == "JPEG" else {}
            bare = Image.new(turned.mode, turned.size)
            if turned.mode == "P" and (palette := turned.getpalette()):
                bare.putpalette(palette)
            bare.paste(turned)
            if "transparency" in turned.info and wanted == "PNG":
                kept["transparency"] = turned.info["transparency"]
            bare.save(written, wanted, icc_profile=colours, **kept)
    except Image.DecompressionBombError as error:
        raise Refused("unpacks-too-large", {"end": end}) from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise Refused("broken", {"end": end}) from error
    return written.getvalue()


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _pdf(content: bytes) -> bytes:
    """Return the document without its author, its tools and what it would do."""
    import pikepdf

    written = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise Refused("locked", {"end": ".pdf"})
            if not document.pages:
                raise Refused("broken", {"end": ".pdf"})
            for thing in document.objects:
                _require_quiet(thing, pikepdf)
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            document.save(written, fix_metadata_version=False, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("locked", {"end": ".pdf"}) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refused("broken", {"end": ".pdf"}) from error
    return written.getvalue()


def _require_quiet(thing: Any, pikepdf: Any) -> None:
    """Take the metadata of one object away; refuse what runs, sends or carries files."""
    waiting = [thing]
    seen = 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if seen > 100_000:
            raise Refused("broken", {"end": ".pdf"})
        if isinstance(one, pikepdf.Array):
            waiting += [part for part in one if not _is_elsewhere(part)]
            continue
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        keys = set(one.keys())
        action = str(one.get("/S", ""))
        if "/JS" in keys or action in _ACTIONS or keys & set(_ATTACHED):
            raise Refused("holds-programs", {"end": ".pdf"})
        for hidden in keys & _HIDDEN:
            del one[hidden]
        waiting += [one[key] for key in keys - _HIDDEN if not _is_elsewhere(one[key])]


def _is_elsewhere(part: Any) -> bool:
    """Whether a part is an object of its own, which the walk comes by anyway."""
    return bool(getattr(part, "is_indirect", False))
