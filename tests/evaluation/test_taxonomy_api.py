"""The taxonomy by API: the same services as the pages, behind scopes of their own."""

import pytest
from django.test import Client

from helpdesk.models import ChangeSet, Issue, TaxonomyRelease
from tests.factories import make_issue, make_token

ADDED = {
    "changes": [
        {"change": "add", "code": "new", "label": "New", "parent": "billing", "owner_department": "billing"}
    ]
}


@pytest.fixture
def tree(cast):
    billing = make_issue("billing")
    return [make_issue(code, parent=billing) for code in ("twice", "wrong")]


@pytest.fixture
def call(cast):
    def make(*scopes, method="get", path="", data=None, **headers):
        key = make_token(cast.robot, *(scopes or ("taxonomy:read", "taxonomy:write")))
        ask = getattr(Client(headers={"Authorization": f"Bearer {key}"} | headers), method)
        return ask(f"/api/v1/taxonomy/{path}", data, content_type="application/json")

    return make


def test_the_tree_is_read_with_its_release(call, tree):
    found = call("taxonomy:read").json()
    assert (found["release"], [row["code"] for row in found["issues"]]) == (1, ["billing", "twice", "wrong"])


def test_a_change_is_drafted_looked_at_and_published(call, tree):
    drafted = call(method="post", path="draft/", data=ADDED)
    assert drafted.status_code == 201, drafted.content
    assert drafted.json()["changes"][0]["words"] == "Add “New” below “Billing”"
    version = call(path="draft/").json()["version"]
    published = call(method="post", path="draft/publish/", data={"version": version, "note": "By API"})
    assert (published.status_code, published.json()) == (201, {"release": 2})
    assert Issue.objects.get(code="new").owner_department.slug == "billing"
    assert call(path="releases/").json()["data"][0]["note"] == "By API"


def test_a_release_is_planned_and_undone(call, tree):
    call(method="post", path="draft/", data=ADDED)
    later = {"version": 1, "publish_at": "2099-01-01T00:00:00Z"}
    assert call(method="post", path="draft/publish/", data=later).status_code == 202
    assert call(path="releases/").json()["planned"][0]["state"] == "planned"
    call(
        method="post",
        path="draft/",
        data={"changes": [{"change": "merge", "codes": ["wrong"], "into": "twice"}]},
    )
    call(method="post", path="draft/publish/", data={"version": 1})
    undone = call(method="post", path="releases/2/undo/")
    assert (undone.status_code, undone.json()) == (201, {"release": 3, "undoes": 2})


def test_changes_and_drafts_are_withdrawn(call, tree):
    number = call(method="post", path="draft/", data=ADDED).json()["changes"][0]["id"]
    assert call(method="delete", path=f"draft/changes/{number}/").status_code == 204
    assert call(method="delete", path="draft/").status_code == 204
    assert call(path="draft/").status_code == 404
    assert ChangeSet.objects.get().state == "discarded"


WRONG = [
    {}, {"changes": []}, {"changes": [{"change": "paint"}]}, {"changes": [{"change": "add", "code": "x"}]},
    {"changes": [{"change": "add", "code": "x", "label": "X", "colour": "red"}]},
    {"changes": [{"change": "add", "code": "x", "label": "X", "owner_department": "nobody"}]},
    {"changes": [{"change": "retire", "code": "nowhere"}]},
]  # fmt: skip


@pytest.mark.parametrize("data", WRONG, ids=map(repr, WRONG))
def test_what_cannot_be_is_refused_with_the_reason(call, tree, data):
    answer = call(method="post", path="draft/", data=data)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert not ChangeSet.objects.exists()


def test_another_version_is_not_published(call, tree):
    call(method="post", path="draft/", data=ADDED)
    assert call(method="post", path="draft/publish/", data={"version": 9}).status_code == 409
    assert TaxonomyRelease.objects.count() == 1


@pytest.mark.parametrize("path", ["draft/", "draft/publish/", "releases/1/undo/"])
def test_writing_wants_its_scope(call, tree, path):
    assert call("taxonomy:read", method="post", path=path, data=ADDED).status_code == 403


def test_a_repeated_post_is_answered_once(call, tree):
    for _ in range(2):
        answer = call(method="post", path="draft/", data=ADDED, **{"Idempotency-Key": "once"})
        assert answer.status_code == 201
    assert ChangeSet.objects.draft().changes.count() == 1
