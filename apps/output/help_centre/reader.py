"""Who reads the help centre: what they may see, in which language, and whether their visit is counted."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from apps.intake.queries import ticket_by_key
from apps.output.articles.languages import main_part
from helpdesk.errors import NotFound
from helpdesk.http import customer_at
from helpdesk.models import Customer
from helpdesk.visits import keep_key, new_key, visit_key

# Set for whoever came by the link of their request: a customer, though not which.
COOKIE, SALT, LASTS = "help_reader", "output.help_reader", 24 * 3600


@dataclass(frozen=True)
class Reader:
    """A visitor. `key`: what their browser brought along; "" on a first page, and where nothing is counted."""

    customer: Customer | None
    is_known: bool
    is_colleague: bool
    language: str
    key: str

    @property
    def is_counted(self) -> bool:
        return bool(self.key) and not self.is_colleague


def reader_of(request: HttpRequest) -> Reader:
    user: Any = request.user
    customer = customer_at(request) or getattr(user, "customer", None)
    colleague = bool(getattr(user, "is_staff_member", False))
    return Reader(
        customer=customer,
        is_known=customer is not None or colleague or _came_by_link(request),
        is_colleague=colleague,
        language=main_part(get_language() or "en"),
        key="" if colleague else visit_key(request),
    )


def _came_by_link(request: HttpRequest) -> bool:
    try:
        signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    return True


def remember_customer(response: HttpResponse, key: str, *, secure: bool) -> HttpResponse:
    """Whoever brings the key of a request may read for a day what only customers may, and nothing else: the mark says
    neither whose request it is nor which. A key that is none changes nothing."""
    try:
        anonymous = ticket_by_key(key).customer.anonymised_at is not None
    except NotFound:
        return response
    if not anonymous:
        token = signing.dumps(1, salt=SALT)
        response.set_cookie(COOKIE, token, max_age=LASTS, httponly=True, samesite="Lax", secure=secure)
    return response


def for_this_reader(
    request: HttpRequest, response: HttpResponse, reader: Reader, key: str = ""
) -> HttpResponse:
    """Of no use to anybody else: neither shared nor shown again without asking. From here on the visit has a key."""
    response["Cache-Control"] = "private, no-cache"
    if not reader.is_colleague and not reader.key:
        keep_key(response, key or new_key(), secure=request.is_secure())
    return response
