"""What comes from the pages of entry: boxes as typed, each under the key of its KPI."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext_lazy as _

_BOX = re.compile(r"k(?P<kpi>\d{1,18})-(?P<box>[a-z_]+(?::\d{1,3})?)")
_LARGEST_VERSION = 2**31 - 1
VERSION = "version"


@dataclass
class TypedRow:
    """What was typed for one KPI, and the version it was typed upon."""

    typed: dict[str, str] = field(default_factory=dict)
    version: int | None = None


def version_of(text: str) -> int | None:
    """Return the version that a page was made from; None where there was no entry."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 10
    number = int(text) if is_number else 0
    return number if 0 < number <= _LARGEST_VERSION else None


def typed_rows(posted: Mapping[str, str]) -> dict[int, TypedRow]:
    """Return what a whole page says, by the key of the KPI: k12-value, k12-version."""
    rows: dict[int, TypedRow] = defaultdict(TypedRow)
    for name, text in posted.items():
        match = _BOX.fullmatch(name)
        if match is None:
            continue
        row = rows[int(match["kpi"])]
        if match["box"] == VERSION:
            row.version = version_of(text)
        else:
            row.typed[match["box"]] = _unbroken(text)
    return rows


def typed_boxes(posted: Mapping[str, str]) -> dict[str, str]:
    """Return what one row says, its boxes under their own names."""
    names = re.compile(r"[a-z_]+(?::\d{1,3})?")
    left_out = {VERSION, "csrfmiddlewaretoken"}
    return {
        name: _unbroken(text)
        for name, text in posted.items()
        if names.fullmatch(name) and name not in left_out
    }


def _unbroken(text: str) -> str:
    """Return a text with the line ends of one kind: a form sends those of another."""
    return text.replace("\r\n", "\n").replace("\x00", "")


class EvidenceForm(forms.Form):
    """A file that proves a figure."""

    file = forms.FileField(
        label=_("file"),
        max_length=255,
        error_messages={"required": _("Choose a file.")},
    )
