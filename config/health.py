"""Whether the portal is well, told to what watches over it."""

import logging

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 2
logger = logging.getLogger(__name__)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 where database and broker answer, else 503; the reason is in the log.

    Anybody may ask: it needs no account, opens no session and tells no more than that.
    """
    answers = {"database": database_answers()}
    if settings.REDIS_URL:
        answers["broker"] = broker_answers()
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.warning("The database does not answer", exc_info=True)
        return False
    return True


def broker_answers() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
        ) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        logger.warning("The broker does not answer", exc_info=True)
        return False
