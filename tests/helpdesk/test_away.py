"""The API while a server behind it is away: what can be done without it is done, the rest is asked for again."""

import pytest
from django.db import OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as NoConnection

from helpdesk.models import Ticket
from tests.factories import make_token

GOOD = {"subject": "Late", "body": "Where is it?", "customer": {"email": "jo@x.test"}}


@pytest.fixture
def send(cast):
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    browser = Client(raise_request_exception=False)
    return lambda: browser.post("/api/v1/tickets/", GOOD, content_type="application/json", headers=headers)


def broken_off(code=None):
    """What Django raises when psycopg2 does: with the server's code, or without one when nobody answered."""
    error = OperationalError("the connection was lost")
    error.__cause__ = type("Cause", (Exception,), {"pgcode": code})()
    return error


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


def test_without_valkey_tickets_are_taken_and_nobody_is_counted(send, monkeypatch):
    monkeypatch.setattr("redis.Redis.execute_command", raising(NoConnection("nobody answers")))
    assert send().status_code == 201


@pytest.mark.parametrize("code", [None, "57P01", "53300", "40P01"])
def test_a_database_that_is_away_asks_to_come_back(send, monkeypatch, code):
    monkeypatch.setattr("apps.intake.services.open_ticket", raising(broken_off(code)))
    answer = send()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer["Content-Type"] == "application/problem+json"
    assert not Ticket.objects.exists()


def test_what_the_database_will_refuse_again_is_a_fault_of_ours(send, monkeypatch):
    monkeypatch.setattr("apps.intake.services.open_ticket", raising(broken_off("54001")))
    assert send().status_code == 500
