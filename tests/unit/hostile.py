"""Builders of files that must be refused, or that are odd: each returns bytes."""

import io
import struct
import zipfile
from collections.abc import Iterator

from sheets.grid import column_letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

CONTENT_TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOK = "xl/workbook.xml"


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """Return the XML of a sheet around its rows."""
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def one_cell(reference: str = "A1", inside: str = "<v>1</v>", more: str = "") -> str:
    """Return a row that holds one cell."""
    row = "".join(sign for sign in reference if sign.isdigit())
    return f'<row r="{row}"><c r="{reference}"{more}>{inside}</c></row>'


def shared(texts: str) -> str:
    return f'{_DECLARATION}<sst xmlns="{_MAIN}">{texts}</sst>'


def styles(*codes: str) -> str:
    """Return styles: `s="1"` has the first of the number formats, and so on."""
    formats = "".join(
        f'<numFmt numFmtId="{place}" formatCode="{_quoted(code)}"/>'
        for place, code in enumerate(codes, start=200)
    )
    cells = "".join(
        f'<xf numFmtId="{place}"/>' for place in [0, *range(200, 200 + len(codes))]
    )
    return (
        f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
        f"<cellXfs>{cells}</cellXfs></styleSheet>"
    )


def _quoted(text: str) -> str:
    text = text.replace("&", "&amp;").replace('"', "&quot;")
    return text.replace("<", "&lt;").replace(">", "&gt;")


def parts_of(
    rows: str = "", sheet_count: int = 1, workbook: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of a plain workbook whose first sheet holds `rows`."""
    numbers = range(1, sheet_count + 1)
    entries = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    others = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
        for kind in ("styles", "sharedStrings")
    )
    parts: dict[str, str | bytes] = {
        CONTENT_TYPES: (
            f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
            f'Target="{WORKBOOK}"/></Relationships>'
        ),
        WORKBOOK: (
            f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"{workbook}<sheets>{entries}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{relations}{others}</Relationships>"
        ),
        STYLES: styles(),
        SHARED: shared(""),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": sheet("") for n in numbers}
    parts[SHEET] = sheet(rows)
    return parts


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Return parts as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(rows: str = "", **changed: str | bytes) -> bytes:
    """Return a workbook with one sheet; `changed` replaces SHEET, STYLES, SHARED."""
    names = {"sheet": SHEET, "styles": STYLES, "shared": SHARED, "workbook": WORKBOOK}
    parts = parts_of(rows)
    parts |= {names[name]: content for name, content in changed.items()}
    return packed(parts)


def _streamed(part: str, pieces: Iterator[bytes], level: int = 1) -> bytes:
    """Return a workbook in which one part is too large to be built in memory."""
    parts = parts_of(one_cell())
    target = io.BytesIO()
    with zipfile.ZipFile(
        target, "w", zipfile.ZIP_DEFLATED, compresslevel=level
    ) as archive:
        for name, content in parts.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)
    return target.getvalue()


def far_cell() -> bytes:
    """Return a few kilobytes with a filled cell in the last corner of a sheet."""
    return workbook(one_cell("A1") + one_cell("XFD1048576"))


def zip_bomb(megabytes: int = 30) -> bytes:
    """Return shared texts that are nothing but zeros, a thousand to one."""

    def pieces() -> Iterator[bytes]:
        yield f'<sst xmlns="{_MAIN}"><si><t>'.encode()
        for _ in range(megabytes):
            yield b"0" * 1_000_000
        yield b"</t></si></sst>"

    return _streamed(SHARED, pieces(), level=6)


def lying_bomb(megabytes: int = 30) -> bytes:
    """Return a bomb whose zip says that its largest part is small."""
    content = bytearray(zip_bomb(megabytes))
    # In the directory: signature, 20 bytes, unpacked size; the name after 46.
    start = content.rfind(SHARED.encode()) - 46
    content[start + 24 : start + 28] = struct.pack("<I", 1_000)
    return bytes(content)


def large_unpacked(megabytes: int = 210) -> bytes:
    """Return parts too large together, each packed no better than allowed."""
    block = bytes(range(256)) * 39 + b"\0" * 16

    def pieces() -> Iterator[bytes]:
        for number in range(megabytes * 100):
            yield number.to_bytes(8) * 12 + block

    return _streamed("xl/media/image1.bin", pieces())


def billion_laughs() -> bytes:
    """Return shared texts with entities that stand for one another ten times."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{names}]>'
    text = shared("<si><t>&l9;</t></si>")
    return workbook(one_cell(), shared=text.replace("\n", f"\n{doctype}", 1))


def external_entity() -> bytes:
    """Return a sheet that asks for a file of the server."""
    doctype = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    content = sheet(one_cell("A1", "<is><t>&x;</t></is>", ' t="inlineStr"'))
    return workbook(sheet=content.replace("\n", f"\n{doctype}", 1))


def doctype_in_utf_16() -> bytes:
    """Return a document type that a search for its bytes would not find."""
    content = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w>{sheet("")[56:]}'
    return workbook(sheet=content.encode("utf-16"))


def many_entries(count: int = 5_000) -> bytes:
    parts = parts_of(one_cell())
    return packed(parts | {f"xl/media/{n}.txt": "" for n in range(count)})


def endless_text(megabytes: int = 5) -> bytes:
    """Return one shared text that does not end, packed no better than allowed."""

    def pieces() -> Iterator[bytes]:
        yield f'<sst xmlns="{_MAIN}"><si><t>'.encode()
        for number in range(megabytes * 10_000):
            yield f"{number * 7_919:0100}".encode()
        yield b"</t></si></sst>"

    return _streamed(SHARED, pieces())


def endless_tag(megabytes: int = 5) -> bytes:
    """Return a tag that never ends."""
    digits = "".join(f"{number * 7_919:0100}" for number in range(megabytes * 10_000))
    return workbook(sheet=f'<worksheet xmlns="{_MAIN}" a="{digits}"/>')


def repeated_entry() -> bytes:
    """Return two sheets of the same name, of which readers see either."""
    target = io.BytesIO(workbook(one_cell()))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET.upper(), sheet(one_cell("A1", "<v>2</v>")))
    return target.getvalue()


