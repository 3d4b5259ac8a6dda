"""The other words of the forms: money, maps, perspectives, sums, directions.

The wordings of headings stand in `sheets.forms.wordings`.
"""

import re
from collections.abc import Mapping

from sheets.cells import squashed
from sheets.forms.wordings import by_word

__all__ = [
    "EXEMPTIONS",
    "MAP_WORDS",
    "MONEY",
    "PERSPECTIVES",
    "SCORECARD_TITLES",
    "SUMS",
    "YEARLY",
    "by_word",
    "perspective_of",
]

# Keys of columns that belong to one year each.
YEARLY = frozenset({"actual", "target", "budget"})

MONEY = {
    "元": 1,
    "新台幣元": 1,
    "新臺幣元": 1,
    "千元": 1_000,
    "新台幣千元": 1_000,
    "仟元": 1_000,
    "萬元": 10_000,
    "百萬元": 1_000_000,
    "億元": 100_000_000,
}

MAP_WORDS = {
    "themes": ("策略主題",),
    "objectives": ("策略目標",),
    "members": ("分成組員", "組員", "成員機關"),
    "mission": ("使命",),
    "vision": ("願景",),
    "core_values": ("核心價值",),
}

# The four perspectives of a balanced scorecard, by the names that print them.
PERSPECTIVES: Mapping[str, tuple[str, ...]] = {
    "C": ("顧客", "客戶", "民眾", "服務對象"),
    "P": ("內部流程", "內部程序", "流程", "內部業務流程"),
    "L": ("學習成長", "學習與成長", "學習及成長"),
    "F": ("財務",),
}

SUMS = ("小計", "合計", "總計")
EXEMPTIONS = ("免予評核", "免評核", "不予評核", "免予評分", "不列入評核")

# What a title of a form says, whatever its headings say.
SCORECARD_TITLES = ("平衡計分卡", "計分卡", "執行成果")

_LONGEST_LABEL = 30
_FIRST_SIGNS = re.compile(
    "[" + "".join(name[0] for names in PERSPECTIVES.values() for name in names) + "]"
)
# 「一、顧客構面」, 「【財務構面】」: what stands around the words of a label.
_AROUND = re.compile(r"^[【\[(]*(?:[一二三四五六1-6][、.)])?|[】\])]+$")


def perspective_of(label: str) -> tuple[str, str]:
    """Return letter and bare name of a perspective's label, ("", "") if unknown.

    「顧客構面」 and 「顧客 C」 are both C and 顧客.
    """
    # Most cells that are asked about are sentences, numbers and names.
    if len(label) > _LONGEST_LABEL or not _FIRST_SIGNS.search(label):
        return "", ""
    bare = _AROUND.sub("", squashed(label))
    letter = bare[-1:].upper() if bare[-1:].isascii() else ""
    name = bare.removesuffix(letter.lower()).removesuffix("構面")
    for code, names in PERSPECTIVES.items():
        if name in names:
            return (letter if letter in PERSPECTIVES else code), name
    return "", ""
