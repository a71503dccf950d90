"""The base of every endpoint: scopes, and one answer for one Idempotency-Key."""

import hashlib
import json
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from helpdesk.errors import DomainError
from helpdesk.http import ApiRequest
from helpdesk.models import ApiToken, IdempotencyKey
from helpdesk.models.api import REPLAY_FOR
from helpdesk.permissions import require


class StillAnswering(DomainError):
    """The first request with this Idempotency-Key is still being answered. Try again in a second."""

    code = "still-answering"
    status = 409


class KeyUsedForAnother(DomainError):
    """This Idempotency-Key was used for another request. Take a new key for a new request."""

    code = "idempotency-key-reused"
    status = 422


def scope_of(view: APIView, method: str) -> str:
    """What a token must carry to ask this of an endpoint."""
    scope: str = view.read_scope if method in ("GET", "HEAD", "OPTIONS") else view.write_scope  # type: ignore[attr-defined]
    return scope


class HasScope(BasePermission):
    """Reading wants the endpoint's read scope, writing its write scope. Sessions of people carry every scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        scope = scope_of(view, request.method or "")
        if scope not in request.auth.scopes and "admin" not in request.auth.scopes:
            raise exceptions.PermissionDenied(f"This token lacks the scope {scope}.")
        return True


class HasVerb(BasePermission):
    """Who may not write here is refused before anybody looks at what they sent."""

    def has_permission(self, request: ApiRequest, view: "ApiView") -> bool:  # type: ignore[override]
        if view.verb and request.method not in SAFE_METHODS:
            require(request.user, view.verb)
        return True


class ApiView(APIView):
    """The base of every endpoint: scopes, and one answer for one Idempotency-Key.

    `class Notes(ApiView, verb="response.note")` says what all its writing asks for; the services ask for more where it
    depends on the row or on the act.
    """

    permission_classes = [*APIView.permission_classes, HasScope, HasVerb]
    read_scope = "tickets:read"
    write_scope = "tickets:write"
    verb = ""

    def __init_subclass__(cls, verb: str = "", **more: object) -> None:
        super().__init_subclass__(**more)
        cls.verb = verb or cls.verb

    def answer_once(self, request: ApiRequest, act: Callable[[], Response]) -> Response:
        """Run `act`, or replay its first answer to the same key; both in one transaction, so a crash leaves neither."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return act()
        if len(key) > 255 or not key.isprintable():
            raise serializers.ValidationError({"Idempotency-Key": ["At most 255 printable characters."]})
        asked = hashlib.sha256(
            f"{request.method} {request.path} {json.dumps(request.data, sort_keys=True)}".encode()
        )
        with transaction.atomic():
            self._take_key(request, key)
            known = IdempotencyKey.objects.filter(
                token_user=request.user, key=key, created_at__gt=timezone.now() - REPLAY_FOR
            ).first()
            if known is not None:
                return self._replay(known, asked.hexdigest())
            response = act()
            # One statement: the lock is ours, and only an answer that has expired can be in the way.
            answer = IdempotencyKey(
                token_user=request.user, key=key, request_digest=asked.hexdigest(), status=response.status_code,
                response=response.data, created_at=timezone.now(),
            )  # fmt: skip
            IdempotencyKey.objects.bulk_create(
                [answer],
                update_conflicts=True,
                unique_fields=["token_user", "key"],
                update_fields=["request_digest", "status", "response", "created_at"],
            )
        return response

    def _take_key(self, request: ApiRequest, key: str) -> None:
        # An advisory lock, so that the second of two calls at once is told to wait instead of waiting itself.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [request.user.pk, key])
            if not cursor.fetchone()[0]:
                raise StillAnswering

    def _replay(self, known: IdempotencyKey, asked: str) -> Response:
        if known.request_digest != asked:
            raise KeyUsedForAnother
        return Response(known.response, status=known.status, headers={"Idempotent-Replayed": "true"})


class SetUpView(ApiView):
    """How the desk is set up: read with any token that reads tickets, written with the scope `admin` alone."""

    write_scope = "admin"
