"""Refusals as RFC 9457 problem details: one shape for everything that went wrong, and one handler that makes it."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from redis.exceptions import RedisError
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from helpdesk.away import is_passing
from helpdesk.errors import DomainError

COME_BACK_IN = 2  # seconds


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The one exception handler: whatever is refused is said as RFC 9457 problem details."""
    request = context["request"]
    match error:
        case DomainError():
            problems = [{"pointer": f"/{error.pointer}", "code": error.code, "detail": error.detail}]
            return _response(
                request, error.status, error.code, error.detail, problems if error.pointer else []
            )
        case serializers.ValidationError():
            return _response(
                request, 422, "invalid", "Some fields can't be taken.", list(_flat(error.detail))
            )
        case RequestDataTooBig():
            return _response(request, 413, "too-large", "The request is larger than 25 MB.")
        case Http404():
            return _response(request, 404, "not-found", "There is nothing here by that name.")
        case PermissionDenied():
            return _response(request, 403, "not-allowed", "You may not do this.")
        case exceptions.APIException():
            response = _response(request, error.status_code, _code(error), _detail(error))
            if getattr(error, "auth_header", None):
                response["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
            if getattr(error, "wait", None):
                response["Retry-After"] = str(int(error.wait) + 1)  # type: ignore[attr-defined]
            return response
        case RedisError():
            return _away(request)
        case _ if is_passing(error):
            return _away(request)
    return None  # a fault of ours: `helpdesk.views.server_error` answers


def problem_details(request: HttpRequest, status: int, code: str, detail: str) -> JsonResponse:
    """The same shape for what fails outside REST framework: unknown paths, faults of ours."""
    body = _problem(request, status, code, detail, [])
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _away(request: Any) -> Response:
    response = _response(request, 503, "away", "We can't answer for a moment. Send the same request again.")
    response["Retry-After"] = str(COME_BACK_IN)
    return response


def _response(
    request: Any, status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    body = _problem(request, status, code, detail, errors or [])
    return Response(body, status=status, content_type="application/problem+json")


def _problem(
    request: Any, status: int, code: str, detail: str, errors: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "type": f"/api/docs/problems/#{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "errors": errors,
        "request_id": getattr(request, "request_id", ""),
    }


def _flat(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Each complaint of a serializer with the JSON pointer of the field it is about."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{pointer}/{position}" if nested else pointer)
    else:
        yield {"pointer": pointer or "/", "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _code(error: exceptions.APIException) -> str:
    return str(error.default_code).replace("_", "-")


def _detail(error: exceptions.APIException) -> str:
    return str(error.detail)
