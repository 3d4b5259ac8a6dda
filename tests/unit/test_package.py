"""Files that must be refused are, by a process of its own, and ours goes on."""

import io
import os
import random
import resource
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from sheets.package import Limits, Refused, child, inspect, read_safely
from tests.unit import hostile, hostile_kinds

ROOT = Path(__file__).resolve().parent.parent.parent
WORKBOOKS = ROOT / "fixtures" / "workbooks"

# Built once for two tests.
large_unpacked = cache(hostile.large_unpacked)

# What builds a file, what somebody called it, and the code it is refused with.
REFUSED = [
    (hostile.far_cell, "plan.xlsx", "cell-too-far"),
    (hostile.zip_bomb, "plan.xlsx", "packed-too-tightly"),
    (hostile.lying_bomb, "plan.xlsx", "file-broken"),
    (large_unpacked, "plan.xlsx", "file-too-large"),
    (hostile.billion_laughs, "plan.xlsx", "entities"),
    (hostile.external_entity, "plan.xlsx", "entities"),
    (hostile.doctype_in_utf_16, "plan.xlsx", "entities"),
    (hostile.many_entries, "plan.xlsx", "too-many-entries"),
    (hostile.endless_text, "plan.xlsx", "text-too-long"),
    (hostile.endless_tag, "plan.xlsx", "file-broken"),
    (hostile.repeated_entry, "plan.xlsx", "file-broken"),
    (hostile.climbing_entry, "plan.xlsx", "unsafe-entry"),
    (hostile.truncated, "plan.xlsx", "file-broken"),
    (hostile.damaged, "plan.xlsx", "file-broken"),
    (hostile.encrypted, "plan.xlsx", "file-encrypted"),
    (hostile.encrypted, "plan.xls", "file-broken"),
    (hostile.html, "plan.xlsx", "file-kind"),
    (hostile.html, "plan.xls", "file-kind"),
    (hostile.html, "plan.csv", "file-kind"),
    (hostile.comma_separated, "plan.xlsx", "file-kind"),
    (hostile.comma_separated, "plan.xls", "file-kind"),
    (hostile.zeros, "plan.xlsx", "file-kind"),
    (hostile.zeros, "plan.csv", "file-kind"),
    (hostile.no_workbook, "plan.xlsx", "file-kind"),
    (hostile.no_workbook, "plan.ods", "file-kind"),
    (hostile.long_number, "plan.xlsx", "number-too-long"),
    (hostile.large_exponent, "plan.xlsx", "number-too-long"),
    (hostile.long_text, "plan.xlsx", "text-too-long"),
    (hostile.many_empty_cells, "plan.xlsx", "too-many-cells"),
    (hostile.many_filled_cells, "plan.xlsx", "too-many-cells"),
    (hostile.one_text_for_all, "plan.xlsx", "too-much-text"),
    (hostile.deep_xml, "plan.xlsx", "file-broken"),
    (hostile.missing_sheet, "plan.xlsx", "file-broken"),
    (hostile.many_sheets, "plan.xlsx", "too-many-sheets"),
    (hostile.overlapping_merges, "plan.xlsx", "file-broken"),
    (hostile_kinds.ods_repeated_rows, "plan.ods", "cell-too-far"),
    (hostile_kinds.ods_repeated_columns, "plan.ods", "cell-too-far"),
    (hostile_kinds.ods_repeated_cells, "plan.ods", "too-many-cells"),
    (hostile_kinds.ods_repeated_text, "plan.ods", "too-much-text"),
    (hostile_kinds.ods_repeated_spans, "plan.ods", "too-many-merges"),
    (hostile_kinds.ods_large_number_of_times, "plan.ods", "file-broken"),
    (hostile_kinds.ods_many_tables, "plan.ods", "too-many-sheets"),
    (hostile_kinds.ods_nested_table, "plan.ods", "file-broken"),
    (hostile_kinds.ods_deep, "plan.ods", "file-broken"),
    (hostile_kinds.ods_endless_text, "plan.ods", "text-too-long"),
    (hostile_kinds.ods_with_password, "plan.ods", "file-encrypted"),
    (hostile_kinds.ods_with_entities, "plan.ods", "entities"),
    (hostile_kinds.ods_without_content, "plan.ods", "file-kind"),
    (hostile_kinds.ods_bomb, "plan.ods", "packed-too-tightly"),
    (hostile_kinds.ods_truncated, "plan.ods", "file-broken"),
    (hostile_kinds.odt, "plan.ods", "file-kind"),
    (hostile_kinds.xls_truncated, "plan.xls", "file-broken"),
    (hostile_kinds.xls_head_only, "plan.xls", "file-broken"),
    (hostile_kinds.xls_with_password, "plan.xls", "file-encrypted"),
    (hostile_kinds.xlsx_with_password, "plan.xls", "file-encrypted"),
    (hostile_kinds.xlsx_with_password, "plan.xlsm", "file-encrypted"),
    (hostile_kinds.word_document, "plan.xls", "file-kind"),
    (hostile_kinds.xls_sectors_in_a_circle, "plan.xls", "file-broken"),
    (hostile_kinds.xls_sectors_nowhere, "plan.xls", "file-broken"),
    (hostile_kinds.xls_far_row, "plan.xls", "cell-too-far"),
    (hostile_kinds.xls_far_column, "plan.xls", "cell-too-far"),
    (hostile_kinds.xls_missing_text, "plan.xls", "file-broken"),
    (hostile_kinds.xls_many_texts, "plan.xls", "file-broken"),
    (hostile_kinds.xls_large_number, "plan.xls", "number-too-long"),
    (hostile_kinds.xls_no_number, "plan.xls", "file-broken"),
    (hostile_kinds.csv_one_line, "plan.csv", "text-too-long"),
    (hostile_kinds.csv_nothing_but_commas, "plan.csv", "too-many-cells"),
    (hostile_kinds.csv_nothing_but_quotes, "plan.csv", "csv-quote"),
    (hostile_kinds.csv_nothing_but_lines, "plan.csv", "too-many-cells"),
    (hostile_kinds.csv_with_zeros, "plan.csv", "file-kind"),
    (hostile_kinds.csv_of_no_encoding, "plan.csv", "text-encoding"),
    (hostile_kinds.csv_with_the_wrong_mark, "plan.csv", "text-encoding"),
    (hostile_kinds.csv_with_half_a_sign, "plan.csv", "text-encoding"),
    (hostile_kinds.html_with_a_mark, "plan.xls", "file-kind"),
    (hostile_kinds.pdf, "plan.xlsx", "file-kind"),
]


