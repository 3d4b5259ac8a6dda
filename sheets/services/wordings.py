"""Remember by which words an office heads a column."""

from bsc.models import User
from sheets.models import ColumnWording


def learn_wording(
    words: str, *, column: str, stage: str = "", by: User | None = None
) -> ColumnWording:
    """Add a wording of a column, which the next file is read by.

    Raises ValidationError where the heading is known already, says nothing, or names
    a budget without its stage.
    """
    wording = ColumnWording(
        words=words.strip(), column=column, stage=stage, added_by=by
    )
    wording.full_clean()
    wording.save()
    return wording
