"""Who calls, and how often they may."""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from helpdesk.models import ApiToken
from helpdesk.models.api import digest

logger = logging.getLogger(__name__)

USED_EVERY = timedelta(hours=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer hd_...`."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = ApiToken.objects.usable(now).select_related("user").filter(digest=digest(key.strip())).first()
        if token is None:
            raise exceptions.AuthenticationFailed("This token is not known, has expired or was revoked.")
        if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="helpdesk"'


class PageSession(SessionAuthentication):
    """Our own pages: the session, with CSRF."""


class TokenThrottle(SimpleRateThrottle):
    """So many calls a minute for each token; pages are not counted."""

    scope = "token"

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except RedisError as error:
            # A complaint is worth more than a count: without the cache nobody is counted.
            logger.warning("calls are not counted: the cache does not answer (%s)", error)
            return True

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"throttle:{request.auth.pk}" if isinstance(request.auth, ApiToken) else None
