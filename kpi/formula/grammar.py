"""The one grammar: published texts and edited expressions are read by it.

Its tokens come from `kpi.formula.words`, which knows what belongs to a word. The tree
keeps the printed brackets, because what they leave open is asked about.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from kpi.formula.doubts import Refused

GRAMMAR = r"""
?start: sum
    | (WORD | QUOTED) EQUALS sum -> definition

?sum: product ((PLUS | MINUS) product)*

?product: signed ((TIMES | OVER) signed)*

?signed: operand
    | MINUS operand -> negative

?operand: NUMBER | PERCENT | PERMILLE | WORD | QUOTED
    | _OPEN sum _CLOSE -> group
    | _OPEN sum _CLOSE PERCENT_SIGN -> percent_of
    | FRACTION _OPEN sum _CLOSE _OPEN sum _CLOSE -> fraction
    | (WORD | QUOTED) _EXPLAINED sum _CLOSE -> named
    | PREV (WORD | QUOTED) _CLOSE -> previous
    | ROUND sum [_COMMA NUMBER] _CLOSE -> rounded
    | IF sum (COMPARE | EQUALS) sum _COMMA sum _COMMA sum _CLOSE -> choice
    | FUNCTION sum (_COMMA sum)* _CLOSE -> function

%declare NUMBER PERCENT PERMILLE PERCENT_SIGN WORD QUOTED
%declare PLUS MINUS TIMES OVER EQUALS COMPARE
%declare _OPEN _CLOSE _COMMA _EXPLAINED FRACTION PREV ROUND IF FUNCTION
"""


class _Given(Lexer):
    """Hands the parser the tokens it is given."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, tokens: Iterable[Token]) -> Iterator[Token]:  # type: ignore[override]
        return iter(tokens)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_Given, maybe_placeholders=False)


def tree_of(tokens: list[Token]) -> Tree[Token] | Token:
    """Return the tree of `tokens`, or the one token there is.

    Raises Refused `not-understood` with the place of what does not fit, from 1.
    """
    try:
        return _parser().parse(tokens)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        if not isinstance(token, Token) or token.type == "$END":
            raise Refused("not-understood", at="", sign="") from None
        at = str((token.start_pos or 0) + 1)
        raise Refused("not-understood", at=at, sign=str(token)) from None
