"""Figures in words, for what services tell people."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import pgettext

from bsc.numbers import plain
from kpi.scoring import Absence
from kpi.wording import ABSENCES


def said_text(said: Mapping[str, str]) -> str:
    """Return what a figure says, as `steps.figure_said` has it, in words."""
    if said.get("absence"):
        return str(ABSENCES[Absence(said["absence"])])
    if said.get("value"):
        return plain(Decimal(said["value"]), grouped=True)
    return said.get("text") or pgettext("figure", "none")
