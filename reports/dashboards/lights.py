"""Lights and lamps as pages show them: a code, a shape and a word."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpi.scoring import Light
from kpi.wording import LIGHTS, SYMBOLS, light_text


@dataclass(frozen=True, slots=True)
class LightView:
    """A light: `code` names its shape and colour, `text` is the symbol with the word."""

    code: str
    word: str
    symbol: str
    text: str


def light_view(light: str) -> LightView:
    """Return how a light is shown."""
    lamp = Light(light)
    return LightView(lamp.value, str(LIGHTS[lamp]), SYMBOLS[lamp], light_text(lamp))


def reached_text(is_reached: bool | None) -> str:
    """Return whether a target is reached, in words; empty while nobody can say."""
    if is_reached is None:
        return ""
    return _("reached") if is_reached else _("not reached")


@dataclass(frozen=True, slots=True)
class LampView:
    """One KPI as a lamp: filled where the target is reached, hollow where it is not."""

    code: str
    light: LightView
    is_reached: bool | None
    label: str
    url: str

    @property
    def is_hollow(self) -> bool:
        return not self.is_reached


def lamp_view(
    *, code: str, name: str, light: str, is_reached: bool | None, url: str
) -> LampView:
    """Return the lamp of one KPI, named in full for those who do not see it."""
    view = light_view(light)
    said = reached_text(is_reached)
    words = f"{view.text}{_(', ')}{said}" if said else view.text
    label = _("%(code)s %(name)s: %(words)s") % {
        "code": code,
        "name": name,
        "words": words,
    }
    return LampView(code, view, is_reached, label, url)


@dataclass(frozen=True, slots=True)
class LightCount:
    """How many KPIs have a light."""

    light: LightView
    count: int
