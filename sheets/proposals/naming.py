"""Whose a sheet is: the unit and the plan that its title names."""

import json
from functools import cache
from pathlib import Path

from bsc.models import MAIN_PLAN, Unit
from bsc.names import comparable
from bsc.services import UnitDirectory
from sheets.forms.readings import MapReading, SheetReading

PLANS = Path(__file__).resolve().parents[2] / "fixtures" / "plans.json"


@cache
def _plans() -> list[dict]:
    """Return the known plans beside the main one: code, unit, names in titles."""
    return json.loads(PLANS.read_text())


def plan_of(title: str) -> tuple[str, str | None]:
    """Return the code of the plan a title names, and its unit's code.

    The main plan, which may be any unit's, where it names none.
    """
    for plan in _plans():
        if any(comparable(name) in comparable(title) for name in plan["names"]):
            return plan["code"], plan["unit"]
    return MAIN_PLAN, None


def unit_of(
    sheet: SheetReading, readings: tuple[SheetReading, ...], directory: UnitDirectory
) -> Unit | None:
    """Return whose a sheet is, by its title, else by the other sheets of the file.

    A map 「本府…」 with several themes is the city's; one with a single theme's codes
    is that theme's group's.
    """
    reading = sheet.reading
    if isinstance(reading, MapReading) and len(reading.themes) <= 1:
        letters = {objective.code[:1] for objective in reading.objectives}
        if reading.unit_text == "本府" and len(letters) == 1:
            return directory.by_code.get(f"group-{letters.pop().lower()}")
    for text in (reading.unit_text, reading.title):
        if text and (unit := directory.find(text) or directory.named_in(text)):
            return unit
    _, code = plan_of(reading.title)
    if code is not None:
        return directory.by_code.get(code)
    for other in readings:
        said = other.reading.unit_text if other.reading and other is not sheet else ""
        if said and (unit := directory.find(said)):
            return unit
    return None


def year_in_file_name(name: str) -> int | None:
    """Return the year a file's name ends with (`safety-net-107.xlsx`), or None."""
    stem = name.rsplit(".", 1)[0]
    digits = stem[len(stem.rstrip("0123456789")) :]
    if len(digits) == 3 and 80 <= int(digits) <= 150:
        return int(digits) + 1911
    if len(digits) == 4 and 1990 <= int(digits) <= 2060:
        return int(digits)
    return None
