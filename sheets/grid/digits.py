"""The digits of a number, drawn as General or into the places of a format."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# A token of a number format: its kind ("digit", "sign", "literal", "exponent") and
# its text.
type Token = tuple[str, str]

# Excel displays no more than 15 digits of what it stores, and rounds half up.
FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
# A cell of General shows at most eleven characters.
_GENERAL_WIDTH = 11


def general_text(number: Decimal) -> str:
    """Return what the format General displays: at most eleven characters."""
    text = str(number)
    if len(text) <= _GENERAL_WIDTH and "E" not in text and text[-1] != "0":
        return text
    number = FIFTEEN.plus(number)
    if not number:
        return "0"
    sign, size = "-" if number < 0 else "", abs(number)
    power = size.adjusted()
    if power >= _GENERAL_WIDTH or power < -9:
        return sign + _scientific(size, 5)
    if -4 <= power < 0:
        return sign + _trimmed(_to_digits(size, 10 + power))
    plain = _trimmed(size)
    if len(plain) <= _GENERAL_WIDTH:
        return sign + plain
    shown = _trimmed(_to_digits(size, 10))
    if len(shown) <= _GENERAL_WIDTH:
        return sign + shown
    return sign + _scientific(size, 5)


def _to_digits(size: Decimal, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(size)


def _trimmed(size: Decimal) -> str:
    text = f"{size:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(size: Decimal, decimals: int) -> str:
    rounded = _to_digits(size, decimals + 1)
    power = rounded.adjusted()
    mantissa = _trimmed(rounded.scaleb(-power, WIDE))
    return f"{mantissa}E{'-' if power < 0 else '+'}{abs(power):02}"


def digits_text(tokens: tuple[Token, ...], size: Decimal) -> str:
    """Return digits put into the places of a format, literals between them."""
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "digit"]
    points = [i for i, token in enumerate(tokens) if token == ("sign", ".")]
    point = points[0] if points else len(tokens)
    whole = [index for index in places if index < point]
    decimals = [index for index in places if index > point]
    last = max(places, default=-1)
    end_of_whole = max(whole, default=-1)
    thousands, scale = False, 0
    for index, token in enumerate(tokens):
        if token == ("sign", ",") and whole:
            if whole[0] < index < end_of_whole:
                thousands = True
            elif index > end_of_whole and (index > last or index < point):
                scale += 1
        elif token == ("sign", "%"):
            size = WIDE.scaleb(size, 2)
    size = WIDE.scaleb(size, -3 * scale)
    size = WIDE.quantize(size, Decimal(1).scaleb(-len(decimals)))
    integer, _, fraction = f"{size:f}".partition(".")
    filled = dict(zip(decimals, fraction, strict=False))
    for index in reversed(decimals):
        # Trailing zeros that "#" does not ask for are left out, "?" pads them.
        if filled[index] != "0" or tokens[index][1] == "0":
            break
        filled[index] = "" if tokens[index][1] == "#" else " "
    filled |= _whole_places(tokens, whole, integer, thousands)
    text = []
    for index, (kind, part) in enumerate(tokens):
        if kind == "digit":
            text.append(filled.get(index, ""))
        elif index == point and not whole and integer != "0":
            text.append(integer + part)
        elif kind == "literal" or part in ".%":
            text.append(part)
    return "".join(text)


def _whole_places(
    tokens: tuple[Token, ...],
    places: list[int],
    integer: str,
    thousands: bool,
) -> dict[int, str]:
    """Return for each place before the point what is drawn there."""
    digits = "" if integer == "0" else integer
    drawn = {}
    for count, index in enumerate(reversed(places), start=1):
        is_first = count == len(places)
        rest, digits = (digits, "") if is_first else (digits[-1:], digits[:-1])
        if not rest:
            rest = {"0": "0", "?": " ", "#": ""}[tokens[index][1]]
        if thousands and rest.strip():
            rest = _marked(rest, count - 1)
        drawn[index] = rest
    return drawn


def _marked(digits: str, already: int) -> str:
    """Return digits with a comma after each third from the right."""
    answer = ""
    for count, digit in enumerate(reversed(digits), start=already):
        answer = digit + ("," if count and count % 3 == 0 else "") + answer
    return answer


def exponent_text(tokens: tuple[Token, ...], size: Decimal) -> str:
    mark = next(i for i, (kind, _) in enumerate(tokens) if kind == "exponent")
    mantissa, after = tokens[:mark], tokens[mark + 1 :]
    point = mantissa.index(("sign", ".")) if ("sign", ".") in mantissa else mark
    whole = sum(kind == "digit" for kind, _ in mantissa[:point]) or 1
    decimals = sum(kind == "digit" for kind, _ in mantissa[point:])
    power = size.adjusted() if size else 0
    power -= power % whole if whole > 1 else 0
    scaled = WIDE.quantize(WIDE.scaleb(size, -power), Decimal(1).scaleb(-decimals))
    if scaled >= 10**whole:
        power += whole
    text = digits_text(mantissa, WIDE.scaleb(size, -power))
    width = sum(kind == "digit" for kind, _ in after)
    sign = "-" if power < 0 else tokens[mark][1][1:].replace("-", "")
    end = "".join(part for kind, part in after if kind == "literal")
    return f"{text}E{sign}{abs(power):0{max(width, 1)}}{end}"


def fraction_text(tokens: tuple[Token, ...], slash: int, size: Decimal) -> str:
    after = tokens[slash + 1 :]
    fixed = "".join(part for _, part in after).strip()
    exact = Fraction(size)
    has_whole = (
        sum(
            kind == "digit" and (not index or tokens[index - 1][0] != "digit")
            for index, (kind, _) in enumerate(tokens[:slash])
        )
        > 1
    )
    whole = int(exact) if has_whole else 0
    part = exact - whole
    if fixed.isdecimal() and fixed.strip("0"):
        bottom = int(fixed)
        top = int(part * bottom + Fraction(1, 2))
    else:
        places = sum(kind == "digit" for kind, _ in after)
        near = part.limit_denominator(10 ** min(max(places, 1), 4) - 1)
        top, bottom = near.numerator, near.denominator
    if has_whole and top == bottom:
        whole, top = whole + 1, 0
    if has_whole and not top:
        return str(whole)
    return f"{whole} {top}/{bottom}" if whole else f"{top}/{bottom}"
