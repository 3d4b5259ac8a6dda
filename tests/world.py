"""A small city with one row of every table and one person a role."""

from datetime import date
from typing import Any

from axes.models import AccessAttempt
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import ActionPlan, PlanLineage
from bsc.models import (
    ApiToken,
    ObjectiveLineage,
    ObjectiveLink,
    ThemeLineage,
    ThemeMember,
    Unit,
    UnitName,
    WorkDay,
)
from kpi.models import KpiLineage
from sheets.models import ColumnWording, ImportDoubt, ObjectiveAnswer, SheetPage
from tests.factories import (
    make_actual,
    make_budget_line,
    make_entry,
    make_erratum,
    make_evidence,
    make_import,
    make_job,
    make_kpi,
    make_objective,
    make_perspective,
    make_plan_row,
    make_published_result,
    make_result,
    make_round,
    make_rules,
    make_scorecard,
    make_sealed_card,
    make_self_rating,
    make_statement,
    make_success_factor,
    make_target,
    make_theme,
    make_unit,
    make_user,
    omar,
)


class World:
    """A city with a bureau, one row of every table, and one person a role."""

    def __init__(self) -> None:
        self.city = make_unit("city")
        self.bureau = make_unit("bureau", parent=self.city)
        section = make_unit("section", parent=self.bureau, kind=Unit.Kind.SECTION)
        self.people = {
            "staff": make_user("staff", role="staff", unit=section),
            "manager": make_user("manager", role="manager", unit=self.bureau),
            "planner": make_user("planner", role="planner", unit=self.city),
            "auditor": make_user("auditor", role="auditor", unit=self.city),
            "admin": make_user("admin", role="admin", unit=self.city),
            "omar": omar(),
        }
        self.card = make_scorecard(self.bureau)
        make_scorecard(self.bureau, plan="safety-net")
        self.objective = make_objective(self.card)
        self.kpi = make_kpi("E1.1", objective=self.objective, owners=(section,))
        planner = self.people["planner"]
        self.batch = make_import(
            planner, self.bureau, status="proposed", file_name="table.csv"
        )
        self.batch.proposal = {
            "sheets": [
                {
                    "name": "策略地圖",
                    "form": "strategy-map",
                    "unit": "bureau",
                    "year": "109",
                    "plan": "bsc",
                    "rows": 1,
                }
            ],
            "changes": {},
            "issues": [],
        }
        table = ContentFile("109年度策略地圖\n".encode())
        self.batch.file.save("table.csv", table, save=False)
        self.batch.save()
        self.job = make_job(planner)
        self.erratum = make_erratum(planner, make_sealed_card(planner, self.bureau))
        self.notice = planner.notices.create(kind="approved", key="approved:1")
        self.rows = self._rows()

    def _rows(self) -> dict[str, Model]:
        theme = make_theme(self.card)
        other = make_objective(self.card)
        plan_row = make_plan_row(self.kpi)
        owner = plan_row.owners.create(unit=self.bureau, name="局")
        rules = make_rules()
        user = make_user(role="staff", unit=self.bureau)
        rows = [
            self.bureau,
            UnitName.objects.create(unit=self.bureau, name="舊名"),
            user,
            user.memberships.get(),
            ApiToken.objects.create(user=user, name="mine", digest="0" * 64),
            AccessAttempt.objects.create(
                username="x", attempt_time=timezone.now(), failures_since_start=1
            ),
            self.job,
            WorkDay.objects.create(day=date(2021, 1, 1), is_working=False),
            self.card,
            theme,
            ThemeMember.objects.create(theme=theme, unit=self.bureau, name="局"),
            make_perspective(self.card),
            self.objective,
            ObjectiveLink.objects.create(cause=self.objective, effect=other),
            make_success_factor(self.objective),
            self.kpi.series,
            self.kpi,
            self.kpi.owners.get(),
            make_target(self.kpi),
            *self._figures(),
            make_self_rating(self.kpi),
            rules,
            rules.bands.first(),
            make_statement(self.kpi),
            make_result(self.kpi),
            make_published_result(self.kpi),
            ActionPlan.objects.get(),
            plan_row,
            owner,
            plan_row.links.get(),
            make_budget_line(plan_row),
            ColumnWording.objects.create(words="水準", bare="水準", column="target"),
            self.batch,
            SheetPage.objects.create(batch=self.batch, sheet=1, number=1, rows=b""),
            ImportDoubt.objects.create(
                batch=self.batch,
                number=1,
                place=1,
                severity="note",
                code="no-header",
                params={"title": "策略地圖"},
            ),
            ObjectiveAnswer.objects.create(
                own=self.objective, other=other, is_same=True
            ),
            self.notice,
            *self._steps(),
        ]
        return {f"{r._meta.app_label}_{r._meta.model_name}": r for r in rows}

    def _figures(self) -> list[Model]:
        """Return one row of every table that a figure goes through."""
        actual, entry = make_actual(self.kpi), make_entry(self.kpi)
        planner = self.people["planner"]
        self.evidence = make_evidence(entry, self.people["staff"])
        return [
            actual,
            actual.inputs.create(label="分子", value=1),
            entry,
            entry.steps.create(action="signed", by=planner, at=timezone.now()),
            make_round(self.card),
            self.erratum.scorecard.seal,
            self.erratum,
            self.evidence,
        ]

    def _steps(self) -> list[Model]:
        """Return one row of every table that tells what became of things."""
        link = self.kpi.plan_rows.get().links.get()
        later = link.row.links.create(plan=link.plan, text="計畫", position=99)
        return [
            model.objects.create(earlier=earlier, later=later, kind="renamed")
            for model, earlier, later in (
                (ThemeLineage, make_theme(self.card, "F"), make_theme(self.card, "G")),
                (ObjectiveLineage, self.objective, make_objective(self.card)),
                (KpiLineage, self.kpi, make_kpi(scorecard=self.card)),
                (PlanLineage, link, later),
            )
        ]

    def address(self, name: str, parts: dict[str, Any]) -> str:
        things = {
            "card": self.card.pk,
            "rules": self.rows["kpi_ratingrules"].pk,
            "objective": self.objective.pk,
            "kpi": self.kpi.pk,
            "batch": self.batch.pk,
            "job": self.job.pk,
            "erratum": self.erratum.pk,
            "entry": self.rows["kpi_entry"].pk,
            "round": self.rows["kpi_round"].pk,
            "evidence": self.evidence.pk,
            "notice": self.notice.pk,
            "series": self.kpi.series.pk,
        }
        return reverse(name, kwargs={k: things.get(v, v) for k, v in parts.items()})

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(self.people[role])
        return client
