"""Which KPIs leave their direction open, and which seem to be negative."""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from kpi.directions import LOWER_IS_BETTER
from sheets.forms.readings import Doubt, KpiReading, Severity

_WORDS = re.compile("|".join(map(re.escape, LOWER_IS_BETTER)))


def doubts_of_directions(kpis: Iterable[KpiReading]) -> list[Doubt]:
    """Return one note with the count of open directions, and a question where needed.

    A name with a word such as 再犯, or targets that fall, speak for a negative
    direction; unanswered it stays unconfirmed.
    """
    open_kpis = [kpi for kpi in kpis if not kpi.direction]
    if not open_kpis:
        return []
    count = {"count": str(len(open_kpis))}
    doubts = [Doubt(Severity.NOTE, "direction-unconfirmed", None, count)]
    for kpi in open_kpis:
        if evidence := _evidence(kpi):
            params = {"code": kpi.code, "name": kpi.name, "evidence": evidence}
            doubts.append(
                Doubt(
                    Severity.ASK,
                    "direction-doubtful",
                    kpi.cell,
                    params,
                    default="unconfirmed",
                )
            )
    return doubts


def _evidence(kpi: KpiReading) -> str:
    if match := _WORDS.search(kpi.name):
        return match[0]
    if len(kpi.targets) < 2:
        return ""
    values = [figure.value for _, figure in sorted(kpi.targets.items())]
    numbers = [value for value in values if isinstance(value, Decimal)]
    falls = all(later <= earlier for earlier, later in pairwise(numbers))
    if len(numbers) > 1 and falls and numbers[-1] < numbers[0]:
        return " → ".join(figure.text for _, figure in sorted(kpi.targets.items()))
    return ""
