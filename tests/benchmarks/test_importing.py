"""A scorecard of 5,000 KPIs brought in, against what only writes the same rows.

Seconds are those of the processor, of this process and of the one that reads the
file, so that a busy machine lengthens none of them. django-import-export would take
minutes for all rows: it is given a scorecard of a tenth of the KPIs, and its seconds
are multiplied by ten, which flatters it (more rows make it no faster).
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from import_export.resources import modelresource_factory
from openpyxl import Workbook

from bsc.history import BATCH_SIZE
from bsc.models import Unit, User
from sheets import services
from sheets.models import ImportBatch
from sheets.proposals import Options
from tests.integration.importing import ROOT, client_of, load_reference, person

KPIS, SAMPLE = 5_000, 500
MEMORY = 300
HEADINGS = (
    "策略目標",
    "關鍵成功因素 (KSF)",
    "KPI (關鍵績效指標)",
    "KPI 計算公式及計量單位",
    "108年 實際值",
    "109年 實際值",
    "110年 實際值",
    "111年 目標值",
    "112年 目標值",
    "113年 目標值",
    "KPI 主責科室",
    "行動計畫",
    "行動計畫 已編111年概算 (元)",
    "行動計畫 預編112年概算 (元)",
    "行動計畫 主責科室",
)
BANDS = {
    "C": "顧客構面",
    "P": "內部流程構面",
    "L": "學習成長構面",
    "F": "財務構面",
}
A_OBJECTIVE, A_THEME = 10, 160

pytestmark = pytest.mark.django_db


def write_scorecard(path: Path, count: int) -> Path:
    """Write a scorecard of `count` KPIs in the centre's 15 columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("平衡計分卡")
    sheet.append(["臺北市家庭暴力暨性侵害防治中心 平衡計分卡 (111年)"])
    sheet.append(HEADINGS)
    for number in range(count):
        place, of_theme = divmod(number, A_THEME)
        perspective = "CPLF"[place // 8]
        if number % (8 * A_THEME) == 0:
            sheet.append([BANDS[perspective]])
        objective = f"{'ABCDEFGH'[place % 8]}{perspective}{of_theme // A_OBJECTIVE + 1}"
        is_first = number % A_OBJECTIVE == 0
        code = f"{objective}.{number % A_OBJECTIVE + 1}"
        sheet.append(
            [
                f"{objective} 提升第{number}項服務" if is_first else None,
                f"{objective} 定期檢核第{number}項" if is_first else None,
                f"{code} 第{number}項服務使用率",
                "(使用人數/服務人數)*100%\n單位：%",
                "無實際值",
                number * 7_919 % 10_000 / 100,
                number * 104_729 % 1_000 / 10,
                "≥50",
                55.5 + number % 40,
                60 + number % 40,
                "成保組\n兒少組",
                f"{code}.1 第{number}項服務計畫\n{code}.2 第{number}項宣導計畫",
                number * 1_000,
                "無",
                "成保組",
            ]
        )
    book.save(path)
    return path


@pytest.fixture
def scorecard(tmp_path: Path) -> Path:
    load_reference()
    return write_scorecard(tmp_path / "large.xlsx", KPIS)


def seconds_of(work: Callable[[], None]) -> float:
    gc.collect()
    before = _processor_seconds()
    work()
    return _processor_seconds() - before


def _processor_seconds() -> float:
    spent = os.times()
    return sum((spent.user, spent.system, spent.children_user, spent.children_system))


def bring_in(path: Path) -> None:
    options = Options(file_name=path.name)
    proposal = services.apply_file(path, options, by=None, reason="a benchmark")
    assert not proposal.is_refused


def written_models() -> Iterator[type[models.Model]]:
    """Yield the models an import may write, those that rows must point at first.

    History stands right after the model it is of.
    """
    ours = [m for app in ("bsc", "kpi", "actions") for m in _models_of(app)]
    done: set[type[models.Model]] = {Unit, User}
    waiting = [m for m in ours if m not in done and not hasattr(m, "instance_type")]
    while waiting:
        model = next(m for m in waiting if _points_at(m) & set(waiting) <= {m})
        waiting.remove(model)
        yield model
        if hasattr(model, "history"):
            yield model.history.model


def _models_of(app: str) -> list[type[models.Model]]:
    return list(apps.get_app_config(app).get_models())


def _points_at(model: type[models.Model]) -> set[type[models.Model]]:
    fields = model._meta.concrete_fields
    return {f.related_model for f in fields if f.is_relation and not f.null}


def numbers_of_rows() -> dict[type[models.Model], int]:
    return {model: model._base_manager.count() for model in written_models()}


def rows_of_the_import(path: Path) -> dict[type[models.Model], list[models.Model]]:
    """Return all rows, history included, that an import makes; none of them stays."""
    before = numbers_of_rows()
    with taken_back():
        bring_in(path)
        made = [m for m, count in numbers_of_rows().items() if count != before[m]]
        # What stood before is the reference, in other tables.
        assert not any(before[model] for model in made)
        return {model: list(model._base_manager.order_by("pk")) for model in made}


@contextmanager
def taken_back() -> Iterator[None]:
    """Take all back that is written in this block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_an_import_costs_at_most_three_times_the_plain_writing_of_its_rows(
    scorecard: Path,
):
    rows = rows_of_the_import(scorecard)

    numbers = {model: len(some) for model, some in rows.items()}

    def write_plainly() -> None:
        for model, some in rows.items():
            model._base_manager.bulk_create(some, batch_size=BATCH_SIZE)

    with taken_back():
        plain = seconds_of(write_plainly)
    rows.clear()
    whole = seconds_of(lambda: bring_in(scorecard))

    counted = numbers_of_rows()
    assert all(counted[model] == count for model, count in numbers.items())
    print(
        f"\n{KPIS} KPIs, {sum(numbers.values())} rows with history: imported in"
        f" {whole / plain:.2f}x the time of a plain bulk_create (at most 3x)"
    )
    assert whole <= plain * 3


def test_an_import_costs_at_most_an_eighth_of_default_resources(
    tmp_path: Path, scorecard: Path
):
    sample = write_scorecard(tmp_path / "sample.xlsx", SAMPLE)
    rows = rows_of_the_import(sample)
    kept = [model for model in rows if not hasattr(model, "instance_type")]
    tables = []
    for model in kept:
        resource_of = modelresource_factory(model)()
        tables.append((model, resource_of, resource_of.export(rows[model])))

    def import_each() -> None:
        for model, resource_of, table in tables:
            done = resource_of.import_data(table, raise_errors=True)
            assert done.totals["new"] == len(rows[model])

    with taken_back():
        theirs = seconds_of(import_each) * KPIS / SAMPLE
        assert all(
            numbers_of_rows()[model] == len(some) for model, some in rows.items()
        )
    ours = seconds_of(lambda: bring_in(scorecard))

    print(
        f"\n{KPIS} KPIs: imported in 1/{theirs / ours:.1f} of the time of default"
        f" resources, measured on {SAMPLE} (at most 1/8)"
    )
    assert ours * 8 <= theirs


# What a worker does with an uploaded file: propose, keep the pictures, apply.
PROGRAM = """
import json, re, sys
import django
django.setup()
import config.urls
from pathlib import Path
from django.core.files import File
from sheets import services
from sheets.models import ImportBatch

def peak():
    told = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) // 1024

