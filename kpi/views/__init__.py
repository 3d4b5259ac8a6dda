"""What people do to KPIs: figures entered, sent and reviewed; results reckoned again."""

from kpi.views.drafts import recall, save_draft, sign
from kpi.views.entry import (
    entry,
    entry_grid,
    entry_print,
    entry_sent,
    entry_years,
    my_work,
)
from kpi.views.evidence import evidence_file, evidence_remove, evidence_upload
from kpi.views.plan_kpis import plan_formula, plan_kpi, plan_kpi_new, plan_targets
from kpi.views.plans import (
    directions,
    plan,
    plan_card,
    plan_new,
    plan_part,
    plan_part_new,
)
from kpi.views.rating import rate_card
from kpi.views.review import (
    approve,
    ask_reopening,
    check,
    entry_detail,
    reopen,
    return_entry,
    review_queue,
)
from kpi.views.rounds import (
    remind,
    round_detail,
    round_edit,
    round_list,
    round_new,
    wall,
)
from kpi.views.rules import rules_adopt, rules_edit, rules_list, rules_new
from kpi.views.sending import send

__all__ = [
    "approve",
    "ask_reopening",
    "check",
    "directions",
    "entry",
    "entry_detail",
    "entry_grid",
    "entry_print",
    "entry_sent",
    "entry_years",
    "evidence_file",
    "evidence_remove",
    "evidence_upload",
    "my_work",
    "plan",
    "plan_card",
    "plan_formula",
    "plan_kpi",
    "plan_kpi_new",
    "plan_new",
    "plan_part",
    "plan_part_new",
    "plan_targets",
    "rate_card",
    "recall",
    "remind",
    "reopen",
    "return_entry",
    "review_queue",
    "round_detail",
    "round_edit",
    "round_list",
    "round_new",
    "rules_adopt",
    "rules_edit",
    "rules_list",
    "rules_new",
    "save_draft",
    "send",
    "sign",
    "wall",
]
