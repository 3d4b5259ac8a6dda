"""Reading a large scorecard, against openpyxl in the same run."""

import gc
import io
import statistics
import time
from collections.abc import Callable

import openpyxl

from sheets.grid import read_workbook

ROWS, MERGES, RUNS = 5_000, 600, 5

# As an officer types them: no more decimals than the format displays.
NUMBERS: dict[int, tuple[str, Callable[[int], float]]] = {
    5: ("0.00", lambda seed: seed % 10_000 / 100),
    6: ("0.0", lambda seed: seed % 1_000 / 10),
    7: ("0", lambda seed: seed % 100),
    8: ("0.00", lambda seed: seed % 9_999 / 100),
    9: ("0.0", lambda seed: seed % 999 / 10),
    10: ("0%", lambda seed: seed % 100 / 100),
    13: ("#,##0", lambda seed: seed % 3_000 * 1_000),
    14: ("#,##0", lambda seed: seed % 2_999 * 1_000),
}


def large_scorecard() -> bytes:
    """Return a scorecard of 5,000 rows and 15 columns, with merges and hidden rows."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, ROWS + 1):
        for column in range(1, 16):
            if column in NUMBERS:
                code, number = NUMBERS[column]
                cell = sheet.cell(row, column, number(row * 7_919 + column * 104_729))
                cell.number_format = code
            else:
                sheet.cell(
                    row, column, f"BC{row}.{column} 減少重複陳述執行率之行動計畫"
                )
    for number in range(MERGES):
        row = number * 8 + 1
        sheet.merge_cells(start_row=row, end_row=row + 3, start_column=1, end_column=1)
    for row in range(10, ROWS, 50):
        sheet.row_dimensions[row].hidden = True
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def read_by_openpyxl(content: bytes) -> tuple[int, int, int]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    shown = [
        (cell.value, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    hidden = [row for row, seen in sheet.row_dimensions.items() if seen.hidden]
    return len(shown), len(sheet.merged_cells.ranges), len(hidden)


def read_by_us(content: bytes) -> tuple[int, int, int]:
    sheet = read_workbook(content, "large.xlsx").sheets[0]
    shown = [(cell.value, cell.text) for cell in sheet]
    return len(shown), len(sheet.merges), len(sheet.hidden_rows)


def seconds_of(read: Callable[[bytes], object], content: bytes) -> float:
    """Return the processor's seconds, which a busy machine does not lengthen."""
    gc.collect()
    before = time.process_time()
    read(content)
    return time.process_time() - before


def test_a_large_scorecard_reads_three_times_faster_than_by_openpyxl():
    content = large_scorecard()
    assert read_by_us(content) == read_by_openpyxl(content)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds_of(read_by_us, content))
        theirs.append(seconds_of(read_by_openpyxl, content))
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(
        f"\nreading {ROWS} x 15: {statistics.median(ours):.3f} s, "
        f"openpyxl {statistics.median(theirs):.3f} s, ratio {ratio:.1f}"
    )
    assert ratio >= 3
