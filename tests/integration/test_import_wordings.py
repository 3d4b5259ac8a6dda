"""A planner adds the words of an office, and its columns are read from then on."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from sheets import services
from sheets.models import ColumnWording
from tests.world import World

HEADINGS = ["策略目標", "KPI", "111年期望水準", "主責科室"]
ROW = ["AC1 提升服務", "AC1.1 服務涵蓋率", 90, "成保組"]


def workbook_at(path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["家防中心 111年平衡計分卡"], HEADINGS, ROW):
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    path.write_bytes(content.getvalue())


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.django_db
def test_a_heading_is_read_once_a_planner_has_named_it(world, tmp_path):
    path = tmp_path / "a.xlsx"
    workbook_at(path)
    (before,) = services.read(path, "a.xlsx").readings
    assert "unknown-column" in [doubt.code for doubt in before.doubts]
    assert before.reading.kpis[0].targets == {}

    answer = world.client("planner").post(
        reverse("admin:sheets_columnwording_add"),
        {"words": "110年期望水準", "column": "target", "stage": ""},
    )
    assert answer.status_code == 302
    wording = ColumnWording.objects.get(column="target", words="110年期望水準")
    assert (wording.bare, wording.added_by.username) == ("期望水準", "planner")

    (after,) = services.read(path, "a.xlsx").readings
    assert "unknown-column" not in [doubt.code for doubt in after.doubts]
    assert after.reading.kpis[0].targets[2022].value == 90


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["111年目標值", "（元）", "112"])
def test_what_is_known_or_says_nothing_is_no_new_wording(words: str):
    with pytest.raises(ValidationError):
        ColumnWording(words=words, column="target").full_clean()


@pytest.mark.django_db
def test_a_heading_is_added_once_however_it_is_spelled():
    services.learn_wording("期望 水準（千元）", column="target")
    with pytest.raises(ValidationError):
        services.learn_wording("110年期望水準", column="actual")
    assert ColumnWording.objects.filter(bare="期望水準").count() == 1


@pytest.mark.django_db
def test_only_a_budget_has_a_stage():
    with pytest.raises(ValidationError):
        services.learn_wording("期望水準", column="target", stage="budget")
    with pytest.raises(ValidationError):
        services.learn_wording("編列金額", column="budget")
    with pytest.raises(IntegrityError), transaction.atomic():
        ColumnWording.objects.create(words="甲", bare="甲", column="budget")
    learned = services.learn_wording("編列金額", column="budget", stage="estimate")
    assert str(learned).startswith("編列金額: ")
