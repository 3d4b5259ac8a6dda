"""Every text on its ground, in every theme, as tokens.css has them (WCAG 2.1)."""

import re
from functools import cache
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TEXT, CONTROL = 4.5, 3.0
LIGHTS = ("you", "liang", "ke", "cha", "unk")

PAIRS = [
    *(("ink", ground, TEXT) for ground in ("paper", "ground", "sunk", "wash")),
    *(("quiet", ground, TEXT) for ground in ("paper", "ground", "sunk", "wash")),
    *(("deep", ground, TEXT) for ground in ("paper", "ground", "sunk", "wash")),
    ("on-head", "head", TEXT),
    ("on-head-quiet", "head", TEXT),
    ("on-accent", "accent", TEXT),
    ("accent", "paper", CONTROL),
    ("doubt", "paper", TEXT),
    ("doubt", "ground", TEXT),
    ("doubt", "doubt-wash", TEXT),
    ("ink", "doubt-wash", TEXT),
    ("edge", "paper", CONTROL),
    ("edge", "ground", CONTROL),
    *((light, f"{light}-tint", TEXT) for light in LIGHTS),
    *((light, ground, TEXT) for light in LIGHTS for ground in ("paper", "ground")),
    *(("on-light", light, CONTROL) for light in LIGHTS),
    ("unk", "sunk", TEXT),
]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block))


@cache
def themes() -> dict[str, dict[str, str]]:
    """Return the colours of each theme, as the cascade leaves them."""
    css = (CSS / "tokens.css").read_text()
    root = declared(css[css.index(":root {") : css.index("@media")])
    system = declared(
        css[
            css.index("prefers-color-scheme: dark") : css.index('[data-theme="dark"] {')
        ]
    )
    after = css[css.index('[data-theme="dark"] {') :]
    chosen = declared(after[: after.index("@media")])
    contrast = after[after.index("prefers-contrast") :]
    light_more, dark_more = contrast.split(':root[data-theme="dark"]')
    paper = (CSS / "print.css").read_text()
    return {
        "light": root,
        "dark, by the system": root | system,
        "dark, chosen": root | chosen,
        "light, more contrast": root | declared(light_more),
        "dark, more contrast": root | chosen | declared(dark_more),
        "print": root | declared(paper[: paper.index("print-color-adjust")]),
    }


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_what_is_read_stands_out_from_its_ground(
    theme: str, front: str, back: str, least: float
):
    colours = themes()[theme]

    assert contrast(colours[front], colours[back]) >= least


def test_dark_is_the_same_by_the_system_and_by_choice():
    found = themes()

    assert found["dark, by the system"] == found["dark, chosen"]


def test_contrast_is_reckoned_as_the_guidelines_say():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", ["components", "frame", "map", "home"])
def test_a_style_sheet_takes_its_colours_from_the_tokens(sheet: str):
    css = (CSS / f"{sheet}.css").read_text()

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", css) == []
