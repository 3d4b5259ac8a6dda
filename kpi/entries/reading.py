"""What the boxes of one KPI say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kpi.entries.codes import ProblemCode
from kpi.formula import Outcome
from kpi.scoring import Absence, ActualFigure, Light, Part, Rating


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a box, or missing in it, as a code with parameters.

    `box` is "value" also where a formula gives the value and nobody types it.
    """

    box: str
    code: ProblemCode
    params: Mapping[str, str] = field(default_factory=dict)


class Input(NamedTuple):
    """A box of the formula: its printed words, and its figure if it says one."""

    label: str
    value: Decimal | None


@dataclass(frozen=True)
class Reading:
    """What the boxes say. What cannot be read is None or "", and is in `problems`.

    `problems` are wrong as they stand. `missing` is what must be there before the
    entry is sent; while somebody types, it is no mistake. `outcome` is how the formula
    gave the value (its `trace` can be put in words), None where the value was typed.
    """

    value: Decimal | None = None
    text: str = ""
    is_reached: bool | None = None
    absence: Absence | None = None
    absence_reason: str = ""
    month_from: int | None = None
    month_until: int | None = None
    inputs: tuple[Input, ...] = ()
    parts: tuple[Part, ...] = ()
    innovation: Decimal | None = None
    challenge: Decimal | None = None
    contribution: Decimal | None = None
    basis: str = ""
    light: Light | None = None
    control: str = ""
    explanation: str = ""
    remedy: str = ""
    remedy_due_on: date | None = None
    late_reason: str = ""
    outcome: Outcome | None = None
    computation: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the boxes of the figure itself say nothing yet."""
        has_input = any(each.value is not None for each in self.inputs)
        has_number = self.value is not None or has_input or bool(self.measured)
        return not (has_number or self.text or self.absence)

    @property
    def figure(self) -> ActualFigure | None:
        """The figure as `kpi.scoring` takes it; None while there is none."""
        if self.value is None and not self.text and self.absence is None:
            return None
        return ActualFigure(
            self.value, self.text, self.is_reached, self.absence, self.measured
        )

    @property
    def measured(self) -> tuple[Part, ...]:
        """The parts that have a figure."""
        return tuple(part for part in self.parts if part.value is not None)

    @property
    def rating(self) -> Rating | None:
        """The self-rating, None while one of the three is missing."""
        return Rating.of(self.innovation, self.challenge, self.contribution)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a figure and their values, as the database keeps them."""
        parts = [
            {"label": part.label, "value": f"{part.value:f}", "comparator": ""}
            for part in self.measured
        ]
        return {
            "value": self.value,
            "text": self.text,
            "absence": "" if self.absence is None else self.absence.value,
            "is_reached": self.is_reached,
            "parts": parts,
            "month_from": self.month_from,
            "month_until": self.month_until,
            "computation": self.computation,
            "absence_reason": self.absence_reason,
            "control": self.control,
            "explanation": self.explanation,
            "remedy": self.remedy,
            "remedy_due_on": self.remedy_due_on,
            "late_reason": self.late_reason,
        }
