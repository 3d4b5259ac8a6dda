"""Builders of .ods, .xls and .csv files that must be refused, or that are odd."""

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.unit.written import MIMETYPE, ods

XLS = Path(__file__).resolve().parents[2] / "fixtures" / "workbooks" / "xls"
_SECTOR = 512
# Records of an .xls: two bytes say what it is, two how long it is.
_FILEPASS = 0x2F
_LABEL_SST = 0xFD
_SHORT_NUMBER = 0x27E
_SST = 0xFC


def _table(rows: str, name: str = "表") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def _row(cells: str, rows: int = 1) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}">{cells}'
        "</table:table-row>"
    )


def _cell(text: str = "x", columns: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{columns}" '
        f'office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def ods_repeated_rows() -> bytes:
    """Return one row that stands a million times."""
    return ods(_table(_row(_cell(), rows=1_048_576)))


def ods_repeated_columns() -> bytes:
    return ods(_table(_row(_cell(columns=16_384))))


def ods_repeated_cells() -> bytes:
    """Return four million cells, none of which stands too far out."""
    return ods(_table(_row(_cell(columns=200), rows=20_000)))


def ods_repeated_text() -> bytes:
    return ods(_table(_row(_cell("長" * 9_000, columns=200), rows=100)))


def ods_repeated_spans() -> bytes:
    span = (
        '<table:table-cell table:number-columns-repeated="100" '
        'table:number-columns-spanned="2" table:number-rows-spanned="2"/>'
    )
    return ods(_table(_row(span, rows=20_000)))


def ods_large_number_of_times() -> bytes:
    return ods(_table('<table:table-row table:number-rows-repeated="9999999999"/>'))


def ods_many_tables() -> bytes:
    return ods("".join(_table("", name=str(n)) for n in range(150)))


def ods_nested_table() -> bytes:
    return ods(
        _table(_row(f"<table:table-cell>{_table('')}</table:table-cell>"))
    )  # fmt: skip


def ods_deep() -> bytes:
    return ods(_table("<table:table-row-group>" * 90 + "</table:table-row-group>" * 90))


def ods_endless_text() -> bytes:
    return ods(_table(_row(_cell("長" * 10_001))))


def ods_with_password() -> bytes:
    """Return parts that are noise, as a manifest says."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    noise = bytes(range(256)) * 8
    return ods("", more={"content.xml": noise, "META-INF/manifest.xml": manifest})


def ods_with_entities() -> bytes:
    styles = '<!DOCTYPE a [<!ENTITY l "ha">]><a>&l;</a>'
    return ods(_table(_row(_cell())), more={"styles.xml": styles})


def ods_without_content() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
    return target.getvalue()


def ods_bomb(megabytes: int = 30) -> bytes:
    target = io.BytesIO(ods(_table("")))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("Pictures/1.png", "w") as stream,
    ):
        for _ in range(megabytes):
            stream.write(b"0" * 1_000_000)
    return target.getvalue()


def odt() -> bytes:
    """Return a document of words, which is packed like a spreadsheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", MIMETYPE.replace("spreadsheet", "text"))
        archive.writestr("content.xml", "<a/>")
    return target.getvalue()


def ods_truncated() -> bytes:
    content = ods(_table(_row(_cell())))
    return content[: len(content) * 2 // 3]


def xls(name: str = "group-e-109") -> bytearray:
    return bytearray((XLS / f"{name}.xls").read_bytes())


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield kind and place of each record; the stream lies in one piece."""
    at = _SECTOR
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if not kind:
            return
        yield kind, at
        at += 4 + length


def _patched(kind: int, offset: int, value: bytes, which: int = 0) -> bytes:
    """Return a good .xls in which one record says something else."""
    content = xls()
    places = [at for found, at in _records(content) if found == kind]
    at = places[which] + 4 + offset
    content[at : at + len(value)] = value
    return bytes(content)


def xls_truncated() -> bytes:
    content = xls()
    return bytes(content[: len(content) // 2])


def xls_head_only() -> bytes:
    return bytes(xls()[:_SECTOR])


def xls_with_password() -> bytes:
    """Return a workbook whose second record says that the others are encrypted."""
    content = xls()
    places = [at for _, at in _records(content)]
    struct.pack_into("<H", content, places[1], _FILEPASS)
    return bytes(content)


def xlsx_with_password() -> bytes:
    """Return the frame that a protected .xlsx is packed into."""
    content = xls()
    name = "EncryptedPackage".encode("utf-16-le")
    at = content.find("Workbook".encode("utf-16-le"))
    content[at : at + len(name)] = name
    return bytes(content)


def word_document() -> bytes:
    """Return an old Word document: the same frame around another stream."""
    content = xls()
    name = "WordDocument".encode("utf-16-le")
    at = content.find("Workbook".encode("utf-16-le"))
    content[at : at + len(name)] = name
    return bytes(content)


def xls_sectors_in_a_circle() -> bytes:
    """Return a file whose sectors follow one another without end."""
    content = xls()
    (table,) = struct.unpack_from("<I", content, 76)
    at = _SECTOR * (table + 1)
    struct.pack_into("<I", content, at + 4, 0)
    return bytes(content)


def xls_sectors_nowhere() -> bytes:
    content = xls()
    struct.pack_into("<I", content, 76, 0x00FFFFFF)
    return bytes(content)


def xls_far_row() -> bytes:
    return _patched(_LABEL_SST, 0, struct.pack("<H", 65_000), which=-1)


def xls_far_column() -> bytes:
    return _patched(_LABEL_SST, 2, struct.pack("<H", 255), which=-1)


def xls_missing_text() -> bytes:
    return _patched(_LABEL_SST, 6, struct.pack("<I", 0x7FFFFFFF))


def xls_many_texts() -> bytes:
    """Return shared texts of which there are said to be two thousand million."""
    return _patched(_SST, 4, struct.pack("<I", 0x7FFFFFFF))


def xls_large_number() -> bytes:
    return _number_of(1e300)


def xls_no_number() -> bytes:
    return _number_of(float("nan"))


def _number_of(number: float) -> bytes:
    """Return a workbook with another number: its upper half is all that is kept."""
    content = xls("center-111")
    at = next(at for kind, at in _records(content) if kind == _SHORT_NUMBER)
    content[at + 10 : at + 14] = struct.pack("<d", number)[4:]
    # The lowest two bits say that it is neither whole nor a hundredth.
    content[at + 10] &= 0xFC
    return bytes(content)


def csv_one_line(megabytes: int = 19) -> bytes:
    """Return a line that never ends, and holds one text."""
    return b"KPI," + b"9" * 1_000_000 * megabytes


def csv_thirty_megabytes() -> bytes:
    return csv_one_line(30)


def csv_nothing_but_commas() -> bytes:
    return b"," * 15_000_000


def csv_nothing_but_quotes() -> bytes:
    return b'a,"' + b'""' * 7_000_000


def csv_nothing_but_lines() -> bytes:
    return b"\n" * 15_000_000 + b"x"


def csv_with_zeros() -> bytes:
    return b"KPI,\0\0\0\n"


def csv_of_no_encoding() -> bytes:
    return b"KPI\n\x80\x80\xff\n"


def csv_with_the_wrong_mark() -> bytes:
    """Return UTF-8 behind the mark of UTF-16: an odd number of bytes."""
    return b"\xff\xfe" + "KPI,目標值".encode() + b"\n\n"


def csv_with_half_a_sign() -> bytes:
    return "KPI,目標值".encode("utf-16")[:-1]


def html_with_a_mark() -> bytes:
    return b"\xef\xbb\xbf\r\n <!DOCTYPE html><html><table></table></html>"


def pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 100
