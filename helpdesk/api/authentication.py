"""Who calls, and how often they may."""

import logging
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from helpdesk import valkey
from helpdesk.models import ApiToken
from helpdesk.models.api import digest
from helpdesk.statements import Lookup

logger = logging.getLogger(__name__)
token_by_digest = Lookup(ApiToken, "WHERE own.digest = %s", follow="user")

USED_EVERY = timedelta(hours=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer hd_...`."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = token_by_digest(digest(key.strip()))
        if token is None or not token.is_usable(now):
            raise exceptions.AuthenticationFailed("This token is not known, has expired or was revoked.")
        if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="helpdesk"'


class PageSession(SessionAuthentication):
    """Our own pages: the session, with CSRF."""


class TokenThrottle(SimpleRateThrottle):
    """So many calls a minute for each token; pages are not counted. One counter a window, whatever the rate."""

    scope = "token"
    num_requests: int
    duration: int  # seconds

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken) or self.rate is None:
            return True
        key = f"{settings.LIVE_CHANNEL}:calls:{request.auth.pk}:{int(self.timer() // self.duration)}"
        try:
            calls = valkey.connection().incr(key)
            if calls == 1:
                valkey.connection().expire(key, self.duration)
        except redis.RedisError as error:
            logger.warning("calls are not counted: %s", error)
            return True
        return bool(calls <= self.num_requests)

    def wait(self) -> float:
        return float(self.duration - self.timer() % self.duration)
