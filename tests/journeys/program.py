"""A program that uses the API, and what it may expect of every answer."""

import json

from django.test import Client

TICKETS = "/api/v1/tickets/"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
GOOD = {"subject": "Late", "body": "Where is my parcel?", "customer": {"email": "jo@x.test", "name": "Jo"}}
SCOPES = ("tickets:read", "tickets:write", "taxonomy:read", "cases:read", "cases:write", "admin")


class Program:
    """A client of the API with a token. Faults of ours come back as answers, as they would over the wire."""

    def __init__(self, key=""):
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def send(self, method, path, body=b"", *, kind="application/json", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, path, data, content_type=kind, headers=self.headers | headers)


def refused(answer, *statuses):
    """A problem in the API's own format, with words for a person."""
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.content[:500]}"
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    return problem


def no_fault(answer, what):
    """Not a fault of ours; and what the API refuses, it refuses in its own format."""
    assert answer.status_code < 500, f"{what[:300]!r}: {answer.status_code} {answer.content[:300]}"
    if what.split(" ")[1].startswith("/api/v1/") and answer.status_code >= 400:
        refused(answer, answer.status_code)
