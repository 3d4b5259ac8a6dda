"""A workbook is kept without its macros, and is otherwise the workbook it was."""

import io
import struct
import zipfile

import openpyxl
import pytest

from sheets.grid import Limits, read_workbook
from sheets.grid.limits import Refused
from sheets.package.compound import IS_COMPOUND
from sheets.package.macros import may_hold_macros
from sheets.package.stripping import without_macros
from tests.unit import hostile
from tests.unit.written import PLAIN_BOOK, PROGRAM, with_macros


def plain() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "平衡計分卡"
    book.active.append(["111年平衡計分卡", 91.6])
    book.create_sheet("其他").append(["甲"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.testzip() is None
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.mark.parametrize("as_default", [True, False])
def test_a_workbook_with_macros_is_the_same_workbook_without_them(as_default: bool):
    sent = with_macros(plain(), as_default=as_default)
    kept = without_macros(io.BytesIO(sent))

    assert kept is not None
    assert not may_hold_macros(io.BytesIO(kept))
    assert without_macros(io.BytesIO(kept)) is None
    before, after = parts_of(sent), parts_of(kept)
    assert before.keys() - after.keys() == {
        "xl/vbaProject.bin",
        "xl/_rels/vbaProject.bin.rels",
        "xl/vbaProjectSignature.bin",
        "xl/macrosheets/sheet1.xml",
    }
    assert {name for name in after if after[name] != before[name]} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
    }
    told = b"".join(after.values()).lower()
    for sign in (b"vbaproject", b"macro", b"rid90", b"rid91", b"auto_open"):
        assert sign not in told
    assert PLAIN_BOOK.encode() in after["[Content_Types].xml"]


def test_what_is_kept_opens_and_reads_as_before():
    kept = without_macros(io.BytesIO(with_macros(plain())))
    assert kept is not None
    book = openpyxl.load_workbook(io.BytesIO(kept))
    assert book.sheetnames == ["平衡計分卡", "其他"]
    read = read_workbook(io.BytesIO(kept), "計畫.xlsm", Limits())
    assert [sheet.name for sheet in read.sheets] == ["平衡計分卡", "其他"]
    assert read.sheets[0].text(1, 2) == "91.6"


@pytest.mark.parametrize("content", [plain(), b"vbaProject,1\n", b"", b"PK\x03\x04"])
def test_what_holds_no_macros_is_kept_as_it_was_sent(content: bytes):
    assert without_macros(io.BytesIO(content)) is None


def test_a_program_of_an_open_document_goes_with_its_line_in_the_manifest():
    manifest = (
        '<m:manifest xmlns:m="urn:x"><m:file-entry m:full-path="content.xml"/>'
        '<m:file-entry m:full-path="Basic/Standard/Module1.xml"/></m:manifest>'
    )
    sent = hostile.packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "<x/>",
            "Basic/Standard/Module1.xml": "Sub Main",
            "Basic/script-lc.xml": "<x/>",
            "META-INF/manifest.xml": manifest,
        }
    )
    kept = without_macros(io.BytesIO(sent))
    assert kept is not None
    parts = parts_of(kept)
    assert list(parts) == ["mimetype", "content.xml", "META-INF/manifest.xml"]
    assert b"Basic" not in parts["META-INF/manifest.xml"]
    assert b"content.xml" in parts["META-INF/manifest.xml"]


def test_macros_that_cannot_be_taken_out_are_refused():
    sent = with_macros(plain())
    with zipfile.ZipFile(io.BytesIO(sent)) as parts:
        kinds = parts.read("[Content_Types].xml")
    odd = kinds.replace(b"</Types>", b"</Types")
    broken = hostile.packed({"[Content_Types].xml": odd, "xl/vbaProject.bin": b"x"})
    with pytest.raises(Refused, match="macros-stay"):
        without_macros(io.BytesIO(broken))


