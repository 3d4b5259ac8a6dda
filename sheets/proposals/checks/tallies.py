"""How much of a sheet was held against something, and what did not agree."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue


@dataclass(slots=True)
class Tally:
    """Compares what one sheet prints with what is found; each difference is a warn."""

    sheet: str
    count: int = 0
    issues: list[Issue] = field(default_factory=list)

    def compare(
        self,
        code: str,
        cell: str,
        printed: Hashable,
        found: Hashable,
        texts: tuple[str, str] | None = None,
        /,
        **params: str,
    ) -> None:
        """Count one comparison; `texts` are both figures as a person reads them."""
        self.count += 1
        if printed != found:
            shown = texts or (str(printed), str(found))
            told = {**params, "printed": shown[0], "found": shown[1]}
            self.issues.append(Issue(Severity.WARN, self.sheet, cell, code, told))
