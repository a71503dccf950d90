"""What happens to every request before a view sees it."""

import codecs
import re
import uuid
import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from helpdesk.api.problems import problem_details

Handler = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[\w.-]{8,64}\Z", re.ASCII)


class RequestId:
    """A name for each request, on the answer and in error reports; a proxy's own name is kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class RoomForCalls:
    """Room for the frames of all calls of a request. Python keeps frames in chunks of 16 KB; a loop that stands where
    one ends maps the next anew with each call (docs/decisions/0029). A frame too large for any chunk there is makes
    Python map one twice as large as it, with its half free for the calls below."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    # Words of 8 bytes: just short of 128 KB, so that a chunk of 256 KB is mapped.
    __call__.__code__ = __call__.__code__.replace(co_stacksize=16_000)


class RefuseBrokenInput:
    """NUL characters in an address, and charsets that are none, can only be an attack or an accident; PostgreSQL and
    Python's codecs would answer them with an error."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _refused(request, 400, "broken-address", "The address holds a NUL character.")
        if request.encoding and not _is_charset(request.encoding):
            return _refused(request, 415, "unknown-charset", "This charset is none for text. Send UTF-8.")
        return self.get_response(request)


def _refused(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_details(request, status, code, detail)
    request.encoding = "utf-8"  # or the page would trip over the charset as well
    return render(request, "400.html", {"detail": detail}, status=status)


def _is_charset(name: str) -> bool:
    """Python also counts compressions such as zlib among its codecs."""
    return bool(getattr(codecs.lookup(name), "_is_text_encoding", True))


class PersonTimeZone:
    """Times are shown in the zone of the person who reads them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class PersonLanguage:
    """Pages are in the language their reader chose; else as the browser or its cookie says (LocaleMiddleware)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if request.user.is_authenticated else ""
        if not chosen:
            return self.get_response(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language() or chosen
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
