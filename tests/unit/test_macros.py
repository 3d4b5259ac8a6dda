"""A file that holds a program is known by the names of its parts."""

import io
import zipfile

import pytest

from sheets.package.macros import may_hold_macros


def package(*names: str) -> io.BytesIO:
    """Return a zip with these parts, each of them packed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", *names):
            parts.writestr(name, "x" * 1000)
    written.seek(0)
    return written


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "XL/VBAPROJECT.BIN",
        "xl/macrosheets/sheet1.xml",
        "Basic/script-lc.xml",
        "Scripts/python/evil.py",
    ],
)
def test_a_part_that_runs_is_found(name: str):
    assert may_hold_macros(package("xl/workbook.xml", name))


@pytest.mark.parametrize(
    "text", ["_VBA_PROJECT", "_VBA_PROJECT_CUR", "EncryptedPackage"]
)
def test_a_stream_of_an_older_workbook_that_may_run_is_found(text: str):
    assert may_hold_macros(io.BytesIO(b"\xd0\xcf" + text.encode("utf-16-le") + b"\0"))


def test_a_plain_workbook_holds_none():
    assert not may_hold_macros(package("xl/workbook.xml", "xl/worksheets/sheet1.xml"))
    assert not may_hold_macros(io.BytesIO(b""))


@pytest.mark.parametrize("before", [1_048_570, 1_048_576, 1_048_580])
def test_a_name_across_two_pieces_of_a_large_file_is_found(before: int):
    assert may_hold_macros(io.BytesIO(b"\0" * before + b"xl/vbaProject.bin"))


def test_a_macro_under_another_name_is_found_by_its_kind():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        kind = "application/vnd.ms-office.vbaProject"
        told = f'<Types><Override PartName="/xl/media/a.bin" ContentType="{kind}"/></Types>'
        parts.writestr("[Content_Types].xml", told)
        parts.writestr("xl/media/a.bin", "x" * 1000)
    file.seek(0)
    assert may_hold_macros(file)


def test_a_package_that_cannot_be_looked_through_counts_as_one():
    whole = package("xl/workbook.xml").getvalue()
    broken = whole.replace(b"[Content_Types].xml", b"[Content_Types].xmx", 1)
    assert may_hold_macros(io.BytesIO(broken))


def test_a_file_named_as_one_with_macros_is_not_asked():
    assert may_hold_macros(package("xl/workbook.xml"), "Plan.XLSM")
