"""A book written as other kinds of files, as offices' programs write them."""

import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from sheets.grid import Book, Cell, Sheet

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "table", "text", "drawing")
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


VBA = "application/vnd.ms-office.vbaProject"
PROGRAM = b'Attribute VB_Name = "Module1"\r\nSub Auto_Open()\r\n' + b"\0" * 5_000
MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_BOOK = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
RELATION = "http://schemas.microsoft.com/office/2006/relationships/"


def as_xlsm(workbook: bytes) -> bytes:
    """Return a workbook with macros, from one without."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as plain,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in plain.namelist():
            content = plain.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"ms-excel.sheet.macroEnabled.main+xml",
                )
            written.writestr(name, content)
        written.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Sub Auto_Open")
    return target.getvalue()


def with_macros(workbook: bytes, *, as_default: bool = True) -> bytes:
    """Return a workbook as Excel saves one with a program, and a sheet of XLM macros."""
    kind = (
        f'<Default Extension="bin" ContentType="{VBA}"/>'
        if as_default
        else f'<Override PartName="/xl/vbaProject.bin" ContentType="{VBA}"></Override>'
    )
    sheet = (
        '<Override PartName="/xl/macrosheets/sheet1.xml"'
        ' ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
    )
    program = (
        f'<Relationship Id="rId90" Type="{RELATION}vbaProject"'
        ' Target="vbaProject.bin"/>'
        f'<Relationship Id="rId91" Type="{RELATION}xlMacrosheet"'
        ' Target="/xl/macrosheets/sheet1.xml"/>'
    )
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts,
    ):
        for name in before.namelist():
            content = before.read(name).decode()
            if name == "[Content_Types].xml":
                content = content.replace(PLAIN_BOOK, MACRO_BOOK)
                content = content.replace("</Types>", f"{kind}{sheet}</Types>")
            elif name == "xl/_rels/workbook.xml.rels":
                content = content.replace("</Rel", f"{program}</Rel")
            elif name == "xl/workbook.xml":
                listed = '<sheet xmlns:r="http://schemas.openxmlformats.org/office'
                listed += 'Document/2006/relationships" name="Macro1" sheetId="9"'
                listed += ' state="veryHidden" r:id="rId91"/>'
                content = content.replace("</sheets>", f"{listed}</sheets>")
            parts.writestr(name, content)
        parts.writestr("xl/vbaProject.bin", PROGRAM)
        parts.writestr("xl/_rels/vbaProject.bin.rels", "<Relationships/>")
        parts.writestr("xl/vbaProjectSignature.bin", b"signed")
        parts.writestr("xl/macrosheets/sheet1.xml", "<f>EXEC(&quot;calc&quot;)</f>")
        parts.writestr("xl/printerSettings/printerSettings1.dat", b"\0\1")
    return written.getvalue()


def as_csv(sheet: Sheet, encoding: str, delimiter: str = ",") -> bytes:
    """Return one sheet as a spreadsheet program saves it: what is displayed."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    for row in range(1, sheet.row_count + 1):
        writer.writerow(sheet.row_texts(row))
    return target.getvalue().encode(encoding)


def as_ods(book: Book) -> bytes:
    """Return a book as an .ods file with its repeats, spans and hidden rows."""
    return ods("".join(_table(sheet) for sheet in book.sheets))


def ods(tables: str, styles: str = "", more: dict[str, str | bytes] | None = None):
    """Return an .ods file around its tables; `more` adds parts or replaces them."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMES} '
        f"{_CALC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    parts: dict[str, str | bytes] = {
        "content.xml": content,
        "META-INF/manifest.xml": "<manifest/>",
        **(more or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _table(sheet: Sheet) -> str:
    columns = "".join(
        f"<table:table-column{_visibility(column in sheet.hidden_columns)}/>"
        for column in range(1, sheet.column_count + 1)
    )
    rows, row = "", 1
    while row <= sheet.row_count:
        # Rows that are empty stand there once, with how often they are meant.
        count = 1
        is_hidden = row in sheet.hidden_rows
        while row not in sheet.rows and row + count not in sheet.rows:
            count += 1
        cells = "".join(
            _cell(sheet, row, column) for column in range(1, sheet.column_count + 1)
        )
        rows += (
            f'<table:table-row table:number-rows-repeated="{count}"'
            f"{_visibility(is_hidden)}>{cells}"
            '<table:table-cell table:number-columns-repeated="16000"/>'
            "</table:table-row>"
        )
        row += count
    end = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    name = quoteattr(sheet.name)
    return f"<table:table table:name={name}>{columns}{rows}{end}</table:table>"


def _visibility(is_hidden: bool) -> str:
    return ' table:visibility="collapse"' if is_hidden else ""


def _cell(sheet: Sheet, row: int, column: int) -> str:
    merge = sheet.merged_into(row, column)
    spans, tag = "", "table:table-cell"
    if merge is not None:
        if (merge.first_row, merge.first_column) == (row, column):
            spans = (
                f' table:number-rows-spanned="{merge.last_row - row + 1}"'
                f' table:number-columns-spanned="{merge.last_column - column + 1}"'
            )
        else:
            tag = "table:covered-table-cell"
    cell = sheet.cell(row, column)
    if cell is None:
        return f"<{tag}{spans}/>"
    return f"<{tag}{spans}{_value(cell)}>{paragraphs(cell.text)}</{tag}>"


def _value(cell: Cell) -> str:
    match cell.value:
        case bool():
            said = str(cell.value).lower()
            return f' office:value-type="boolean" office:boolean-value="{said}"'
        case Decimal():
            kind = "percentage" if "%" in cell.text else "float"
            return f' office:value-type="{kind}" office:value="{cell.value}"'
        case datetime():
            day = cell.value.isoformat()
            return f' office:value-type="date" office:date-value="{day}"'
    return ' office:value-type="string"'


def paragraphs(text: str) -> str:
    """Return a displayed text as paragraphs, with each space that counts."""
    lines = []
    for line in text.split("\n"):
        words = escape(line).replace("\t", "<text:tab/>")
        words = words.replace("  ", '<text:s text:c="2"/>')
        if words.startswith(" "):
            words = f"<text:s/>{words[1:]}"
        if words.endswith(" "):
            words = f"{words[:-1]}<text:s/>"
        lines.append(f"<text:p>{words}</text:p>")
    return "".join(lines)
