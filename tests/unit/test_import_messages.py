"""Every code that reading or comparing a file can give has words in both languages."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from sheets.messages import (
    FORM_WORDS,
    MESSAGES,
    SPECIAL_MESSAGES,
    default_in_words,
    message,
)

ROOT = Path(__file__).resolve().parents[2]
# Where the code stands among the arguments of what is made.
PLACES = {"Refused": 0, "Doubt": 1, "Issue": 3}
CODE = re.compile(r"[a-z]+(-[a-z]+)+|checked|entities|left|removed|restated|withdrawn")


def codes_in(*folders: str) -> set[str]:
    """Return the codes that the modules of these folders name."""
    found: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                found |= _codes_of(node)
    return found


def _codes_of(node: ast.AST) -> set[str]:
    """Return the codes of a call that makes a doubt, whatever it chooses between."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return set()
    place = PLACES.get(node.func.id)
    if place is None or len(node.args) <= place:
        return set()
    return {
        part.value
        for part in ast.walk(node.args[place])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def codes_in_the_papers() -> set[str]:
    """Return the codes that docs/sheets.md and the reader of files list."""
    papers = (ROOT / "docs" / "sheets.md").read_text("utf-8")
    listed = set(
        re.findall(r"^\| `([a-z-]+)` \| (?:error|ask|warn|note)", papers, re.MULTILINE)
    )
    limits = (ROOT / "sheets" / "grid" / "limits.py").read_text("utf-8")
    refusals = limits[limits.index("Codes and their parameters") :]
    listed |= set(re.findall(r"`((?:file|too|text|number|cell)-[a-z-]+)`", refusals))
    return listed


CODES = codes_in("sheets") | codes_in_the_papers()


def test_codes_are_found_where_they_are_made():
    assert {"cell-too-far", "duplicate-code", "unknown-unit", "restated"} <= CODES
    assert len(CODES) > 50
    assert all(CODE.fullmatch(code) for code in CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_words_in_both_languages(code: str):
    words = MESSAGES[code]
    with translation.override("en"):
        english = str(words)
    with translation.override("zh-hant"):
        chinese = str(words)
    assert english != chinese
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    parameters = re.compile(r"%\((\w+)\)s")
    assert set(parameters.findall(chinese)) == set(parameters.findall(english))


def test_no_code_has_words_that_nothing_says():
    # These are chosen by a variable where they are made.
    by_variable = {
        "parts-differ",
        "broken-separator",
        "direction-doubtful",
        "theme-without-letter",
        "control-characters",
        "direction-characters",
        "error-value",
        "formula-without-value",
        "macros-stay",
    }
    assert set(MESSAGES) <= CODES | by_variable


@pytest.mark.parametrize("words", [*SPECIAL_MESSAGES.values(), *FORM_WORDS.values()])
def test_other_words_of_an_import_are_translated(words):
    with translation.override("zh-hant"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(words))


def test_a_parameter_that_is_a_code_is_told_in_words():
    with translation.override("en"):
        told = message("sheet-not-read", {"form": "main-tasks"})
        assert "(main tasks)" in told
        assert "no form we know" in message("sheet-not-read", {"form": ""})
        params = {"what": "packed", "limit": "20000000"}
        assert message("file-too-large", params).endswith("(19.1 MB).")
        assert message("what-is-this", {}) == "what-is-this"


@pytest.mark.parametrize(
    ("default", "words"),
    [
        ("negative", "Taken as “lower is better”."),
        ("keep", "The figure in force stays; what is printed is kept beside it."),
        ("AF1", "AF1 is taken."),
        (None, ""),
    ],
)
def test_a_default_is_told_in_words(default: str | None, words: str):
    with translation.override("en"):
        assert default_in_words(default) == words
