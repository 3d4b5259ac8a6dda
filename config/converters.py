"""How addresses spell years."""

from bsc.periods import common_era, roc


class PeriodConverter:
    """A year of an address: 109 or 2020 in, the common era behind, 民國 out.

    A number that is no year matches nothing, so its page is not found.
    """

    # 民國 98 has two digits, so one to four are read.
    regex = "[0-9]{1,4}"

    def to_python(self, value: str) -> int:
        return common_era(value)

    def to_url(self, value: int | str) -> str:
        return str(roc(common_era(value)))
