"""Numbers in 億, 萬 and 千, and what a broken number may have been."""

import re
from decimal import Decimal

# Words of size in a number, by how many zeros they add.
_ZEROS = {"億": 8, "千萬": 7, "百萬": 6, "萬": 4}
_GROUP = r"\d{1,3},\d{3}|\d{1,4}(?:\.\d+)?"
_SCALED = re.compile(
    rf"(?P<sign>[-+]?)(?:(?P<large>{_GROUP})億)?"
    rf"(?:(?P<middle>{_GROUP})(?P<unit>千萬|百萬|萬))?(?P<small>\d{{1,3}}|\d,?\d{{3}})?"
)
_LOOSE = re.compile(
    r"(?:(?P<large>\d[\d,]*)億)?(?:(?P<middle>\d[\d,]*)萬)?(?P<small>\d[\d,]*)?"
)
_WRONG_GROUP = re.compile(r",(\d{1,2}|\d{4,})(?=,|$)")
_SIZE = 10_000


def scaled_number(text: str) -> Decimal | None:
    """Return 268萬3,257 as 2683257, 1.5億 as 150000000; None for a broken one."""
    match = _SCALED.fullmatch(text)
    if match is None or not (match["large"] or match["middle"]):
        return None
    value = Decimal(0)
    unit = match["unit"] or "萬"
    for group, zeros in (("large", 8), ("middle", _ZEROS[unit]), ("small", 0)):
        if match[group]:
            value += Decimal(match[group].replace(",", "")).scaleb(zeros)
    if unit != "萬" and match["small"]:
        return None
    return -value if match["sign"] == "-" else value


def readings_of_broken(text: str) -> tuple[Decimal, ...]:
    """Return the two numbers that a broken one may have been, () where it is none.

    A group of a wrong length has a comma too many or a 0 too few: 140萬1,30 is
    140萬130 or 140萬1,030. A single comma before one or two digits may be a point.
    """
    match = _LOOSE.fullmatch(text)
    if match is None or len(_WRONG_GROUP.findall(text.replace("億", "萬"))) > 1:
        return ()
    groups = {name: match[name] or "" for name in ("large", "middle", "small")}
    broken = [name for name, group in groups.items() if not _is_whole(group)]
    if len(broken) != 1 or any(group.endswith(",") for group in groups.values()):
        return ()
    group = groups[broken[0]]
    joined, padded = group.replace(",", ""), _padded(group)
    if broken == ["small"] and not (groups["large"] or groups["middle"]):
        head, _, tail = group.partition(",")
        if "," not in tail and len(tail) < 3:
            return Decimal(f"{head}.{tail}"), Decimal(joined)
        return (Decimal(joined), Decimal(padded)) if padded else ()
    if not padded:
        return ()
    found = []
    for reading in (joined, padded):
        whole = groups | {broken[0]: reading}
        sizes = [int(whole[name].replace(",", "") or 0) for name in groups]
        if sizes[2] >= _SIZE:
            return ()
        found.append(Decimal(sizes[0] * _SIZE * _SIZE + sizes[1] * _SIZE + sizes[2]))
    return tuple(found)


def _is_whole(group: str) -> bool:
    return "," not in group or re.fullmatch(r"\d{1,3}(?:,\d{3})+", group) is not None


def _padded(group: str) -> str:
    """Return a group with the zeros it may lack, "" where one has too many digits."""
    first, *rest = group.split(",")
    if any(len(part) > 3 for part in rest):
        return ""
    return first + "".join(part.zfill(3) for part in rest)
