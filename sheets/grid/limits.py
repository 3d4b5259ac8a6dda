"""How much one file may hold, and how a file is turned down."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one uploaded file may hold, and what reading it may cost."""

    packed: int = 20_000_000  # bytes of the file
    unpacked: int = 200_000_000  # bytes of all its parts
    entries: int = 2_000
    # A part this small cannot hurt, and repetitive small parts pack very well.
    ratio_free_bytes: int = 1_000_000
    ratio: int = 200
    sheets: int = 100
    rows: int = 20_000
    columns: int = 200
    filled_cells: int = 500_000
    empty_cells: int = 1_000_000
    cell_characters: int = 10_000
    # Of all cells together: a text that many cells share counts each time.
    characters: int = 20_000_000
    digits: int = 40
    exponent: int = 20
    merges: int = 50_000
    depth: int = 64
    # What the reading process may use.
    memory: int = 536_870_912  # bytes, beyond those of Python itself
    processor_seconds: int = 30
    seconds: int = 60
    answer_bytes: int = 128_000_000


class Refused(ValueError):
    """A file that is not read: a stable code, and what a message needs to say.

    `params` holds plain strings and numbers. Codes and their parameters:

    - `file-empty`; `file-kind` (kind); `file-encrypted`; `file-unreadable` (reason:
      `crash`, `time`, `answer`)
    - `file-broken` (part, reason: `zip`, `xml`, `missing`, `depth`, `token`,
      `encoding`, `address`, `number`, `kind`, `twice`, `merge`, `method`, `xls`)
    - `text-encoding` (line): bytes that are neither Unicode nor Big5; `csv-quote`
      (line): a quotation mark that is never closed
    - `file-too-large` (what: `packed`, `unpacked`, `memory`, `processor`, `answer`;
      limit)
    - `too-many-entries`, `too-many-sheets`, `too-many-cells`, `too-many-merges`,
      `too-much-text` (limit)
    - `unsafe-entry` (part); `packed-too-tightly` (part, limit); `entities` (part)
    - `cell-too-far` (sheet, cell, rows, columns)
    - `text-too-long` (sheet, cell, limit), `number-too-long` (sheet, cell, digits,
      exponent); sheet and cell are empty for a text that no cell owns
    - `macros-stay`: it holds macros that cannot be taken out, so it is not kept
    """

    def __init__(
        self,
        code: str,
        params: Mapping[str, str | int] | None = None,
        /,
        **more: str | int,
    ) -> None:
        self.code = code
        self.params: dict[str, str | int] = {**(params or {}), **more}
        super().__init__(code, self.params)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({told})" if told else self.code
