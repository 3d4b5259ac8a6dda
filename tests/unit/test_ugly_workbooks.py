"""One table typed in every bad way there is, and all of them at once: one reading."""

import io

import pytest

from sheets.cells import split_code
from sheets.forms import read_book
from sheets.forms.formulas import formula_of
from sheets.forms.readings import ScorecardReading, Severity
from sheets.forms.spread import spread_over
from sheets.grid import read_workbook
from tests.unit.ugly import COLUMNS, TITLE, Ugly, plain_words, said
from tests.unit.ugly_rows import (
    BY_BOTH,
    BY_KIND,
    BY_YEAR,
    by_both,
    by_kind,
    by_year,
    by_year_once,
    long_words,
    parted,
)

OTHER_UNIT = (
    ("勞動局 111年平衡計分卡",),
    ("策略目標", "KPI", "111年目標值"),
    ("AC1 穩定就業", "AC1.1 媒合率", "60"),
)
PURCHASES = (("採購清單",), ("品名", "數量"), ("紙", "5"))
CONTACTS = (("聯絡人", "分機"), ("王小明", "1234"))


def office_words(key: str, year: str) -> tuple[str, ...]:
    """Return a heading in the words of another office."""
    return {
        "objective": ("策略性目標",),
        "factor": ("關鍵成功要素",),
        "kpi": ("績效指標",),
        "formula": ("計算方式",),
        "actual": (f"{year}實績",),
        "target": (f"年度目標值({year})",),
        "kpi_owner": ("權責單位",),
        "plan": ("方案",),
        "budget": (f"{'已' if year == '111' else '預'}編{year}年度概算",),
        "plan_owner": ("方案主辦科室",),
    }.get(key) or plain_words(key, year)


def two_rows(key: str, year: str) -> tuple[str, ...]:
    """Return a heading of two rows: what is measured over its year."""
    if key in ("actual", "target"):
        return {"actual": "實際值", "target": "目標值"}[key], f"{year}年"
    if key == "budget":
        return "行動計畫概算(元)", f"{year}年{'已' if year == '111' else '預'}編"
    return plain_words(key, year)


def western(key: str, year: str) -> tuple[str, ...]:
    common = str(int(year) + 1911) if year else ""
    return tuple(
        word.replace(year, common) if year else word for word in plain_words(key, year)
    )


def all_words(key: str, year: str) -> tuple[str, ...]:
    words = two_rows(key, year)
    return words if len(words) > 1 else office_words(key, year)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code) not in "<>"}


def wide(key: str, text: str) -> str:
    """Return a text with its numbers and signs in full width, spaces around it."""
    if key in ("objective", "factor", "kpi", "plan"):
        return text
    return f" {text.translate(_WIDE)}　"


def spelled(key: str, text: str) -> str:
    """Return a text with other words for the same: comparators, nothing, lists."""
    kind = key.partition(" ")[0]
    if kind in ("actual", "target"):
        text = text.replace("無實際值", "尚無資料").replace(
            "(109年7-12月)", "[109年下半年]"
        )
        return text.replace("≥", "不得低於 ")
    if kind.endswith("owner"):
        return text.replace("\n", "、")
    if kind == "budget":
        return text.replace("無", "－")
    return text


def wrapped(key: str, text: str) -> str:
    """Return a text whose lines are wrapped within its words."""
    if key in ("factor", "kpi") and len(text) > 14:
        return f"{text[:10]}\n{text[10:]}"
    return text


def spoiled(key: str, text: str) -> str:
    return wide(key, spelled(key, wrapped(key, text)))


def in_words(key: str, text: str) -> str:
    """Return an objective without its code."""
    return split_code(text).name if key == "objective" else text


def with_parts(key: str, text: str) -> str:
    """Return owners with the part that each takes, in one line."""
    if not key.endswith("owner"):
        return text
    first, *others = text.split("\n")
    return " ".join([f"主辦：{first}", *(f"協辦：{name}" for name in others)])


def glued(key: str, text: str) -> str:
    """Return owners with the part that each takes, and nothing between them."""
    if not key.endswith("owner"):
        return text
    first, *others = text.split("\n")
    return "".join([f"{first}(主辦)", *(f"{name}（協辦）" for name in others)])


def in_commas(key: str, text: str) -> str:
    """Return a formula whose direction and unit of measure stand between commas."""
    if key != "formula" or "負向" not in text:
        return text
    formula = formula_of(text)
    return f"{formula.text}，負向，{formula.measure}"


def dashed(key: str, text: str) -> str:
    """Return a nothing as one of the dashes that offices type."""
    kind, _, year = key.partition(" ")
    if text == "無實際值":
        return {"108": "――", "109": "——", "110": "－－"}[year]
    return "——" if kind == "budget" and text == "無" else text


SHUFFLED = tuple(reversed(COLUMNS[:7])) + COLUMNS[7:]
PERSPECTIVE_LAST = (*COLUMNS, "perspective")
MORE_COLUMNS = ("number", *COLUMNS[:4], "remark", *COLUMNS[4:])
FOOT = ("註：本表每季更新", "※資料來源：各組室", "承辦人：", "第 3 頁，共 3 頁")

