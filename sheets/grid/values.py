"""What one cell of an .xlsx stores, as a value and as the text Excel displays."""

import re
from datetime import datetime, time
from decimal import Decimal

from sheets.grid import dates, texts
from sheets.grid.book import Value
from sheets.grid.formats import NumberFormat, number_format
from sheets.grid.limits import Limits, Refused

# A text as it is read, and the code of its notice or "".
type SharedText = tuple[str, str]
# Value, displayed text, whether it is a number, and the code of a notice or "".
type Read = tuple[Value, str, bool, str]

_NUMBER = re.compile(r"[+-]?([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?")
# Most numbers: at most fifteen digits, which a double keeps, and no idle zero.
_SHORT_NUMBER = re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{0,6}[1-9])?")
_TRUE = ("1", "true")
_GENERAL = number_format("General")
_DAY = number_format("yyyy/m/d")
_MOMENT = number_format("yyyy/m/d h:mm")
# Beyond this many different contents, remembering costs more than it saves.
_MOST_REMEMBERED = 100_000


def stored_number(text: str, limits: Limits) -> Decimal | None:
    """Return a stored number by its double's shortest text, None where it is none.

    Raises Refused where it has more digits or a larger exponent than allowed.
    """
    if _SHORT_NUMBER.fullmatch(text):
        return Decimal(text)
    match = _NUMBER.fullmatch(text.strip())
    if match is None or not (match[1] or match[2]):
        return None
    is_long = len(match[1]) + len(match[2]) > limits.digits or len(match[3] or "") > 6
    number = Decimal(0) if is_long else Decimal(text.strip())
    if is_long or (number and abs(number.adjusted()) > limits.exponent):
        raise Refused("number-too-long", digits=limits.digits, exponent=limits.exponent)
    number = Decimal(repr(float(text)))
    whole = number.to_integral_value()
    # Without an exponent, a point or a sign that says nothing: 1.9E6, 5.0, -0.
    return whole.quantize(Decimal(1)) + 0 if number == whole else number


class Values:
    """Reads the contents of a file's cells by its formats and shared texts.

    The same few contents fill most sheets, so they are remembered. Refusals
    do not name the cell: whoever knows it adds it.
    """

    def __init__(
        self,
        limits: Limits,
        formats: list[NumberFormat],
        shared: list[SharedText],
        from_1904: bool,
    ) -> None:
        self.limits = limits
        # By their `s` attributes; a style that is not there is General.
        self.formats = {str(place): style for place, style in enumerate(formats)}
        self.formats[""] = formats[0] if formats else _GENERAL
        self.shared = shared
        self.from_1904 = from_1904
        # The styles that display a text as it is stored, by their `s` attributes.
        self.styles_as_stored = {
            style for style, format_of in self.formats.items() if format_of.keeps_text
        }
        self.remembered: dict[tuple[str, str, str], Read] = {}

    def read(self, raw: str, kind: str, style: str) -> Read:
        """Return what a cell holds, from its text and its `t` and `s` attributes.

        Raises Refused where it cannot be, or may not be here.
        """
        key = (raw, kind, style)
        found = self.remembered.get(key)
        if found is None:
            if kind and kind != "n":
                found = self._worded(raw, kind, style)
            else:
                found = self._number(raw, style)
            if len(self.remembered) < _MOST_REMEMBERED:
                self.remembered[key] = found
        return found

    def _format(self, style: str) -> NumberFormat:
        return self.formats.get(style, _GENERAL)

    def _number(self, raw: str, style: str) -> Read:
        """Return a stored number, or the day it stands for."""
        number = stored_number(raw, self.limits)
        if number is None:
            raise Refused("file-broken", reason="number")
        number_format = self._format(style)
        text = number_format.number_text(number, self.from_1904)
        if number_format.is_date:
            when = dates.moment(number, self.from_1904)
            if when is not None:
                return when, text, False, ""
        return number, text, True, ""

    def _worded(self, raw: str, kind: str, style: str) -> Read:
        """Return what stores no number: texts, yes and no, errors, days as text."""
        if kind == "s":
            if not raw.isdecimal() or len(raw) > 7 or int(raw) >= len(self.shared):
                raise Refused("file-broken", reason="missing")
            value, notice = self.shared[int(raw)]
        elif kind in ("str", "inlineStr"):
            if len(raw) > self.limits.cell_characters:
                raise Refused("text-too-long", limit=self.limits.cell_characters)
            value, notice = texts.clean(raw)
        elif kind == "b":
            is_true = raw.strip() in _TRUE
            return is_true, "TRUE" if is_true else "FALSE", False, ""
        elif kind == "e":
            value, notice = texts.clean(raw)[0], "error-value"
        elif kind == "d":
            return self._day(raw, style)
        else:
            raise Refused("file-broken", reason="kind")
        text = self._format(style).shown_text(value) if style and value else value
        return value, text, False, notice

    def _day(self, raw: str, style: str) -> Read:
        """Return a day that is stored as text by the calendar: 2022-03-01."""
        try:
            when = datetime.fromisoformat(raw.strip()).replace(tzinfo=None)
        except ValueError:
            raise Refused("file-broken", reason="number") from None
        number_format = self._format(style)
        if not number_format.is_date:
            number_format = _MOMENT if when.time() != time.min else _DAY
        return when, number_format.number_text(dates.serial_of(when)), False, ""
