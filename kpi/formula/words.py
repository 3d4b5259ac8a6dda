"""A plain text as the tokens of the grammar: which brackets and signs belong to words.

A bracket that follows a word, or that a word follows, belongs to that word (詢(訊)問,
家內(第1類)調查人數), unless it says what the word is made of (執行數(實際執行數+保留數)).
A hyphen between Latin letters or digits, and a slash or sum in such a bracket, can be
read in two ways, and are asked about.
"""

import re
from decimal import Decimal

from lark import Token

from kpi.formula.doubts import Decisions, Refused
from kpi.formula.expressions import FUNCTIONS
from kpi.formula.texts import FRACTION, label_of

DEEPEST = 12
MOST_TOKENS = 150
LONGEST_NUMBER = 20

_OPENING = {"(": ")", "[": "]", "{": "}"}
_QUOTING = {"「": "」", "『": "』"}
_SEPARATORS = ",，、"
_ENDS_WORD = frozenset(' \n+-*/()[]{}"=<>≤≥≠%‰' + FRACTION)
_TOKENS = {"+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "OVER"}
_BINARY = frozenset(_TOKENS.values())
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?) ?(百萬|億|萬|千|百)? ?(%|‰)?")
_IN_WORDS = re.compile(r"(百分之百|一?千萬|一?百萬|十萬|一?萬|一?千|一?百)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_FUNCTION = re.compile(r"([A-Za-z]+) ?\(")
_ALIASES = {"average": "mean", "avg": "mean", "if_": "if"}
_COMPARISON = re.compile(r"<=|>=|<>|!=|==|<|>|=|≤|≥|≠")
_COMPARISONS = {"≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "==": "="}
_POWERS = {"百": 2, "千": 3, "萬": 4, "百萬": 6, "千萬": 7, "億": 8}
# 7-12, 7月-12月, 7/1: a range or a date inside a bracket is no arithmetic.
_RANGE = re.compile(r"\d+[年月日歲週季時點分]?(?:[-/]\d+[年月日歲週季時點分]?)+")
# COVID-19, 30-40歲, 7月-12月: what a hyphen may join.
_HYPHEN = re.compile(r"(?:[A-Za-z0-9]-[A-Za-z0-9]|\d[年月日歲週季時點分]-\d)$")
_UNIT = re.compile(r"\((?:單位:)?([%‰])\)")
_REMARK = re.compile(
    r"(?:不?包[含括]|[不未]?含|扣除|排除|不計|例如|如|即|指|或|及|單位|題目)"
)
# What a countable thing is called: an operand that ends otherwise is half a phrase.
MEASURED = re.compile(
    r"(?:[數件案率額費量度者人次家戶元分值比例個組場處名張份隻輛坪]"
    r"|預算|決算|收入|支出|面積|人口|金額|經費|總計|合計|總和|加總|成本|個案|處所|場所|得分|權重|小計)"
    r"(?:\([^()]*\))?」?$"
)


def names_count(words: str) -> bool:
    """Whether words name something countable; 人 in 人/車流量 is half a phrase."""
    return len(words) > 1 and MEASURED.search(words) is not None


def tokens_of(text: str, decisions: Decisions) -> list[Token]:
    """Return the tokens of a plain text, as one attempt reads it.

    Raises Refused: `unbalanced`, `too-deep`, `too-many`, `odd-number`,
    `number-too-long`, `unknown-function`, `loose-percent`, `not-understood`.
    """
    return _Scanner(text, decisions).scan()


class _Scanner:
    def __init__(self, text: str, decisions: Decisions) -> None:
        self.text = text
        self.choose = decisions.choose
        self.partners = _partners(text)
        self.tokens: list[Token] = []
        # The kinds of the brackets that are open: `list` where commas separate.
        self.open: list[str] = []
        self.expects_operand = True
        # Closing brackets whose words behind them are a remark.
        self.remarks: set[int] = set()

    def scan(self) -> list[Token]:
        at = self._skip(0)
        while at < len(self.text):
            step = self._operand if self.expects_operand else self._operator
            at = self._skip(step(at))
            if len(self.tokens) > MOST_TOKENS:
                raise Refused("too-many", maximum=str(MOST_TOKENS))
        return self.tokens

    def _skip(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \n":
            at += 1
        return at

    def _emit(self, kind: str, value: str, at: int, *, ends: bool = False) -> None:
        self.tokens.append(Token(kind, value, at))
        self.expects_operand = not ends

    def _next(self, at: int) -> str:
        at = self._skip(at)
        return self.text[at] if at < len(self.text) else ""

    def _is_word_at(self, at: int) -> bool:
        """Whether words go on at `at`; a comma between arguments ends them."""
        sign = self._next(at)
        if sign and sign in _SEPARATORS:
            return not self._in_list()
        return bool(sign) and sign not in _ENDS_WORD

    def _partner(self, at: int) -> int:
        """Return where the bracket at `at` closes; one inside quotes has no partner."""
        if at not in self.partners:
            raise Refused("unbalanced", sign=self.text[at])
        return self.partners[at]

    def _in_list(self) -> bool:
        return bool(self.open) and self.open[-1] == "list"

    # Where an operand is expected.

    def _operand(self, at: int) -> int:
        sign = self.text[at]
        if sign == '"':
            end = self.text.find('"', at + 1)
            if end < 0:
                raise Refused("unbalanced", sign='"')
            return self._quoted(at, end)
        if sign in _QUOTING:
            end = self.text.find(_QUOTING[sign], at + 1)
            if end < 0:
                raise Refused("unbalanced", sign=sign)
            is_alone = not self._is_word_at(end + 1) and self._next(end + 1) != "("
            return self._quoted(at, end) if is_alone else self._word(at)
        if sign in _OPENING:
            return self._bracket(at)
        if sign == FRACTION:
            self._emit("FRACTION", sign, at)
            return at + 1
        if sign == "-" and not (self.tokens and self.tokens[-1].type in _BINARY):
            self._emit("MINUS", sign, at)
            return at + 1
        if sign == "%" or sign == "‰":
            raise Refused("loose-percent", sign=sign)
        if sign in _ENDS_WORD:
            raise Refused("not-understood", at=str(at + 1), sign=sign)
        return self._number(at) or self._function(at) or self._word(at)

    def _quoted(self, at: int, end: int) -> int:
        label = label_of(self.text[at + 1 : end])
        if not label:
            raise Refused("not-understood", at=str(at + 1), sign=self.text[at])
        self._emit("QUOTED", label, at, ends=True)
        return end + 1

    def _bracket(self, at: int) -> int:
        end = self._partner(at)
        if self.text[at] != "{" and self._is_word_at(end + 1):
            inside = self.text[at + 1 : end]
            if not _has_signs(inside):
                return self._word(at)
            if not self._next(end + 1).isdigit():
                if self.choose("words-after-bracket", words=inside) == 1:
                    return self._word(at)
                self.remarks.add(end)
        return self._open(at, "_OPEN", "group")

    def _open(self, at: int, kind: str, what: str) -> int:
        self.open.append(what)
        self._emit(kind, self.text[at], at)
        return at + 1

    def _number(self, at: int) -> int:
        """Return where a number ends; 0 where there is none, but a word."""
        if match := _IN_WORDS.match(self.text, at):
            kind, digits = "NUMBER", "1"
            power = _POWERS.get(match[1].lstrip("一"), 5 if match[1] == "十萬" else 2)
            if match[1] == "百分之百":
                kind = "PERCENT"
        elif match := _NUMBER.match(self.text, at):
            digits, power = match[1], _POWERS.get(match[2] or "", 0)
            kind = {"%": "PERCENT", "‰": "PERMILLE"}.get(match[3] or "", "NUMBER")
        else:
            return 0
        end = match.end()
        if self._is_part_of_word(end):
            return 0
        if self._in_list() and "," in digits:
            digits = digits.partition(",")[0]
            kind, power, end = "NUMBER", 0, at + len(digits)
            if re.match(r",\d{3}(?!\d)", self.text[end:]):
                raise Refused("odd-number", number=match[1])
        if not _THOUSANDS.fullmatch(digits):
            raise Refused("odd-number", number=digits)
        digits = digits.replace(",", "")
        if len(digits) > LONGEST_NUMBER:
            raise Refused("number-too-long", maximum=str(LONGEST_NUMBER))
        number = f"{Decimal(digits).scaleb(power):f}"
        if len(number) > LONGEST_NUMBER:
            raise Refused("number-too-long", maximum=str(LONGEST_NUMBER))
        self._emit(kind, number, at, ends=True)
        return end

    def _is_part_of_word(self, end: int) -> bool:
        """Whether a number that ends there begins a word: 6歲以下, 12(含)歲, 7-12月."""
        if self._is_word_at(end):
            return True
        after = self._skip(end)
        if self.text[after : after + 1] == "(":
            close = self._partner(after)
            is_plain = not _has_signs(self.text[after:close])
            return is_plain and self._is_word_at(close + 1)
        span = re.compile(r"-\d+").match(self.text, end)
        return span is not None and self._is_word_at(span.end())

    def _function(self, at: int) -> int:
        match = _FUNCTION.match(self.text, at)
        if not match:
            return 0
        name = _ALIASES.get(match[1].lower(), match[1].lower())
        if name in FUNCTIONS:
            kind = "FUNCTION"
        elif name in ("if", "prev", "round"):
            kind = name.upper()
        elif match[1].islower():
            raise Refused("unknown-function", name=match[1])
        else:
            return 0
        self.open.append("list")
        self._emit(kind, name, at)
        return match.end()

    # Words, with the brackets that belong to them.

    def _word(self, start: int) -> int:
        at = start
        while at < len(self.text):
            text, sign = self.text, self.text[at]
            if sign in " \n":
                after = self._skip(at)
                if not self._is_word_at(after) and self._next(after) not in _OPENING:
                    break
                if "\n" in text[at:after] and not self.open and self._is_cut(at):
                    break
                at = after
            elif sign in _QUOTING:
                end = text.find(_QUOTING[sign], at)
                if end < 0:
                    raise Refused("unbalanced", sign=sign)
                at = end + 1
            elif sign in _OPENING and sign != "{":
                if at > start and self._is_explained(at, text[start:at]):
                    return self._named(start, at)
                at = self._partner(at) + 1
            elif not (self._is_word_at(at) or self._is_sign_of_word(start, at)):
                break
            else:
                at += 1
        label = label_of(self.text[start:at])
        if not label:
            raise Refused("not-understood", at=str(at + 1), sign=self.text[at])
        self._emit("WORD", label, start, ends=True)
        return at

    def _named(self, start: int, at: int) -> int:
        self._emit("WORD", label_of(self.text[start:at]), start)
        at = self._open(at, "_EXPLAINED", "group")
        remark = _REMARK.match(self.text, at)
        return remark.end() if remark else at

    def _is_explained(self, at: int, word: str) -> bool:
        """Whether the bracket at `at` says what the word before it is made of."""
        end = self._partner(at)
        inside = self.text[at + 1 : end]
        if not _has_signs(inside):
            return False
        params = {"words": label_of(word), "inside": inside}
        if self._is_word_at(end + 1) or self._next(end + 1) in _OPENING:
            self.choose("bracket-in-word", 1, **params)
            return False
        operands = re.split("[-+]", inside)
        is_sum = not re.search(r"[*/()\[\]{}]", inside)
        are_measured = all(names_count(operand.strip()) for operand in operands)
        if is_sum and are_measured and not _REMARK.match(inside):
            return True
        return self.choose("bracket-in-word", 2, **params) == 1

    def _is_cut(self, at: int) -> bool:
        """Whether the text ends where its first line ends."""
        if self.choose("several-lines", line=self.text[:at]) == 0:
            return False
        self.text = self.text[:at]
        return True

    def _is_sign_of_word(self, start: int, at: int) -> bool:
        """Whether a hyphen or percent sign belongs to a word: COVID-19, 5%以上."""
        if self.text[at] in "%‰":
            return self.text[at - 1 : at].isdigit() and self._is_word_at(at + 1)
        words = self.text[start : at + 2]
        if self.text[at] != "-" or not _HYPHEN.search(words):
            return False
        return self.choose("hyphen-in-word", words=words) == 0

    # Where an operation or an end is expected.

    def _operator(self, at: int) -> int:
        sign, last = self.text[at], self.tokens[-1]
        if sign in _TOKENS:
            self._emit(_TOKENS[sign], sign, at)
            return at + 1
        if sign in ")]}" and self.open:
            self.open.pop()
            self._emit("_CLOSE", sign, at, ends=True)
            return self._behind(at) if at in self.remarks else at + 1
        if sign in _SEPARATORS and self._in_list():
            self._emit("_COMMA", sign, at)
            return at + 1
        if match := _COMPARISON.match(self.text, at):
            comparison = _COMPARISONS.get(match[0], match[0])
            self._emit("EQUALS" if comparison == "=" else "COMPARE", comparison, at)
            return match.end()
        if sign in _OPENING and last.type == "QUOTED":
            return self._open(at, "_EXPLAINED", "group")
        if sign == "{" and last.type == "_CLOSE":
            return self._open(at, "_OPEN", "group")
        if sign in "%‰" and last.type == "_CLOSE":
            self._emit("PERCENT_SIGN", sign, at, ends=True)
            return at + 1
        if last.type == "_CLOSE" and (match := _UNIT.match(self.text, at)):
            self._emit("PERCENT_SIGN", match[1], at, ends=True)
            return match.end()
        if sign in "%‰":
            raise Refused("loose-percent", sign=sign)
        if sign in _OPENING or sign.isdigit():
            return self._without_sign(at)
        raise Refused("not-understood", at=str(at + 1), sign=sign)

    def _without_sign(self, at: int) -> int:
        """Read what follows without a sign as multiplied, or a bracket as a remark."""
        end = self.partners.get(at, at)
        may_be_remark = end > at and not _has_signs(self.text[at:end])
        if self.choose("missing-sign", 2 if may_be_remark else 1, at=str(at + 1)) == 1:
            return end + 1
        self._emit("TIMES", "*", at)
        return at

    def _behind(self, end: int) -> int:
        """Return where the words behind a bracket end: they are a remark."""
        at = end + 1
        while at < len(self.text) and self._is_word_at(at):
            at = self._skip(at) + 1
        return at


def _has_signs(words: str) -> bool:
    return any(sign in _RANGE.sub("", words) for sign in "+-*/")


def _partners(text: str) -> dict[int, int]:
    """Return where each bracket closes; what stands in quotes has none."""
    partners: dict[int, int] = {}
    waiting: list[int] = []
    quote = ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign == '"' or sign in _QUOTING:
            quote = _QUOTING.get(sign, sign)
        elif sign in _OPENING:
            waiting.append(at)
            if len(waiting) > DEEPEST:
                raise Refused("too-deep", maximum=str(DEEPEST))
        elif sign in ")]}":
            if not waiting or _OPENING[text[waiting[-1]]] != sign:
                raise Refused("unbalanced", sign=sign)
            partners[waiting.pop()] = at
    if waiting:
        raise Refused("unbalanced", sign=text[waiting[-1]])
    return partners