CLEAN = Ugly()
BAD = {
    "other words": Ugly(words=office_words),
    "columns in another order": Ugly(order=SHUFFLED),
    "columns of its own": Ugly(order=MORE_COLUMNS),
    "perspective in a column": Ugly(order=("perspective", *COLUMNS)),
    "perspective in the last column": Ugly(order=PERSPECTIVE_LAST, fill="repeated"),
    "codes in a column": Ugly(order=("code", *COLUMNS)),
    "two rows of headings": Ugly(words=two_rows),
    "two rows of headings, none merged": Ugly(words=two_rows, is_merged_head=False),
    "western years": Ugly(words=western),
    "headings on every page": Ugly(repeat_every=4, fill="blank"),
    "two rows of headings on every page": Ugly(
        words=two_rows, repeat_every=4, fill="repeated"
    ),
    "blank instead of merged": Ugly(fill="blank"),
    "everything in every row": Ugly(fill="repeated"),
    "full width": Ugly(spoil=wide),
    "other spellings": Ugly(spoil=spelled),
    "wrapped lines": Ugly(spoil=wrapped),
    "footnotes": Ugly(foot=FOOT),
    "hidden rows and columns": Ugly(hidden_rows=(4, 5), hidden_columns=("B", "G")),
    "lines above": Ugly(title=(TITLE, "單位：元", "製表日期：111/2/6")),
    "a row a year": Ugly(
        order=BY_YEAR, words=long_words, rows=by_year, fill="repeated"
    ),
    "a row a year, each KPI once": Ugly(
        order=BY_YEAR, words=long_words, rows=by_year_once, fill="blank"
    ),
    "a row for targets and one for actuals": Ugly(
        order=BY_KIND, words=long_words, rows=by_kind, fill="repeated"
    ),
    "a row a figure": Ugly(order=BY_BOTH, words=long_words, rows=by_both),
    "objectives in words": Ugly(spoil=in_words),
    "objectives in words in every row": Ugly(spoil=in_words, fill="repeated"),
    "owners with their parts": Ugly(spoil=with_parts),
    "owners with their parts, glued": Ugly(spoil=glued),
    "a direction between commas": Ugly(spoil=in_commas),
    "dashes for nothing": Ugly(spoil=dashed),
    "columns nobody knows": Ugly(
        order=(*COLUMNS[:6], "estimate", *COLUMNS[6:], "charge")
    ),
    "another unit below": Ugly(below=OTHER_UNIT),
    "irrelevant sheets": Ugly(sheets=(PURCHASES, CONTACTS)),
    "all at once": Ugly(
        order=("number", *SHUFFLED, "remark", "perspective"),
        words=all_words,
        title=(TITLE, "單位：元"),
        fill="repeated",
        spoil=spoiled,
        repeat_every=5,
        foot=FOOT,
        hidden_rows=(6, 7),
        hidden_columns=("C",),
        below=OTHER_UNIT,
        sheets=(PURCHASES, CONTACTS),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_badly_typed_table_says_what_the_clean_one_says(name: str):
    clean, *_ = CLEAN.readings()
    ugly, *_ = BAD[name].readings()
    assert isinstance(clean.reading, ScorecardReading)
    assert isinstance(ugly.reading, ScorecardReading)
    assert said(ugly.reading) == said(clean.reading)
    errors = [doubt.code for doubt in ugly.doubts if doubt.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize("title", [TITLE, ""])
def test_a_sheet_for_each_perspective_says_what_one_sheet_says(title: str):
    target = io.BytesIO()
    parted(title).save(target)
    first, *more = read_book(read_workbook(target.getvalue(), "parted.xlsx"))
    whole = first.reading
    for sheet in more:
        found = spread_over(whole, sheet.reading, sheet.name)
        assert found is not None
        assert found.doubts == ()
        whole = found.reading
    assert isinstance(whole, ScorecardReading)
    clean = CLEAN.readings()[0].reading
    untold = {} if title else {"unit": "", "year": 2022}
    assert said(whole) == said(clean) | untold


def test_the_clean_table_is_the_published_one():
    reading = CLEAN.readings()[0].reading
    assert (len(reading.objectives), len(reading.factors)) == (15, 17)
    assert (len(reading.kpis), len(reading.rows)) == (20, 20)
    amounts = [m.amount for row in reading.rows for m in row.budgets if m.amount]
    assert sum(amounts) == 8_494_980 + 9_444_980


def test_what_stands_beside_the_table_is_read_for_what_it_is():
    readings = BAD["all at once"].readings()
    assert [reading.form for reading in readings] == [
        "scorecard",
        "scorecard",
        None,
        None,
    ]
    assert readings[1].reading.unit_text == "勞動局"
    told = [doubt.code for doubt in readings[0].doubts]
    assert "hidden-read" in told
    assert told.count("column-not-read") == 2
