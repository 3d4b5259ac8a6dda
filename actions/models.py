"""What is done about it, and what it costs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from bsc.models import LineageStep, Unit
from kpi.models import Kpi


class ActionPlan(models.Model):
    """A plan or programme; many KPIs, years and codes may name it.

    `name` is as printed less a closing 。, so that it does not depend on which sheet
    came first; each link keeps the printed text.
    """

    name = models.CharField(_("name"), max_length=300, unique=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanRow(models.Model):
    """One printed row of a KPI: its plans in order, its owners, its budgets.

    A row may have no plan. `printed_row` counts the printed rows of the card from
    1: a printed row of two KPIs is two rows here with the same number.
    """

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="plan_rows")
    position = models.PositiveSmallIntegerField(default=0)
    printed_row = models.PositiveIntegerField(default=0)
    units = models.ManyToManyField(
        Unit, through="PlanRowOwner", related_name="plan_rows"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("row of action plans")
        verbose_name_plural = _("rows of action plans")
        ordering = ["kpi", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "position"], name="plan_row_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} {self.position}"


class PlanRowOwner(models.Model):
    """A unit responsible for a row's plans (行動計畫主責科室), as printed."""

    row = models.ForeignKey(PlanRow, on_delete=models.CASCADE, related_name="owners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name as printed"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("unit responsible for plans")
        verbose_name_plural = _("units responsible for plans")
        ordering = ["row", "position"]
        constraints = [
            models.UniqueConstraint(fields=["row", "unit"], name="plan_row_owner_once")
        ]

    def __str__(self) -> str:
        return self.name


class PlanLink(models.Model):
    """A plan in a row, under the code the row prints."""

    row = models.ForeignKey(PlanRow, on_delete=models.CASCADE, related_name="links")
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="links")
    code = models.CharField(_("code"), max_length=20, blank=True)
    text = models.CharField(_("as printed"), max_length=340)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan in a row")
        verbose_name_plural = _("plans in rows")
        ordering = ["row", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "position"], name="plan_link_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class PlanLineage(LineageStep):
    """What became of a plan's entry in a later card.

    The plan itself is known by its name through all years; this tells how its entry
    under a KPI went on: EC1.1.1 of 109 is EP5.1.1 of 110.
    """

    earlier = models.ForeignKey(
        PlanLink, on_delete=models.CASCADE, related_name="later_steps"
    )
    later = models.ForeignKey(
        PlanLink, on_delete=models.CASCADE, related_name="earlier_steps"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lineage of a plan")
        verbose_name_plural = _("lineages of plans")
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="plan_lineage_once"
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="plan_lineage_joins_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


class BudgetLine(models.Model):
    """Money of a row in one year and stage: an amount, 無, or a blank cell.

    `amount` is in TWD. `printed` is the cell as published; editing the amount
    clears it.
    """

    class Stage(models.TextChoices):
        PRELIMINARY = "preliminary", _("preliminary estimate")
        ESTIMATE = "estimate", _("estimate")
        BUDGET = "budget", _("budget")
        FINAL = "final", _("final account")

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("amount")
        NONE = "none", _("none")
        BLANK = "blank", _("blank")

    row = models.ForeignKey(PlanRow, on_delete=models.CASCADE, related_name="budgets")
    year = models.PositiveSmallIntegerField(_("year"))
    stage = models.CharField(_("stage"), max_length=11, choices=Stage)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    printed = models.CharField(_("as printed"), max_length=60, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["row", "year", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "year", "stage"], name="budget_line_per_stage"
            ),
            models.CheckConstraint(
                condition=Q(kind="amount", amount__gte=0)
                | ~Q(kind="amount") & Q(amount__isnull=True),
                name="budget_line_has_an_amount_or_none",
                violation_error_message=_("Give an amount of 0 or more, or none."),
            ),
        ]

    def __str__(self) -> str:
        return self.printed or str(self.amount)