def written(folder: Path, content: bytes) -> Path:
    path = folder / "uploaded.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("build", "file_name", "code"),
    REFUSED,
    ids=[f"{build.__name__}-{name}" for build, name, _ in REFUSED],
)
def test_a_hostile_file_is_refused_with_a_code(
    build: Callable[[], bytes], file_name: str, code: str, tmp_path: Path
):
    path = written(tmp_path, build())
    before = time.monotonic()
    with pytest.raises(Refused) as refusal:
        read_safely(path, file_name)
    assert refusal.value.code == code
    assert time.monotonic() - before < 20


def test_a_refusal_names_sheet_and_cell(tmp_path: Path):
    with pytest.raises(Refused) as refusal:
        read_safely(written(tmp_path, hostile.far_cell()), "plan.xlsx")
    assert refusal.value.params == {
        "sheet": "Sheet1",
        "cell": "XFD1048576",
        "rows": 20_000,
        "columns": 200,
    }


def test_our_own_memory_does_not_grow_with_a_bomb(tmp_path: Path):
    path = written(tmp_path, large_unpacked())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused):
        read_safely(path, "plan.xlsx")
    # In kilobytes: 200 megabytes were unpacked, and not by us.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_style_in_a_far_cell_is_no_reason_to_refuse(tmp_path: Path):
    rows = hostile.one_cell("A1") + hostile.one_cell("XFD1048576", "", ' s="0"')
    book = read_safely(written(tmp_path, hostile.workbook(rows)), "plan.xlsx")
    assert (book.sheets[0].row_count, book.sheets[0].column_count) == (1, 1)


def test_a_good_file_is_read_under_the_name_it_was_given():
    book = read_safely(WORKBOOKS / "center-111.xlsx", "計畫\udc80.xlsx")
    assert book.file_name == "計畫\udc80.xlsx"
    assert [sheet.name for sheet in book.sheets] == ["策略地圖", "平衡計分卡"]


def test_inspect_says_nothing_of_a_good_file_and_refuses_a_bad_one(tmp_path: Path):
    inspect(WORKBOOKS / "center-111.xlsx", Limits())
    with pytest.raises(Refused, match="cell-too-far"):
        inspect(written(tmp_path, hostile.far_cell()), Limits())


def test_a_file_above_the_packed_size_starts_no_process(tmp_path: Path, monkeypatch):
    path = written(tmp_path, hostile.workbook(hostile.one_cell()))
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with pytest.raises(Refused, match="file-too-large"):
        read_safely(path, "plan.xlsx", Limits(packed=100))


