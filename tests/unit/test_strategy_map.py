"""Where objectives stand on a map, and the curves that join them."""

import pytest

from reports.strategy_map import (
    Area,
    Box,
    Item,
    curves,
    layout,
    side_by_side,
    spread,
    stacked,
)


def place(items=(), *, top=(), lit=(False, False, False), bands=2):
    return layout(lit=lit, top=top, bands=bands, items=items)


def test_themes_of_one_width_take_one_column_each():
    drawn = place()

    assert drawn.tracks == 3
    assert drawn.heads == (Area(1, 2), Area(1, 3), Area(1, 4))
    assert drawn.head_label == Area(1, 1)


def test_a_theme_with_lights_is_a_quarter_wider():
    drawn = place(lit=(False, True, False))

    assert drawn.tracks == 13
    assert [head.columns for head in drawn.heads] == [4, 5, 4]
    assert [head.column for head in drawn.heads] == [2, 6, 11]


def test_themes_that_all_have_lights_are_alike():
    assert place(lit=(True, True)).tracks == 2


def test_objectives_of_one_theme_and_perspective_share_a_cell_in_order():
    drawn = place([Item("AC1", 0, 0, 0), Item("AC2", 0, 0, 0), Item("BP1", 1, 1, 1)])

    customers, processes = drawn.bands
    assert [cell.keys for cell in customers.cells] == [("AC1", "AC2"), (), ()]
    assert [cell.keys for cell in processes.cells] == [(), ("BP1",), ()]
    assert processes.label == Area(3, 1)


def test_what_spans_themes_spans_columns_below_the_cells():
    drawn = place([Item("AL1", 0, 0, 0), Item("TL1", 0, 0, 2), Item("TL2", 0, 0, 2)])

    band = drawn.bands[0]
    assert [(bar.key, bar.area) for bar in band.bars] == [
        ("TL1", Area(3, 2, 1, 3)),
        ("TL2", Area(4, 2, 1, 3)),
    ]
    assert band.label == Area(2, 1, rows=3)


def test_bars_that_do_not_meet_share_a_row():
    drawn = place([Item("X", 0, 0, 1), Item("Y", 0, 1, 2), Item("Z", 0, 2, 2)])

    assert [bar.area.row for bar in drawn.bands[0].bars] == [3, 4]
    assert drawn.bands[0].cells[2].keys == ("Z",)


def test_a_perspective_of_bars_alone_has_no_empty_cells():
    band = place([Item("TF1", 0, 0, 2)]).bands[0]

    assert band.cells == ()
    assert band.bars[0].area == Area(2, 2, 1, 3)


def test_one_printed_cell_over_all_themes_is_shared_side_by_side():
    drawn = layout(
        lit=(False,) * 8,
        top=[Item(code, 0, 0, 7) for code in ("TC1", "TC2", "TC3", "TC4")],
        bands=4,
        items=(),
    )

    assert [(bar.area.column, bar.area.columns) for bar in drawn.top] == [
        (2, 2),
        (4, 2),
        (6, 2),
        (8, 2),
    ]
    assert drawn.top_label == Area(1, 1)
    assert drawn.head_label == Area(2, 1)


def test_more_objectives_than_themes_keep_the_span_they_share():
    items = [Item(key, 0, 0, 1) for key in "abc"]

    assert side_by_side(items) == items


def test_the_foot_stands_below_the_last_perspective():
    drawn = place([Item("A", 0, 0, 0)], bands=2)

    assert drawn.foot == Area(4, 1)
    assert drawn.canvas == Area(1, 2, rows=3, columns=3)


@pytest.mark.parametrize(
    ("count", "themes", "expected"),
    [
        (4, 8, [(0, 1), (2, 3), (4, 5), (6, 7)]),
        (1, 3, [(0, 2)]),
        (3, 3, [(0, 0), (1, 1), (2, 2)]),
        (2, 3, [(0, 0), (1, 2)]),
        (3, 2, [(0, 0), (0, 0), (1, 1)]),
        (0, 3, []),
    ],
)
def test_boxes_are_laid_evenly(count: int, themes: int, expected):
    assert spread(count, themes) == expected


def test_a_span_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="no span"):
        Item("A", 0, 2, 1)


def test_a_perspective_without_themes_shares_its_width_evenly():
    boxes, height = stacked([["a", "b", "c"], ["d"]])

    assert [boxes[key].width for key in "abcd"] == [400, 400, 400, 1200]
    assert boxes["d"].top > boxes["a"].top
    assert height == boxes["d"].top + boxes["d"].height + 12


def test_a_curve_rises_from_the_top_of_its_cause_to_the_foot_of_its_effect():
    boxes = {"cause": Box(0, 100, 100, 20), "effect": Box(200, 0, 100, 20)}

    assert [curve.path for curve in curves(boxes, [("cause", "effect")])] == [
        "M50 100C50 60 250 60 250 20"
    ]


def test_a_curve_to_a_lower_box_leaves_at_the_foot():
    boxes = {"cause": Box(0, 0, 100, 20), "effect": Box(0, 60, 100, 20)}

    assert curves(boxes, [("cause", "effect")])[0].path == "M50 20C50 40 50 40 50 60"


def test_a_curve_within_a_row_joins_facing_sides_and_bows():
    boxes = {"a": Box(0, 0, 100, 20), "b": Box(200, 0, 100, 20)}

    there, back = curves(boxes, [("a", "b"), ("b", "a")])

    assert there.path == "M100 10C150 -14 150 -14 200 10"
    assert back.path == "M200 10C150 -14 150 -14 100 10"


def test_a_link_to_what_is_not_on_the_map_is_not_drawn():
    assert curves({"a": Box(0, 0, 1, 1)}, [("a", "b"), ("b", "a")]) == ()
