"""Charts as plotly figures, built on the server and drawn in the browser.

Colours are names of tokens; `static/js/chart.js` gives them the values of the
reader's theme. Numbers travel as decimal texts, which plotly reads exactly.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

# What the vendored bundle can draw. It draws any other type as a scatter, and
# says nothing, so a type is held against this list before it is sent.
BASIC_TRACES = frozenset({"bar", "pie", "scatter"})


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One year of a trend; None is a gap. `is_part` marks a part of the year."""

    label: str
    actual: Decimal | None
    target: Decimal | None
    is_part: bool = False


def require_drawable(figure: go.Figure) -> None:
    """Raise ValueError where the bundle lacks a type of trace that `figure` uses."""
    missing = sorted({trace.type for trace in figure.data} - BASIC_TRACES)
    if missing:
        raise ValueError(f"the basic bundle has no {', '.join(missing)}")


def figure_json(figure: go.Figure) -> str:
    """Return a figure as the JSON a page carries, safe inside a script element.

    Raises ValueError where the bundle could not draw it.
    """
    require_drawable(figure)
    shown = figure.to_plotly_json()
    # The template is plotly's own look, 7 KB a figure; ours is in chart.js.
    shown["layout"].pop("template", None)
    text = json.dumps(shown, default=str, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def trend(
    points: Sequence[TrendPoint], *, actual_name: str, target_name: str, measure: str
) -> str | None:
    """Return actuals as a line and targets as dashes; None where there is no number.

    Years without an actual are gaps, and a part of a year is a hollow point.
    """
    if not any(p.actual is not None or p.target is not None for p in points):
        return None
    labels = [point.label for point in points]
    figure = go.Figure()
    if any(point.target is not None for point in points):
        figure.add_scatter(
            x=labels,
            y=[_number(point.target) for point in points],
            name=target_name,
            mode="lines+markers+text",
            text=[_number(point.target) or "" for point in points],
            textposition=[_side(p.target, p.actual) for p in points],
            cliponaxis=False,
            line={"dash": "5px,3px", "width": 2},
            marker={"symbol": "line-ew-open", "size": 18, "line": {"width": 2}},
            hovertemplate="%{x}　%{y}<extra>%{fullData.name}</extra>",
            meta={"ink": "deep"},
        )
    if any(point.actual is not None for point in points):
        figure.add_scatter(
            x=labels,
            y=[_number(point.actual) for point in points],
            name=actual_name,
            mode="lines+markers+text",
            text=[_number(point.actual) or "" for point in points],
            textposition=[_side(p.actual, p.target) for p in points],
            cliponaxis=False,
            line={"width": 2},
            marker={
                "size": 10,
                "symbol": [
                    "circle-open" if point.is_part else "circle" for point in points
                ],
                "line": {"width": 2},
            },
            hovertemplate="%{x}　%{y}<extra>%{fullData.name}</extra>",
            meta={"ink": "ink"},
        )
    figure.update_layout(
        xaxis={"type": "category", "categoryarray": labels, "range": _range(labels)},
        yaxis={"type": "linear", "rangemode": "tozero", "ticksuffix": _suffix(measure)},
    )
    return figure_json(figure)


def _side(own: Decimal | None, other: Decimal | None) -> str:
    """Return the side of a point on which its figure meets no other point."""
    below = own is not None and other is not None and own < other
    return "bottom center" if below else "top center"


def _range(labels: list[str]) -> list[str]:
    """Return the whole axis, half a year beyond each end, also over years of gaps."""
    return ["-0.5", f"{len(labels) - 1}.5"]


def _suffix(measure: str) -> str:
    return measure if measure in {"%", "‰"} else ""


def _number(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
