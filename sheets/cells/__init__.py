"""What the text of one cell says: numbers, absences, codes, years, owners, lights."""

from sheets.cells.codes import (
    Coded,
    depth_of,
    has_code,
    parent_of,
    split_code,
    split_items,
    without_bullet,
)
from sheets.cells.lists import (
    Light,
    ends_like_unit,
    light_of,
    mark_of,
    owners_in,
    owners_of,
)
from sheets.cells.quantities import (
    DASHES,
    Quantity,
    decimals_of,
    is_measure,
    is_storable,
    quantity_of,
)
from sheets.cells.texts import (
    half_width,
    join_wrapped,
    lines_of,
    normal,
    squashed,
    unwrapped,
    without_markup,
)
from sheets.cells.years import BadYear, Months, months_of, year_named_in, year_of

__all__ = [
    "DASHES",
    "BadYear",
    "Coded",
    "Light",
    "Months",
    "Quantity",
    "decimals_of",
    "depth_of",
    "ends_like_unit",
    "half_width",
    "has_code",
    "is_measure",
    "is_storable",
    "join_wrapped",
    "light_of",
    "lines_of",
    "mark_of",
    "months_of",
    "normal",
    "owners_in",
    "owners_of",
    "parent_of",
    "quantity_of",
    "split_code",
    "split_items",
    "squashed",
    "unwrapped",
    "without_bullet",
    "without_markup",
    "year_named_in",
    "year_of",
]
