"""A page of a thousand numbers, formatted beforehand and by the template."""

import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from django.template import engines
from django.utils import translation

from bsc.numbers import plain, points

ROWS, RUNS = 500, 15

# One table for both: only what stands in the cells is different.
TABLE = """
<table>
  {{% for total, amount in rows %}}
    <tr><td class="num">{{{{ total{points} }}}}</td>
        <td class="num">{{{{ amount{whole} }}}}</td></tr>
  {{% endfor %}}
</table>
"""

NUMBERS = [
    (Decimal(number * 7919 % 100_000) / 1000, Decimal(number * 104_729 % 10_000_000))
    for number in range(ROWS)
]


def template(**filters: str):
    return engines["django"].from_string("{% load l10n %}" + TABLE.format(**filters))


def seconds_of(*renders: Callable[[], str]) -> list[float]:
    """Return the processor's seconds of each, the median of runs in turn."""
    spent: list[list[float]] = [[] for _ in renders]
    for _ in range(RUNS):
        for render, seconds in zip(renders, spent, strict=True):
            before = time.process_time()
            render()
            seconds.append(time.process_time() - before)
    return [statistics.median(seconds) for seconds in spent]


def test_formatting_beforehand_takes_at_most_half_the_time_of_floatformat():
    bare = template(points="", whole="")
    filtered = template(points='|floatformat:"1"', whole='|floatformat:"0"')

    def beforehand() -> str:
        rows = [(points(total), plain(amount, 0)) for total, amount in NUMBERS]
        return bare.render({"rows": rows})

    def by_the_template() -> str:
        return filtered.render({"rows": NUMBERS})

    with translation.override("zh-hant"):
        assert beforehand() == by_the_template()
        assert beforehand().count("<td") == 1000
        ours, theirs = seconds_of(beforehand, by_the_template)
    print(f"\n1,000 numbers: {ours / theirs:.2f}x of floatformat (at most 0.5x)")
    assert ours <= theirs / 2
