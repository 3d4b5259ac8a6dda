"""Objectives and KPIs named in words only: what is stored tells their codes."""

from pathlib import Path

import openpyxl
import pytest

from bsc.models import Objective
from kpi.models import Kpi
from sheets.cells import split_code
from sheets.proposals import Proposal
from tests.integration.importing import import_all, import_file, load_reference
from tests.unit.ugly import TITLE, lines

pytestmark = pytest.mark.django_db

HEADINGS = ("構面", "策略目標", "KPI", "111年目標值", "112年目標值")
KEYS = ("objective", "kpi", "target 111", "target 112")


def bring_in(folder: Path, *, backwards: bool) -> Proposal:
    """Bring in the card of the centre without any code, from either end."""
    book = openpyxl.Workbook()
    book.active.append([TITLE])
    book.active.append(HEADINGS)
    rows = [(band, line) for band, line in lines() if band[:2] in ("學習", "財務")]
    for band, line in reversed(rows) if backwards else rows:
        texts = [line[key] for key in KEYS]
        texts[:2] = [split_code(text).name for text in texts[:2]]
        book.active.append([band, *texts])
    path = folder / "words.xlsx"
    book.save(path)
    return import_file(path)


def codes_asked(proposal: Proposal) -> list[tuple]:
    return [
        (i.default, i.params.get("by"))
        for i in proposal.issues
        if i.code in ("objective-code", "code-completed")
    ]


def test_names_that_are_stored_keep_their_codes_in_whatever_order(tmp_path: Path):
    import_all(["center-111"])
    proposal = bring_in(tmp_path, backwards=True)
    assert codes_asked(proposal) == [
        ("TF1", "stored"),
        ("TF1.1", None),
        ("TL3", "stored"),
        ("TL3.1", None),
        ("TL2", "stored"),
        ("TL2.1", None),
        ("TL1", "stored"),
        ("TL1.1", None),
    ]
    counts = proposal.changes()
    for noun in ("objectives", "kpis", "series"):
        assert counts[noun]["created"] == 0, noun
    assert (Objective.objects.count(), Kpi.objects.count()) == (15, 20)


def test_names_that_nobody_knows_are_numbered_and_keep_their_numbers(tmp_path: Path):
    load_reference()
    first = bring_in(tmp_path, backwards=False)
    assert not first.is_refused
    named = {kpi.name: kpi.code for kpi in Kpi.objects.all()}
    assert set(named.values()) == {"TL1.1", "TL2.1", "TL3.1", "TF1.1"}
    again = bring_in(tmp_path, backwards=True)
    assert {by for _, by in codes_asked(again)} == {"stored", None}
    assert {kpi.name: kpi.code for kpi in Kpi.objects.all()} == named
    assert again.changes()["kpis"]["created"] == 0
