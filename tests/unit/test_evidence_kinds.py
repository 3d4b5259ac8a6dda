"""True and false files of evidence: each is what it says, or is not kept."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pikepdf
import pytest
from PIL import Image

from bsc.evidence.child import examined
from bsc.evidence.cleaning import cleaned
from bsc.evidence.kinds import MAXIMUM_SIZE, Refused, kind_of, name_of

PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
PLACE = "121.5654"


def a_pdf(**made: str) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = "王小明"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["王小明"]
    if "javascript" in made:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=made["javascript"]
        )
    if "launch" in made:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.Launch, F=made["launch"]
        )
    if "attached" in made:
        document.attachments["a.exe"] = made["attached"].encode()
    written = io.BytesIO()
    password = made.get("password")
    locked = pikepdf.Encryption(owner="o", user=password) if password else False
    document.save(written, encryption=locked)
    return written.getvalue()


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    picture = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif[0x013B] = "王小明"
    exif[0x0112] = 6
    written = io.BytesIO()
    if kind == "JPEG":
        picture.save(written, kind, exif=exif, comment=PLACE.encode())
    else:
        picture.save(written, kind, exif=exif)
    return written.getvalue()


def a_sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = 21
    book.properties.creator = "王小明"
    book.properties.lastModifiedBy = "王小明"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def packed(*entries: tuple[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name), content, kind)
    return written.getvalue()


def an_odf(kind: str, *more: tuple[str, str], manifest: str = "<m/>") -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}"
    meta = "<meta><dc:creator>王小明</dc:creator></meta>"
    return packed(
        ("mimetype", said),
        ("META-INF/manifest.xml", manifest),
        ("meta.xml", meta),
        ("content.xml", "<a><dc:creator>王小明</dc:creator>21</a>"),
        *more,
        stored=("mimetype",),
    )


TYPES = '<Types><Override ContentType="application/vnd.{}"/></Types>'
WORD = TYPES.format("openxmlformats-officedocument.wordprocessingml.document.main+xml")
SHEET = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r" TargetMode="External" Target="http://x/"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
    "</Relationships>"
)


def a_document(*more: tuple[str, bytes | str], types: str = WORD) -> bytes:
    core = "<c><dc:creator>王小明</dc:creator></c>"
    body = '<w:document><w:ins w:author="王小明" w:id="1"/>21</w:document>'
    return packed(
        ("[Content_Types].xml", types),
        ("docProps/core.xml", core),
        ("word/document.xml", body),
        *more,
    )


def renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    return content.replace(old, new)


def a_bomb() -> bytes:
    return a_document(("word/media/a.xml", b"0" * 60_000_000))


def a_wide_png() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + PNG_END
    )


TRUE = [
    ("a.pdf", a_pdf()),
    ("統計.PDF", a_pdf()),
    ("a.png", a_picture("PNG")),
    ("a.jpg", a_picture()),
    ("a.jpeg", a_picture()),
    ("a.xlsx", a_sheet()),
    ("a.docx", a_document()),
    ("a.odt", an_odf("text")),
    ("a.ods", an_odf("spreadsheet")),
    ("a.csv", "年度,件數\n111,21\n".encode()),
    ("a.csv", "年度,件數\n111,21\n".encode("cp950")),
    ("a.txt", "\ufeff比率 < 5 且 > 3".encode()),
]

FALSE = [
    # What is not taken at all.
    ("a.html", b"<html></html>", "kind-not-taken"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind-not-taken"),
    ("a.exe", b"MZ\x90\x00", "kind-not-taken"),
    ("a.pdf.exe", a_pdf(), "kind-not-taken"),
    ("a.docm", a_document(), "kind-not-taken"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind-not-taken"),
    ("a.zip", packed(("a", b"")), "kind-not-taken"),
    ("pdf", a_pdf(), "kind-not-taken"),
    ("a.pdf", b"", "empty"),
    ("a.txt", b"0" * (MAXIMUM_SIZE + 1), "too-large"),
    # What is not what its name says.
    ("a.pdf", a_picture("PNG"), "not-what-it-says"),
    ("a.png", a_picture(), "not-what-it-says"),
    ("a.jpg", a_pdf(), "not-what-it-says"),
    ("a.jpg", b"MZ\x90\x00" + a_picture(), "not-what-it-says"),
    ("a.pdf", b"<html><!--" + a_pdf(), "not-what-it-says"),
    ("a.txt", b"<!doctype html><p>", "not-what-it-says"),
    ("a.txt", b"a\n<script>alert(1)</script>", "not-what-it-says"),
    ("a.csv", b" <svg onload=alert(1)>", "not-what-it-says"),
    ("a.csv", b"MZ\x90\x00\x03", "not-what-it-says"),
    ("a.txt", b"#!/bin/sh\nrm -r x", "not-what-it-says"),
    ("a.txt", b"a\x00b", "not-what-it-says"),
    ("a.txt", b"%PDF-1.7 says a text", "not-what-it-says"),
    ("a.docx", a_sheet(), "not-what-it-says"),
    ("a.xlsx", a_document(), "not-what-it-says"),
    ("a.docx", packed(("word/document.xml", "x")), "not-what-it-says"),
    ("a.ods", an_odf("text"), "not-what-it-says"),
    ("a.odt", packed(("content.xml", "x")), "not-what-it-says"),
    # One file that is two.
    ("a.pdf", a_pdf() + packed(("a", b"0" * 2000)), "two-in-one"),
    ("a.png", a_picture("PNG") + b"<html>", "two-in-one"),
    ("a.png", a_picture("PNG") + packed(("a", b"")), "two-in-one"),
    ("a.jpg", a_picture() + packed(("a", b"")), "two-in-one"),
    ("a.jpg", a_picture() + b"<script>", "two-in-one"),
    ("a.docx", a_document() + b"<html>", "two-in-one"),
    # Programs, and documents that fetch something.
    ("a.pdf", a_pdf(javascript="app.alert(1)"), "holds-programs"),
    ("a.pdf", a_pdf(launch="cmd.exe"), "holds-programs"),
    ("a.pdf", a_pdf(attached="MZ"), "holds-programs"),
    ("a.docx", a_document(("word/vbaProject.bin", b"x")), "holds-programs"),
    ("a.docx", a_document(("word/activeX/a.xml", b"x")), "holds-programs"),
    ("a.docx", a_document(("word/embeddings/o.bin", b"x")), "holds-programs"),
    ("a.docx", a_document(("word/embeddings/o.pdf", b"x")), "holds-programs"),
    ("a.docx", a_document(("word/media/a.svg", b"x")), "holds-programs"),
    (
        "a.docx",
        a_document(types=WORD + "application/vnd.ms-word.document.macroEnabled"),
        "holds-programs",
    ),
    ("a.odt", an_odf("text", ("Basic/Standard/a.xml", "x")), "holds-programs"),
    (
        "a.docx",
        a_document(("word/_rels/s.rels", RELATIONS.format("attachedTemplate"))),
        "fetches",
    ),
    # Locked, broken, or far larger than it looks.
    ("a.pdf", a_pdf(password="x"), "locked"),
    ("a.odt", an_odf("text", manifest="<m><encryption-data/></m>"), "locked"),
    ("a.pdf", b"%PDF-1.7\nnothing\n%%EOF", "broken"),
    ("a.png", a_picture("PNG")[:60] + PNG_END, "broken"),
    ("a.jpg", a_picture()[:100], "broken"),
    ("a.docx", b"PK\x03\x04" + b"\x00" * 100 + b"PK\x05\x06" + b"\xff" * 18, "broken"),
    ("a.docx", a_document(("../a", b"x")), "broken"),
    (
        "a.docx",
        a_document(types='<!DOCTYPE a [<!ENTITY b "c">]>' + WORD),
        "broken",
    ),
    ("a.docx", a_bomb(), "unpacks-too-large"),
    ("a.docx", a_document(*((f"a{n}", b"") for n in range(2001))), "unpacks-too-large"),
    ("a.png", a_wide_png(), "unpacks-too-large"),
]


def kept(name: str, content: bytes) -> bytes:
    """Return a file as it is kept, examined in this process: the child does the same."""
    end = kind_of(name, content)
    return cleaned(content, end)


@pytest.mark.parametrize(("name", "content"), TRUE, ids=[one[0] for one in TRUE])
def test_a_true_file_is_kept_and_is_taken_again(name: str, content: bytes):
    first = kept(name, content)

    assert kept(name, first)
    assert "王小明".encode() not in first


@pytest.mark.parametrize(
    ("name", "content", "code"), FALSE, ids=[f"{one[0]} {one[2]}" for one in FALSE]
)
def test_a_false_file_is_refused_with_its_reason(name: str, content: bytes, code: str):
    with pytest.raises(Refused) as refused:
        kept(name, content)

    assert refused.value.code == code


def test_a_picture_is_kept_turned_and_without_place_and_camera():
    content = kept("a.jpg", a_picture())

    picture = Image.open(io.BytesIO(content))
    assert picture.size == (40, 60)
    assert not picture.getexif()
    assert PLACE.encode() not in content
    assert b"a camera" not in content


def test_a_document_loses_its_authors_and_keeps_its_words():
    written = kept("a.pdf", a_pdf())
    document = pikepdf.open(io.BytesIO(written))
    assert "/Info" not in document.trailer
    assert "/Metadata" not in document.Root
    assert len(document.pages) == 1

    book = openpyxl.load_workbook(io.BytesIO(kept("a.xlsx", a_sheet())))
    assert book.active["A1"].value == 21
    assert book.properties.creator != "王小明"

    for name, content in (("a.docx", a_document()), ("a.odt", an_odf("text"))):
        with zipfile.ZipFile(io.BytesIO(kept(name, content))) as package:
            parts = {entry: package.read(entry) for entry in package.namelist()}
        assert not any("王小明".encode() in part for part in parts.values())
        assert any(b"21" in part for part in parts.values())


def test_a_package_tells_neither_the_folder_nor_the_camera_of_who_made_it():
    folder = 'url="C:\\Users\\王小明\\Desktop\\"'
    book = f'<workbook><x15ac:absPath xmlns:x15ac="ac" {folder}/>21</workbook>'
    parts = [
        ("[Content_Types].xml", TYPES.format(SHEET)),
        ("xl/workbook.xml", book),
        ("xl/media/image1.jpeg", a_picture()),
    ]

    with zipfile.ZipFile(io.BytesIO(kept("a.xlsx", packed(*parts)))) as package:
        said = package.read("xl/workbook.xml")
        picture = package.read("xl/media/image1.jpeg")

    assert "王小明".encode() not in said
    assert b"21</workbook>" in said
    assert PLACE.encode() not in picture
    assert b"a camera" not in picture
    assert Image.open(io.BytesIO(picture)).convert("RGB").size == (60, 40)


def test_a_part_that_unfolds_itself_is_refused():
    part = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'

    with pytest.raises(Refused) as refused:
        kept("a.docx", a_document(("word/numbering.xml", part)))

    assert refused.value.code == "broken"


def test_a_chart_keeps_its_sheet_and_a_sheet_within_may_hold_no_macro():
    inner = ("word/embeddings/Microsoft_Excel_Sheet.xlsx", a_sheet())
    assert kept("a.docx", a_document(inner))

    macro = packed(("[Content_Types].xml", WORD), ("xl/vbaProject.bin", b"x"))
    hidden = ("word/embeddings/Microsoft_Excel_Sheet.xlsx", macro)
    with pytest.raises(Refused):
        kept("a.docx", a_document(hidden))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("統計 表.pdf", "統計 表.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\王\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00\r\n.pdf", "a.pdf"),
        ("長" * 300 + ".pdf", "長" * 196 + ".pdf"),
    ],
)
def test_a_name_keeps_its_end_and_loses_what_deceives(name: str, expected: str):
    assert name_of(name) == expected


def test_the_reading_process_answers_and_dies_alone():
    end, content = examined("a.jpg", a_picture())
    assert (end, content[:2]) == (".jpg", b"\xff\xd8")

    with pytest.raises(Refused) as refused:
        examined("a.docx", a_document(("word/vbaProject.bin", b"x")))
    assert refused.value.code == "holds-programs"
