"""What a text leaves open, and the ways to read it.

A reader asks `Decisions.choose` wherever a text can be read in several ways. Reading
it again with the other answers gives the other readings, and none is taken silently.
"""

from dataclasses import dataclass, field

from kpi.formula.expressions import Expression

# So many readings are made, and so many are shown.
ATTEMPTS = 8
SHOWN = 4


@dataclass(frozen=True)
class Doubt:
    """A place that can be read in several ways, as a code with parameters."""

    code: str
    params: dict[str, str] = field(default_factory=dict)
    options: int = 2


@dataclass(frozen=True)
class Asked:
    """A text that a person must decide about.

    `readings` are whole expressions, the printed order of operations first; there
    are none where the text cannot be read at all. The code is that of the first of
    `doubts`, or says why nothing could be read.
    """

    code: str
    params: dict[str, str] = field(default_factory=dict)
    readings: tuple[Expression, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Refused(Exception):
    """A text that cannot be read, with the code that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Decisions:
    """The answers of one attempt, and the questions it met."""

    def __init__(self, made: tuple[int, ...] = ()) -> None:
        self.made = made
        self.doubts: list[Doubt] = []

    def choose(self, code: str, options: int = 2, /, **params: str) -> int:
        """Return which option this attempt takes: 0 where nobody decided yet.

        With one option the text is read so, and asked about all the same.
        """
        self.doubts.append(Doubt(code, params, options))
        at = len(self.doubts) - 1
        return self.made[at] if at < len(self.made) else 0

    def others(self) -> list[tuple[int, ...]]:
        """Return the attempts that differ from this one in a question it met first."""
        first = len(self.made)
        answers = self.made + (0,) * (len(self.doubts) - first)
        return [
            (*answers[:at], option)
            for at in range(first, len(self.doubts))
            for option in range(1, self.doubts[at].options)
        ]
