"""The tree of a text as an expression: what its signs and words mean.

What is printed without brackets and can be meant in two ways is asked about here:
A/B-C, A/B/C, a slash between half phrases, a percent sign where there is no ratio.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from lark import Token, Tree

from kpi.formula.doubts import Decisions, Refused
from kpi.formula.expressions import (
    Binary,
    Choice,
    Expression,
    Function,
    Label,
    Named,
    Negative,
    Number,
    Previous,
    Rounded,
    has_ratio,
    is_constant,
)
from kpi.formula.scales import scaled
from kpi.formula.trees import (
    WHOLES,
    Node,
    bare,
    divides,
    factors_of,
    group_of,
    has_number,
    is_number,
    is_numeral,
    is_slash,
    joined_word,
    number_in,
    percent_text,
    value_of,
    whole_of,
    whole_term,
    with_people,
    without_numbers,
    words_of,
)
from kpi.formula.words import names_count
from kpi.formula.years import years_of

MOST_DECIMALS = 6

_SCALE_SIGNS = {"%": Decimal(100), "‰": Decimal(1000)}
_NUMERAL = re.compile(r"\d{1,20}(?:\.\d{1,20})?")
# 1. …, 公式: …: what may stand before the words of a box.
_HEADING = re.compile(r"(?:\d{1,2}[.、]|\(\d{1,2}\)|[^:]+:)(?=.)")
# 甲數X乙數 may be a product, 照射X光人數 is not.
_LETTER_TIMES = re.compile("(.+?)[xX](.+)")
_STOP = re.compile("[。;；，,]")


class Meaning:
    """Reads one tree, as the decisions of one attempt say."""

    def __init__(self, tree: Node, is_counted: bool, decisions: Decisions) -> None:
        self.choose = decisions.choose
        self.tree = tree
        self.is_alone = isinstance(tree, Token)
        # Of things that are counted no ratio is expected.
        self.is_counted = is_counted and not has_number(tree)
        # Words that a slash or sum joins: the sign is theirs, and no percent counts.
        self.joined: dict[tuple[str, str, str], bool] = {}
        words = [tree] if isinstance(tree, Token) else list(words_of(tree))
        self.years = years_of([str(word) for word in words], self.choose)

    def whole(self) -> tuple[str, Expression]:
        """Return the name on the left of =, where there is one, and the expression."""
        tree = self.tree
        if isinstance(tree, Tree) and tree.data == "definition":
            return str(tree.children[0]), self.expression(tree.children[2])
        return "", self.expression(tree)

    def expression(self, node: Node) -> Expression:
        if isinstance(node, Token):
            return self._leaf(node)
        parts = node.children
        match str(node.data):
            case "group":
                return self.expression(parts[0])
            case "sum":
                return self._sum(parts)
            case "product":
                return self._product(parts)
            case "negative":
                return Negative(self.expression(parts[1]))
            case "percent_of":
                inner = self.expression(parts[0])
                return self._scaled(inner, _SCALE_SIGNS[str(parts[1])])
            case "fraction":
                over, under = (self.expression(part) for part in parts[1:])
                return Binary("/", over, under)
            case "named":
                return Named(str(parts[0]), self.expression(parts[1]))
            case "previous":
                return Previous(str(parts[1]))
            case "rounded":
                return self._rounded(parts)
            case "choice":
                left, right, then, otherwise = (
                    self.expression(parts[at]) for at in (1, 3, 4, 5)
                )
                return Choice(left, str(parts[2]), right, then, otherwise)
        return self._function(parts)

    def _rounded(self, parts: Sequence[Node]) -> Expression:
        decimals = value_of(parts[2]) if len(parts) > 2 else Decimal(0)
        if decimals % 1 or decimals > MOST_DECIMALS:
            raise Refused("odd-number", number=str(decimals))
        return Rounded(self.expression(parts[1]), int(decimals))

    def _function(self, parts: Sequence[Node]) -> Expression:
        name, arguments = str(parts[0]), parts[1:]
        if name == "abs" and len(arguments) > 1:
            raise Refused("unknown-function", name="abs(…, …)")
        return Function(name, tuple(map(self.expression, arguments)))

    # One box, or one number.

    def _leaf(self, token: Token) -> Expression:
        if token.type == "QUOTED":
            return Label(str(token))
        if token.type == "NUMBER":
            return Number(value_of(token))
        if token.type == "WORD":
            return self._box(str(token))
        whole = WHOLES[token.type]
        option = self.choose("percent-in-sum", percent=percent_text(token))
        return Number(value_of(token) if option == 0 else value_of(token) / whole)

    def _box(self, word: str) -> Expression:
        if word in self.years:
            return self.years[word]
        if _NUMERAL.fullmatch(word):
            return Number(Decimal(word))
        number = number_in(word)
        if number is not None and not self.is_alone:
            is_box = self.choose("number-with-unit", words=word) == 0
            return Label(word) if is_box else Number(number)
        if match := _LETTER_TIMES.fullmatch(word):
            are_counts = all(map(names_count, match.groups()))
            if are_counts and self.choose("letter-times", words=word) == 0:
                return Binary("*", Label(match[1]), Label(match[2]))
        return Label(word if self.is_alone else self._without_remarks(word))

    def _without_remarks(self, word: str) -> str:
        """Return the words of a box among signs, where a sentence stands beside them.

        A comma within 新案中，屬除管後再提報之件數 belongs to the words: what stands
        before it names no count.
        """
        match = _HEADING.match(word)
        if match and self.choose("heading-in-word", words=word) == 0:
            word = word[match.end() :]
        if word.endswith(("(%)", "(‰)")):
            self.choose("loose-percent", 1, sign=word[-2])
        if match := _STOP.search(word):
            before = word[: match.start()]
            is_sentence = match[0] not in ",，" or names_count(before)
            if is_sentence and self.choose("several-sentences", words=word) == 1:
                return before
        return word

    def _is_phrase(self, sign: Token, left: Node, right: Node) -> bool:
        """Whether `sign` stands inside a phrase: half a phrase names no count."""
        if not (isinstance(left, Token) and isinstance(right, Token)):
            return False
        kinds = (left.type, right.type)
        if kinds not in (("WORD", "WORD"), ("NUMBER", "WORD")):
            return False
        if left.type == "NUMBER" and sign.type != "OVER":
            return False
        are_counts = all(names_count(word) for word in (left, right))
        if are_counts and not (self.is_counted and sign.type == "OVER"):
            return False
        where = (str(sign), str(left), str(right))
        if where not in self.joined:
            params = dict(zip(("sign", "left", "right"), where, strict=True))
            self.joined[where] = self.choose("sign-in-phrase", 2, **params) == 1
        return self.joined[where]

    # Sums.

    def _sum(self, parts: Sequence[Node]) -> Expression:
        terms = [whole_term(factors_of(parts[0]), parts)]
        signs: list[Token] = []
        for sign, node in zip(parts[1::2], parts[2::2], strict=True):
            assert isinstance(sign, Token)
            factors, last = whole_term(factors_of(node), parts), terms[-1]
            if self._is_phrase(sign, last[-1], factors[0]):
                terms[-1] = [*last[:-1], joined_word(last[-1], sign, factors[0])]
                terms[-1] += factors[1:]
            else:
                signs.append(sign)
                terms.append(factors)
        if signs and (grouped := self._grouped(terms, signs)):
            return self._product(grouped)
        answer = self._product(terms[0])
        for sign, term in zip(signs, terms[1:], strict=True):
            answer = Binary(str(sign), answer, self._product(term))
        return answer

    def _grouped(
        self, terms: list[list[Node]], signs: list[Token]
    ) -> list[Node] | None:
        """Return the sum as the divisor or the dividend, where it is meant so.

        1-A/B and A/B-C/D are read by the order of operations and not asked about.
        """
        divided = [divides(term) for term in terms]
        if not any(divided) or all(divided):
            return None
        first = divided.index(True)
        plain = [at for at, is_one in enumerate(divided) if not is_one]
        if all(at < first and is_number(terms[at]) for at in plain):
            return None
        sign = str(signs[0])
        if first == 0 and sum(divided) == 1:
            if str(terms[0][-2]) != "/":
                return None
            if self.choose("sum-after-slash", sign=sign) == 0:
                return None
            core, rest = without_numbers(terms[-1])
            inner = [[terms[0][-1]], *terms[1:-1], core]
            return [*terms[0][:-1], group_of(inner, signs), *rest]
        if first == len(terms) - 1 and str(terms[-1][1]) == "/":
            if self.choose("sum-before-slash", sign=sign) == 0:
                return None
            inner = [*terms[:-1], [terms[-1][0]]]
            return [group_of(inner, signs), *terms[-1][1:]]
        self.choose("sum-beside-slash", 1, sign=sign)
        return None

    # Products.

    def _product(self, parts: Sequence[Node]) -> Expression:
        factors = with_people(self._with_phrases(parts))
        if len(factors) == 1:
            return self.expression(factors[0])
        pairs, scales = [], []
        for sign, factor in zip(("*", *factors[1::2]), factors[::2], strict=True):
            whole = whole_of(factor)
            if whole is None:
                pairs.append((str(sign), factor))
            elif str(sign) == "*":
                scales.append(whole)
            else:
                raise Refused("odd-percent", percent=percent_text(factor))
        if len(scales) > 1 or not pairs or pairs[0][0] != "*":
            raise Refused("odd-percent", percent=percent_text(factors[-1]))
        answer = self._ordered(pairs)
        return self._scaled(answer, scales[0]) if scales else answer

    def _with_phrases(self, parts: Sequence[Node]) -> list[Node]:
        factors = [bare(parts[0])]
        for sign, node in zip(parts[1::2], map(bare, parts[2::2]), strict=True):
            assert isinstance(sign, Token)
            # 1/3以上… begins a phrase; *10萬/人口數 does not.
            is_first = len(factors) == 1 or not is_numeral(factors[-1])
            may_join = sign.type == "OVER" and is_first
            if may_join and self._is_phrase(sign, factors[-1], node):
                factors[-1] = joined_word(factors[-1], sign, node)
            else:
                factors += [sign, node]
        return factors

    def _ordered(self, pairs: list[tuple[str, Node]]) -> Expression:
        slashes = [at for at, (sign, node) in enumerate(pairs) if is_slash(sign, node)]
        if not slashes:
            return self._folded(pairs)
        first, end = slashes[0], len(pairs)
        while is_numeral(pairs[end - 1][1]) and end - 1 > first:
            end -= 1
        divisor = [("*", pairs[first][1]), *pairs[first + 1 : end]]
        if len(slashes) > 1:
            is_grouped = self.choose("two-slashes", 3 - min(len(slashes) - 1, 2)) == 1
        elif any(not is_numeral(node) for _, node in pairs[first + 1 :]):
            is_grouped = self.choose("product-after-slash") == 1
        else:
            is_grouped = False
        if not is_grouped:
            return self._folded(pairs)
        answer = Binary("/", self._folded(pairs[:first]), self._folded(divisor))
        return self._folded(pairs[end:], answer)

    def _folded(
        self, pairs: list[tuple[str, Node]], start: Expression | None = None
    ) -> Expression:
        answer = start
        for sign, node in pairs:
            factor = self._factor(node)
            answer = factor if answer is None else Binary(sign, answer, factor)
        assert answer is not None
        return answer

    def _factor(self, node: Node) -> Expression:
        if isinstance(node, Token) and node.type in WHOLES:
            return Number(value_of(node) / WHOLES[node.type])
        return self.expression(node)

    def _scaled(self, expression: Expression, base: Decimal) -> Expression:
        if has_ratio(expression):
            return scaled(expression, base, self.choose)
        if any(self.joined.values()):
            return expression
        if is_constant(expression):
            raise Refused("odd-percent", percent="")
        if self.choose("percent-of-no-ratio") == 0:
            return expression
        return Binary("*", expression, Number(base))