def test_a_part_that_unpacks_to_far_too_much_is_copied_as_it_is_packed():
    sent = io.BytesIO(with_macros(plain()))
    with zipfile.ZipFile(sent, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/bomb.bin", bytes(50_000_000))
    kept = without_macros(sent)
    assert kept is not None
    assert len(kept) < 100_000


def test_a_package_whose_parts_share_their_bytes_is_not_copied():
    sent = bytearray(with_macros(plain()))
    place = sent.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", sent, place + 20, 20_000)
        place = sent.find(b"PK\x01\x02", place + 1)
    with pytest.raises(Refused, match="macros-stay"):
        without_macros(io.BytesIO(bytes(sent)))


# Excel's older workbooks


def entry(name: str, kind: int, **more: int) -> bytes:
    """Return one entry of a directory; `left`, `right`, `child` lead to others."""
    told = name.encode("utf-16-le") + b"\0\0"
    nothing = 0xFFFFFFFF
    return struct.pack(
        "<64sHBBIII16x20xIII",
        told,
        len(told),
        kind,
        1,
        *(more.get(way, nothing) for way in ("left", "right", "child")),
        more.get("start", 0),
        more.get("size", 0),
        0,
    )


def compound(book: bytes = b"book cells") -> bytes:
    """Return an old workbook: a book, and a project with a long and a short stream."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    code = PROGRAM.ljust(10 * 512, b"\0")
    # Sectors: 0 table, 1-2 directory, 3 small table, 4 small stream, 5-14 code, 15 book.
    chain = [table, 2, end, end, end, *range(6, 15), end, end]
    chain += [free] * (128 - len(chain))
    small = [end, end, *[free] * 126]
    entries = [
        entry("Root Entry", 5, child=1, start=4, size=128),
        entry("Workbook", 2, right=2, start=0, size=len(book)),
        entry("_VBA_PROJECT_CUR", 1, child=3),
        entry("VBA", 1, child=4),
        entry("Module1", 2, left=5, start=5, size=len(PROGRAM)),
        entry("dir", 2, start=1, size=9),
        bytes(128),
        bytes(128),
    ]
    head = struct.pack(
        "<8s16x5H6x9I109I",
        IS_COMPOUND, 62, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 3, 1, end, 0,
        0, *[free] * 108,
    )  # fmt: skip
    sectors = [
        struct.pack("<128I", *chain),
        b"".join(entries),
        struct.pack("<128I", *small),
        book.ljust(64, b"\0") + b"Sub Short".ljust(64, b"\0") + bytes(384),
        code,
        bytes(512),
    ]
    return head + b"".join(sectors)


def test_the_program_of_an_older_workbook_is_overwritten_and_leads_nowhere():
    sent = compound()
    assert may_hold_macros(io.BytesIO(sent))

    kept = without_macros(io.BytesIO(sent))

    assert kept is not None
    assert len(kept) == len(sent)
    assert b"Auto_Open" not in kept
    assert b"Sub Short" not in kept
    assert "VBA".encode("utf-16-le") not in kept
    assert b"book cells" in kept
    assert not may_hold_macros(io.BytesIO(kept))
    root = 512 * 2
    assert struct.unpack_from("<I", kept, root + 76) == (1,)
    assert struct.unpack_from("<III", kept, root + 128 + 68) == (0xFFFFFFFF,) * 3


def test_an_older_workbook_without_a_program_stays_as_it_was():
    sent = compound().replace("_VBA_PROJECT_CUR".encode("utf-16-le"), b"x" * 32)
    sent = sent.replace("VBA".encode("utf-16-le"), b"y" * 6)
    assert without_macros(io.BytesIO(sent)) is None


def test_an_older_workbook_whose_chain_never_ends_is_refused():
    sent = bytearray(compound())
    struct.pack_into("<I", sent, 512 + 4 * 14, 5)
    with pytest.raises(Refused, match="macros-stay"):
        without_macros(io.BytesIO(bytes(sent)))


def told_sheets(*kinds: int) -> bytes:
    """Return the first records of an old book: a sheet of each of these kinds."""
    lines = [
        struct.pack("<HHIBBBB1s", 0x85, 9, 0, 2, kind, 1, 0, b"m") for kind in kinds
    ]
    return b"".join([struct.pack("<HHHH", 0x809, 4, 0x600, 5), *lines, b"\x0a\0\0\0"])


def test_a_sheet_of_the_first_macro_language_cannot_be_taken_out():
    charts = compound(told_sheets(0, 2))
    assert without_macros(io.BytesIO(charts)) is not None
    macros = compound(told_sheets(0, 1)).replace("VBA".encode("utf-16-le"), b"y" * 6)
    assert may_hold_macros(io.BytesIO(macros))
    with pytest.raises(Refused, match="macros-stay"):
        without_macros(io.BytesIO(macros))


def test_a_macro_sheet_is_found_in_a_book_too_broken_to_walk_through():
    for kind, is_one in ((1, True), (0, False)):
        sent = compound(told_sheets(kind)).replace("VBA".encode("utf-16-le"), b"y" * 6)
        broken = bytearray(sent)
        struct.pack_into("<I", broken, 512 + 4 * 3, 3)
        assert may_hold_macros(io.BytesIO(bytes(broken))) is is_one
