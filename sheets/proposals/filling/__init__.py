"""What the sheets of one card say, put on the slates."""

from bsc.models import Objective
from bsc.names import comparable
from sheets.forms.readings import Severity
from sheets.proposals.filling.filler import Filler
from sheets.proposals.filling.maps import fill_map
from sheets.proposals.filling.results import fill_results
from sheets.proposals.filling.tables import fill_table, plan_name
from sheets.proposals.issues import Issue

__all__ = ["Filler", "fill", "plan_name"]


def fill(filler: Filler) -> None:
    """Put everything the sheets of a card say: map, table, results."""
    card = filler.card
    scorecard = filler.scorecard()
    if card.map:
        fill_map(filler, scorecard, *card.map)
    if card.table:
        fill_table(filler, scorecard, *card.table)
    if card.results:
        fill_results(filler, scorecard, *card.results)
    if card.map or card.table:
        _name_objectives(filler)


def _name_objectives(filler: Filler) -> None:
    """Set the name in use: the table's, else the map's; name their differences.

    Where they differ somebody may choose the map's.
    """
    for key in [k for k in filler.slates.objectives.seen if k[:3] == filler.card.key]:
        row: Objective = filler.slates.objectives.rows[key]
        name = row.table_name or row.map_name
        both = row.table_name and row.map_name
        if both and comparable(row.table_name) != comparable(row.map_name):
            sheet, cell = _place_of(filler, row.code)
            told = {"code": row.code, "map": row.map_name, "table": row.table_name}
            issue = filler.ask(Issue(Severity.WARN, sheet, cell, "name-differs", told))
            if issue.choice == "map":
                name = row.map_name
        filler.slates.objectives.put(key, name=name)


def _place_of(filler: Filler, code: str) -> tuple[str | None, str | None]:
    """Return sheet and cell of an objective: in the table, else on the map.

    What the file leaves out of its table may still be stored with that name.
    """
    for shown in (filler.card.table, filler.card.map):
        if shown is not None:
            sheet, reading = shown
            for objective in reading.objectives:
                if objective.code == code:
                    return sheet, objective.cell
    return None, None