def climbing_entry() -> bytes:
    return packed(parts_of(one_cell()) | {"xl/../../climbs.xml": "<a/>"})


def truncated() -> bytes:
    content = workbook(one_cell())
    return content[: len(content) * 2 // 3]


def damaged() -> bytes:
    """Return a workbook with a few bytes of its packed parts turned over."""
    content = bytearray(workbook("".join(one_cell(f"A{n}") for n in range(1, 500))))
    middle = content.find(SHEET.encode()) + 200
    content[middle : middle + 8] = b"\xff" * 8
    return bytes(content)


def encrypted() -> bytes:
    """Return the first bytes of a workbook with a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000


def html() -> bytes:
    return "<html><body><table><tr><td>目標值</td></tr></table></body></html>".encode()


def comma_separated() -> bytes:
    return "KPI,目標值\nAC1.1,91.60\n".encode()


def zeros() -> bytes:
    return b"\0" * 10_000


def no_workbook() -> bytes:
    return packed({"readme.txt": "a zip, but no workbook"})


def macros() -> bytes:
    return packed(parts_of(one_cell()) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def long_number(digits: int = 400) -> bytes:
    return workbook(one_cell("B2", f"<v>{'9' * digits}</v>"))


def large_exponent() -> bytes:
    return workbook(one_cell("B2", "<v>1E+300</v>"))


def long_text() -> bytes:
    return workbook(
        one_cell("B2", f"<is><t>{'長' * 10_001}</t></is>", ' t="inlineStr"')
    )


def many_empty_cells(count: int = 2_000_000) -> bytes:
    """Return a sheet of cells that only have a style, in one row after the other."""

    def pieces() -> Iterator[bytes]:
        yield f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
        for row in range(1, count // 200 + 1):
            yield b"<row>" + b"<c/>" * 200 + f"</row><!--{row * 7_919}-->".encode()
        yield b"</sheetData></worksheet>"

    return _streamed(SHEET, pieces())


def many_filled_cells(rows: int = 2_520, columns: int = 200) -> bytes:
    def pieces() -> Iterator[bytes]:
        yield f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
        names = [column_letters(column) for column in range(1, columns + 1)]
        for row in range(1, rows + 1):
            cells = "".join(f'<c r="{name}{row}"><v>{row}</v></c>' for name in names)
            yield f'<row r="{row}">{cells}</row>'.encode()
        yield b"</sheetData></worksheet>"

    return _streamed(SHEET, pieces())


def one_text_for_all(rows: int = 2_000, columns: int = 20) -> bytes:
    """Return many cells that all show the same long text."""
    text = f"<si><t>{'文' * 9_000}</t></si>"
    cells = "".join(
        f"<row>{'<c t="s"><v>0</v></c>' * columns}</row>" for _ in range(rows)
    )
    return workbook(cells, shared=shared(text))


def deep_xml(depth: int = 100_000) -> bytes:
    return workbook(sheet=sheet("<a>" * depth + "</a>" * depth))


def missing_sheet() -> bytes:
    parts = parts_of(one_cell(), sheet_count=2)
    del parts["xl/worksheets/sheet2.xml"]
    return packed(parts)


def many_sheets(count: int = 150) -> bytes:
    return packed(parts_of(one_cell(), sheet_count=count))


def overlapping_merges(count: int = 40_000) -> bytes:
    """Return merges that all cover the whole sheet."""
    merges = "".join(
        f'<mergeCell ref="A{n % 9_000 + 1}:GR20000"/>' for n in range(count)
    )
    after = f"<mergeCells>{merges}</mergeCells>"
    return workbook(sheet=sheet(one_cell("A20000"), after=after))
