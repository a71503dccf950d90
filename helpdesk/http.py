"""Requests as views behind a sign-in see them: there is a person, and htmx has said whether it asked."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from helpdesk.models import Customer, User


class PageRequest(HttpRequest):
    """A page's request after `login_required`."""

    user: User
    htmx: HtmxDetails


class ApiRequest(Request):
    """An API call after authentication."""

    user: User


def customer_at(request: HttpRequest) -> Customer | None:
    """The customer who signed in by mail, if one did (config/settings.py names who finds out)."""
    found: Customer | None = getattr(request, "customer", None)
    return found


def number_in(text: str) -> int | None:
    """The number of a row, as an address or a form names it; None for what can be none (over 18 digits, say)."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