ImportBatch.objects.exists()
idle = peak()
with open(sys.argv[1], "rb") as file:
    batch = services.store_upload(
        file=File(file), file_name="large.xlsx", by=None, options={}
    )
services.propose_batch(batch)
services.apply_batch(batch)
assert batch.status == ImportBatch.Status.APPLIED
services.rate_cards(batch.verdict["sheets"])
print(json.dumps({"idle": idle, "own": peak()}))
"""
# From a small process: one that is started begins with the peak of its parent.
READING = """
import resource, sys
from sheets.package import read_safely
read_safely(sys.argv[1], "large.xlsx")
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def run(environment: dict[str, str], *command: str) -> str:
    """Return what a Python process says."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_an_import_takes_at_most_300_megabytes(tmp_path: Path):
    """The peaks of the process that writes and of the one that reads are added up."""
    path = write_scorecard(tmp_path / "large.xlsx", KPIS)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "MEDIA_ROOT": str(tmp_path / "media"),
    }
    run(environment, "manage.py", "migrate", "--verbosity=0")
    run(environment, "manage.py", "load_reference")
    peaks = json.loads(run(environment, "-c", PROGRAM, str(path)))
    reading = int(run(environment, "-c", READING, str(path)))
    taken = peaks["own"] - peaks["idle"] + reading
    print(
        f"\n{KPIS} KPIs: {taken} MB over an idle process (at most {MEMORY}),"
        f" {reading} of them to read it"
    )
    assert taken <= MEMORY


def shown(client: Client, path: Path, by: User) -> tuple[int, int]:
    """Upload a file and return the queries and the bytes of its page."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    batch = services.store_upload(file=file, file_name=path.name, by=by, options={})
    services.propose_batch(batch)
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.PROPOSED
    address = f"/imports/{batch.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured), len(answer.content)


def test_the_page_of_an_import_is_no_larger_for_ten_times_the_rows(
    tmp_path: Path, scorecard: Path
):
    planner = person("ines", "planner", "dvpc")
    client = client_of(planner)
    sample = write_scorecard(tmp_path / "sample.xlsx", SAMPLE)
    few, small = shown(client, sample, planner)
    many, large = shown(client, scorecard, planner)
    print(
        f"\n{KPIS} KPIs: the page takes {many} queries and {large // 1024} kB,"
        f" for {SAMPLE} {few} and {small // 1024} kB (at most a tenth more)"
    )
    assert many == few
    assert large <= small * 1.1
