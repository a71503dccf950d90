"""Who is let in where: every address and method of the house, tried by everybody there is.

What somebody gets is told in a sign: `+` let in, `?` let in and what they sent refused for what it says (nothing was
sent), `-` refused, `.` there is no such thing for them, `>` sent to the sign-in (a program: 401).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cache

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLResolver
from drf_spectacular.generators import SchemaGenerator

from apps.analysis.views import cases, run
from helpdesk.models import Department, Role, User
from tests.browser.samples import Samples
from tests.factories import make_token, make_user
from tests.house.test_strangers import addresses
from tests.journeys.nasty import operations
from tests.journeys.program import SCOPES

LEAVES = ("logout/",)
ABSENT = " "  # no such method there
PEOPLE = ("zoe", "ana", "mallory", "omar", "lena", "nils", "ada")
PROGRAMS = ("robot", "other", "reader")


def pages() -> Iterator[tuple[str, str]]:
    """(method, route)"""
    for route, _ in addresses():
        if not route.startswith("api/v1/") and route not in LEAVES:
            yield "GET", route
            yield "POST", route


def calls() -> Iterator[tuple[str, str]]:
    """(method, route) of the API."""
    return ((method, path.removeprefix("/")) for method, path, _, _ in operations())


def people() -> dict[str, Client]:
    """Each in a browser of their own, and one who has not signed in."""
    clients = {name: Client(raise_request_exception=False) for name in ("stranger", *PEOPLE)}
    for name in PEOPLE:
        user = User.objects.get(email=f"{name}@desk.test")
        clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def programs() -> dict[str, Client]:
    """One that may all a program may, one of another department, and one that may only read tickets."""
    robot = User.objects.get(email="robot@desk.test")
    elsewhere = make_user("other-robot", Role.API_CLIENT, Department.objects.get(slug="shipping"))
    keys = {
        "robot": make_token(robot, *SCOPES),
        "other": make_token(elsewhere, *SCOPES),
        "reader": make_token(robot, "tickets:read"),
    }
    return {
        name: Client(raise_request_exception=False, headers={"Authorization": f"Bearer {key}"})
        for name, key in keys.items()
    }


def hasten(patch: pytest.MonkeyPatch) -> None:
    """Leave out what takes most of the time and lets nobody in: pages are not drawn, what stays is read once."""
    operations()  # reads the whole description of the API, once
    patch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: {})
    patch.setattr(Template, "render", lambda *_, **__: "")
    patch.setattr(cases, "case_context", lambda *_, **__: {})
    patch.setattr(run, "WAIT", 0)
    patch.setattr(logging.getLogger("django.request"), "disabled", True)
    sessions: dict[str, dict[str, object]] = {}
    load, people = SessionStore.load, cache(ModelBackend().get_user)

    def remembered(one: SessionStore) -> dict[str, object]:
        if one.session_key not in sessions:
            sessions[one.session_key] = load(one)
        return dict(sessions[one.session_key])

    patch.setattr(SessionStore, "load", remembered)
    patch.setattr(ModelBackend, "get_user", lambda _, pk: copy(people(pk)))
    patch.setattr(URLResolver, "resolve", cache(URLResolver.resolve))


def lines(samples: Samples) -> Iterator[str]:
    """One for each address and method that there is: the signs of everybody, the method, the address."""
    everybody = people()
    yield from _tried(everybody, pages(), samples)
    yield from _tried(everybody | programs(), calls(), samples)


def _tried(
    clients: Mapping[str, Client], asked: Iterable[tuple[str, str]], samples: Samples
) -> Iterator[str]:
    for method, route in asked:
        for name, address in samples.addresses(route):
            if (first := sign(clients["ada"], method, address)) != ABSENT:
                signs = [
                    first if who == "ada" else sign(one, method, address) for who, one in clients.items()
                ]
                yield f"{''.join(signs)} {method} /{name}"


def sign(client: Client, method: str, address: str) -> str:
    """What this one gets there; whatever it changed is taken back."""
    is_call = address.startswith("/api/v1/")
    sent = (
        {}
        if method == "GET"
        else {"data": "{}", "content_type": "application/json"}
        if is_call
        else {"data": {}}
    )
    with transaction.atomic():
        answer = getattr(client, method.lower())(address, **sent)
        transaction.set_rollback(True)
    assert answer.status_code < 500, f"{method} {address}: {answer.content[:500]!r}"
    return sign_of(answer)


def sign_of(answer: HttpResponse) -> str:
    if answer.status_code in (301, 302):
        return ">" if answer["Location"].startswith(("/login/", "/help/sign-in/")) else "+"
    return {401: ">", 403: "-", 404: ".", 405: ABSENT, 400: "?", 422: "?"}.get(answer.status_code, "+")
