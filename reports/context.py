"""What the frame of every page shows: menu, language, theme, who is logged in."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bsc.models import Membership
from bsc.permissions import TABLE, Action

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the menu."""

    text: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """A language one can switch to, called by its own name."""

    code: str
    lang: str
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page; an address is empty where there is nothing to offer.

    `theme` is light or dark where the person chose one, else the system decides.
    """

    path: str
    theme: str
    nav: tuple[Link, ...]
    roles: str
    other_language: Language
    language_url: str
    login_url: str
    logout_url: str
    password_url: str
    inbox_url: str
    unread: int


CHINESE = Language("zh-hant", "zh-Hant-TW", "中文")
ENGLISH = Language("en", "en", "EN")


def frame(request: HttpRequest) -> dict:
    """Offer `frame` to every template; it costs a query only where it is used."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> Frame:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    is_chinese = (get_language() or settings.LANGUAGE_CODE).startswith("zh")
    held = _roles_of(request)
    return Frame(
        path=request.get_full_path(),
        theme=chosen if chosen in THEMES else "",
        nav=_nav(request, held),
        roles=pgettext("enumeration", ", ").join(
            str(Membership.Role(role).label) for role in sorted(held)
        ),
        other_language=ENGLISH if is_chinese else CHINESE,
        language_url=_address("set_language"),
        login_url=_address("account_login"),
        logout_url=_address("account_logout"),
        password_url=_address("account_change_password"),
        inbox_url=_address("bsc:inbox"),
        unread=_unread(request),
    )


def _roles_of(request: HttpRequest) -> set[str]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return set()
    return user.roles


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return user.unread if user is not None and user.is_authenticated else 0


def _nav(request: HttpRequest, held: set[str]) -> tuple[Link, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    offered = [(_("Home"), "reports:home")]
    if held & (TABLE[Action.RECORD] or set()):
        offered.append((_("My reporting"), "kpi:my-work"))
    if held & (TABLE[Action.REVIEW] or set()):
        offered.append((_("To review"), "kpi:review-queue"))
    if held & (TABLE[Action.SEE_DRAFT] or set()):
        offered.append((_("Rounds"), "kpi:round-list"))
    if held & (TABLE[Action.IMPORT] or set()):
        offered.append((_("Imports"), "sheets:import-list"))
    if held & (TABLE[Action.EDIT_RULES] or set()):
        offered.append((pgettext("menu", "Rules"), "kpi:rules"))
    offered.append((_("Jobs"), "bsc:job-list"))
    if user.is_superuser or held & {Membership.Role.ADMIN, Membership.Role.PLANNER}:
        offered.append((_("Administration"), "admin:index"))
    found = ((text, _address(name)) for text, name in offered)
    return tuple(
        Link(text, url, is_current=_is_at(request.path, url))
        for text, url in found
        if url
    )


def _is_at(path: str, url: str) -> bool:
    home = _address("reports:home")
    if url == _address("kpi:my-work"):
        return path == url or "/entry/" in path
    return path == url if url == home else path.startswith(url)


def _address(name: str) -> str:
    """Return the address of a page that this installation has, else nothing."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
