"""Reckoning one formula on Decimals, against simpleeval in the same run."""

import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from simpleeval import SimpleEval, simple_eval

from kpi.formula import Parsed, evaluate, parse

CALLS, RUNS = 1_000, 15

TEXT = '"completed" / ("opened" - "exempt") * 100'
SAME = "completed / (opened - exempt) * 100"
FIGURES = {"completed": Decimal(90), "opened": Decimal(125), "exempt": Decimal(25)}


def seconds_of(*ways: Callable[[], object]) -> list[float]:
    """Return the processor's seconds of each, the median of runs in turn."""
    spent: list[list[float]] = [[] for _ in ways]
    for _ in range(RUNS):
        for way, seconds in zip(ways, spent, strict=True):
            before = time.process_time()
            for _ in range(CALLS):
                way()
            seconds.append(time.process_time() - before)
    return [statistics.median(seconds) for seconds in spent]


def test_a_formula_is_reckoned_ten_times_faster_than_by_simpleeval():
    formula = parse(TEXT)
    assert isinstance(formula, Parsed)
    expression = formula.expression
    evaluator = SimpleEval(names=FIGURES)
    tree = evaluator.parse(SAME)

    assert evaluate(expression, FIGURES).value == Decimal(90)
    assert simple_eval(SAME, names=FIGURES) == Decimal(90)
    ours, closure, theirs, parsed = seconds_of(
        lambda: evaluate(expression, FIGURES),
        lambda: expression.run(FIGURES, {}),
        lambda: simple_eval(SAME, names=FIGURES),
        lambda: evaluator.eval(SAME, previously_parsed=tree),
    )
    print(
        f"\none formula: {ours / CALLS * 1e6:.1f} us, simpleeval"
        f" {theirs / CALLS * 1e6:.1f} us, ratio {theirs / ours:.1f} (at least 10);"
        f" the closure alone and a tree parsed before: {parsed / closure:.1f}"
    )
    assert ours <= theirs / 10


def test_reading_a_text_again_costs_no_more_than_reckoning_it_ten_times():
    text = "(依限完成派案評估之案件/通報件數)*100%"
    formula = parse(text, "%")
    assert isinstance(formula, Parsed)
    figures = {"依限完成派案評估之案件": Decimal(3), "通報件數": Decimal(4)}
    again, once = seconds_of(
        lambda: parse(text, "%"), lambda: evaluate(formula.expression, figures)
    )
    print(f"\nreading a text again: {again / once:.2f}x of reckoning it (at most 10)")
    assert again <= once * 10
