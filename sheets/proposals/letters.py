"""Which perspective a row of the slates belongs to, without asking the database."""

from bsc.models import Objective
from kpi.models import Kpi
from sheets.proposals.slating import Slates


class Letters:
    """Finds the letter of a perspective; rows may be new or loaded, related or not."""

    def __init__(self, slates: Slates) -> None:
        self._objectives = {row.pk: row for row in slates.objectives.rows.values()}
        self._letters = {row.pk: row.code for row in slates.perspectives.rows.values()}

    def of_kpi(self, kpi: Kpi) -> str:
        field = Kpi._meta.get_field("objective")
        objective = field.get_cached_value(kpi, default=None)
        return self.of_objective(objective or self._objectives[kpi.objective_id])

    def of_objective(self, objective: Objective) -> str:
        """Return the letter of an objective's perspective, "" where it has none."""
        field = Objective._meta.get_field("perspective")
        perspective = field.get_cached_value(objective, default=None)
        if perspective is not None:
            return perspective.code
        return self._letters.get(objective.perspective_id, "")