def test_a_line_of_thirty_megabytes_is_not_even_opened(tmp_path: Path):
    with pytest.raises(Refused, match="file-too-large"):
        read_safely(written(tmp_path, hostile_kinds.csv_thirty_megabytes()), "plan.csv")


def test_an_empty_file_is_told_apart(tmp_path: Path):
    with pytest.raises(Refused, match="file-empty"):
        read_safely(written(tmp_path, b""), "plan.xlsx")


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(memory=25_000_000), "memory"),
        (Limits(answer_bytes=1_000), "answer"),
        (Limits(seconds=0), "time"),
    ],
)
def test_a_process_that_needs_too_much_is_stopped(
    limits: Limits, what: str, tmp_path: Path
):
    path = written(tmp_path, hostile.many_filled_cells(rows=500))
    with pytest.raises(Refused) as refusal:
        read_safely(path, "plan.xlsx", limits)
    assert refusal.value.code in ("file-too-large", "file-unreadable")
    assert what in refusal.value.params.values()


@pytest.mark.parametrize(
    ("program", "code", "reason"),
    [
        ("import os; os.abort()", "file-unreadable", "crash"),
        ("while True: pass", "file-too-large", "processor"),
        ("import time; time.sleep(60)", "file-unreadable", "time"),
        ("print('x' * 5_000_000)", "file-too-large", "answer"),
        ("print('B' + '0' * 50)", "file-unreadable", "answer"),
    ],
)
def test_a_process_that_goes_wrong_is_a_refusal(
    program: str, code: str, reason: str, monkeypatch
):
    bound = (
        "import sys, json; sys.path.insert(0, sys.argv[1]);"
        "from sheets.package import child;"
        "child._bind(child.Limits(**json.loads(sys.argv[2])['limits']));"
    )
    monkeypatch.setattr(child, "_PROGRAM", bound + f"exec({program!r})")
    # A busy machine takes long to give a process its second.
    seconds = 60 if reason == "processor" else 2
    limits = replace(
        Limits(), processor_seconds=1, seconds=seconds, answer_bytes=1_000_000
    )
    with pytest.raises(Refused) as refusal:
        read_safely(WORKBOOKS / "city-109.xlsx", "plan.xlsx", limits)
    assert refusal.value.code == code
    assert reason in refusal.value.params.values()


def test_no_process_and_no_open_file_is_left_behind(tmp_path: Path):
    path = written(tmp_path, hostile.far_cell())
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(Refused):
            read_safely(path, "plan.xlsx")
    assert len(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_files_are_read_from_several_threads_at_once():
    found: list[int] = []

    def read() -> None:
        found.append(len(read_safely(WORKBOOKS / "city-109.xlsx", "a.xlsx").sheets))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1]


def test_the_reading_process_imports_no_library_and_sees_no_environment():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sheets.package.child;"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, env={}, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"django", "openpyxl", "lxml", "python_calamine", "celery"}
    assert not loaded - sys.stdlib_module_names - {"sheets", "__main__"}


def test_a_link_to_another_file_is_not_followed(tmp_path: Path):
    parts = hostile.parts_of(hostile.one_cell())
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="x"><Relationship Id="rId1" Type="a/externalLinkPath" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    book = read_safely(written(tmp_path, hostile.packed(parts)), "plan.xlsx")
    assert book.sheets[0].text(1, 1) == "1"


def test_an_encoding_that_office_never_uses_is_refused(tmp_path: Path):
    content = hostile.sheet(hostile.one_cell()).replace("UTF-8", "rot13")
    path = written(tmp_path, hostile.workbook(sheet=content))
    with pytest.raises(Refused, match="encoding"):
        read_safely(path, "plan.xlsx")


@pytest.mark.slow
def test_whatever_is_done_to_a_file_it_is_read_or_refused(tmp_path: Path):
    chance = random.Random(109)
    whole = hostile.workbook(
        hostile.one_cell("A1", "<v>44621</v>", ' s="1"'),
        styles=hostile.styles("yyyy/m/d"),
    )
    outcomes = set()
    for _ in range(2_000):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            inspect(written(tmp_path, bytes(content)))
            outcomes.add("read")
        except Refused as refused:
            outcomes.add(refused.code)
    assert outcomes >= {"read", "file-broken", "file-kind"}


def test_a_zip_with_a_method_that_office_never_uses_is_refused(tmp_path: Path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in hostile.parts_of().items():
            archive.writestr(name, content)
    with pytest.raises(Refused, match="method"):
        read_safely(written(tmp_path, target.getvalue()), "plan.xlsx")
