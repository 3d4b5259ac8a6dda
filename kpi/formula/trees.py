"""Looking into a printed tree: numbers, percents, factors, the words of a box."""

import re
from collections.abc import Sequence
from decimal import Decimal

from lark import Token, Tree

type Node = Tree[Token] | Token

WHOLES = {"PERCENT": Decimal(100), "PERMILLE": Decimal(1000)}
_PER_PEOPLE = re.compile(r"每?(\d+)?(十)?萬(?:人口|人)?")
_WITH_UNIT = re.compile(
    r"(\d{1,15}(?:\.\d+)?)(?:倍|個|人|件|次|分|元|天|日|年|月|小時|時|戶|家|公斤|公里)"
)
_NUMBERS = ("NUMBER", *WHOLES)


def words_of(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda token: _is_of(token, "WORD")))


def value_of(token: Node) -> Decimal:
    return Decimal(str(token))


def percent_text(node: Node) -> str:
    if not isinstance(node, Token) or node.type not in WHOLES:
        return ""
    return f"{value_of(node):f}{'%' if node.type == 'PERCENT' else '‰'}"


def whole_of(node: Node) -> Decimal | None:
    """Return 100 for 100% and 1000 for 1000‰: a ratio as percent, not times 1."""
    if not isinstance(node, Token) or node.type not in WHOLES:
        return None
    whole = WHOLES[node.type]
    return whole if value_of(node) == whole else None


def _is_whole(node: Node) -> bool:
    return whole_of(node) is not None


def factors_of(node: Node) -> list[Node]:
    if isinstance(node, Tree) and node.data == "product":
        return list(node.children)
    return [node]


def joined_word(left: Node, sign: Token, right: Node) -> Token:
    return Token("WORD", f"{left}{sign}{right}")


def has_number(tree: Node) -> bool:
    if isinstance(tree, Token):
        return False
    return any(tree.scan_values(lambda token: _is_of(token, *_NUMBERS)))


def number_in(word: str) -> Decimal | None:
    """Return the number of 2倍, 100分 and 每10萬人."""
    if match := _PER_PEOPLE.fullmatch(word):
        return Decimal(match[1] or 1) * (10 if match[2] else 1) * 10000
    match = _WITH_UNIT.fullmatch(word)
    return Decimal(match[1]) if match else None


def with_people(factors: list[Node]) -> list[Node]:
    """Return the factors with *每10萬人 as the number it is."""
    answer = list(factors)
    for at in range(0, len(answer), 2):
        node, beside = answer[at], answer[at - 1 if at else 1 : at or 2]
        is_factor = any(isinstance(sign, Token) and sign == "*" for sign in beside)
        is_word = isinstance(node, Token) and node.type == "WORD"
        if is_factor and is_word and _PER_PEOPLE.fullmatch(str(node)):
            answer[at] = Token("NUMBER", str(number_in(str(node))))
    return answer


def whole_term(term: list[Node], parts: Sequence[Node]) -> list[Node]:
    """Return 100% in a sum as a number: 100 beside percents, 1 beside bare ratios."""
    if len(term) > 1 or whole_of(term[0]) is None:
        return term
    others = [part for part in parts if isinstance(part, Tree)]
    if any(any(part.scan_values(_is_whole)) for part in others):
        return [Token("NUMBER", "100")]
    is_share = any(has_token(part, "OVER") for part in others)
    return [Token("NUMBER", "1")] if is_share else term


def has_token(tree: Tree[Token], kind: str) -> bool:
    return any(tree.scan_values(lambda token: _is_of(token, kind)))


def _is_of(node: Node, *kinds: str) -> bool:
    return isinstance(node, Token) and node.type in kinds


def bare(node: Node) -> Node:
    """Return (100%) without its brackets; other brackets stay."""
    inner = node
    while isinstance(inner, Tree) and inner.data == "group":
        inner = inner.children[0]
    return inner if is_numeral(inner) else node


def is_numeral(node: Node) -> bool:
    if not isinstance(node, Token):
        return False
    return node.type == "NUMBER" or node.type in WHOLES


def is_number(term: list[Node]) -> bool:
    return len(term) == 1 and is_numeral(term[0])


def is_slash(sign: str, divisor: Node) -> bool:
    is_number = isinstance(divisor, Token) and divisor.type == "NUMBER"
    return sign == "/" and not is_number


def divides(term: list[Node]) -> bool:
    pairs = zip(term[1::2], term[2::2], strict=True)
    return any(is_slash(str(sign), divisor) for sign, divisor in pairs)


def without_numbers(term: list[Node]) -> tuple[list[Node], list[Node]]:
    """Return a term without the numbers that close it, and those numbers."""
    end = len(term)
    while end > 1 and is_numeral(term[end - 1]):
        end -= 2
    return term[:end], term[end:]


def group_of(terms: list[list[Node]], signs: list[Token]) -> Tree[Token]:
    parts: list[Node] = []
    for at, term in enumerate(terms):
        parts += [signs[at - 1]] if at else []
        parts.append(term[0] if len(term) == 1 else Tree("product", term))
    return Tree("group", [Tree("sum", parts)])
