"""Who calls, and how often they may."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from helpdesk.models import ApiToken
from helpdesk.models.api import digest

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

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"throttle:{request.auth.pk}" if isinstance(request.auth, ApiToken) else None
