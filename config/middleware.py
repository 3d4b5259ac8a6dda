"""What holds for the answers of every app."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


def kept_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep what a person is shown out of caches: of proxies, and of a shared desk.

    Static files are answered before, and stay as cacheable as they are.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # By the cookie and not by `request.user`, which may cost a query.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session or "Authorization" in request.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
