"""Who a customer is who signed in: found out on the pages of the help alone, where the cookie is sent."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.output.account.models import KEPT_FOR
from apps.output.account.queries import session_by

COOKIE, PATH = "customer", "/help/"


class SignedInCustomer:
    """Sets `request.customer` and `request.customer_session` (None for a stranger), and the customer's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secret = request.COOKIES.get(COOKIE, "") if request.path.startswith(PATH) else ""
        session = session_by(secret, timezone.now()) if secret else None
        request.customer_session = session  # type: ignore[attr-defined]
        request.customer = session.customer if session else None  # type: ignore[attr-defined]
        if session is None:
            return self.get_response(request)
        renewed = session.see(at=timezone.now())
        zone = session.customer.time_zone
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone else timezone.get_current_timezone()):
            response = self.get_response(request)
        # Not over what the page itself did with it.
        if renewed and COOKIE not in response.cookies:
            set_cookie(response, secret)
        return response


def set_cookie(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        COOKIE, secret, max_age=KEPT_FOR, path=PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
