"""What stands for rows as a page was drawn from them, and who wrote in between.

The keys of the newest rows of their histories: whoever writes keeps a version.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

# So many changed fields are told to the second of two people.
MOST_TOLD = 4
WORDS = {
    "stale": gettext_lazy(
        "%(who)s changed this at %(at)s, after you opened it: %(what)s. What you"
        " typed is still here; nothing of it was saved."
    ),
    "gone": gettext_lazy("%(who)s removed this at %(at)s, after you opened it."),
}


def version_of(*histories: QuerySet) -> str:
    """Return what stands for rows as they are now: the keys of their newest versions.

    One query a history.
    """
    newest = (rows.aggregate(newest=Max("history_id"))["newest"] for rows in histories)
    return ".".join(str(key or 0) for key in newest)


def require_version(version: str, *histories: QuerySet) -> None:
    """Raise ValidationError "stale" where somebody wrote since `version` was drawn.

    It tells who, when, and what is another now.
    """
    seen = version.split(".")
    for place, rows in enumerate(histories):
        newest = rows.select_related("history_user").order_by("-history_id").first()
        key = seen[place] if place < len(seen) else "0"
        if newest is None or str(newest.history_id) == key:
            continue
        before = rows.filter(history_id=int(key)).first() if _is_key(key) else None
        moment = timezone.localtime(newest.history_date)
        params = {
            "who": str(newest.history_user or _("The system")),
            "at": f"{moment:%m-%d %H:%M}",
        }
        if newest.history_type == "-" and len(histories) == 1:
            raise ValidationError(WORDS["gone"], code="gone", params=params)
        params["what"] = _changes(newest, before)
        raise ValidationError(WORDS["stale"], code="stale", params=params)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _changes(newest: Any, before: Any) -> str:
    """Return what differs between two versions, in words."""
    fields = {field.name: field for field in newest.tracked_fields}
    is_one_row = before is not None and before.id == newest.id
    if not is_one_row:
        return str(newest.instance)
    delta = newest.diff_against(before, foreign_keys_are_objs=True)
    told = [
        _("%(field)s from %(old)s to %(new)s")
        % {
            "field": fields[change.field].verbose_name,
            "old": _short(change.old),
            "new": _short(change.new),
        }
        for change in delta.changes[:MOST_TOLD]
    ]
    return pgettext("enumeration of counts", "; ").join(told) or str(newest.instance)


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    short = {"text": Truncator(text).chars(40)}
    return _("“%(text)s”") % short if text else _("nothing")
