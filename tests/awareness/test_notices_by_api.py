"""Notices are put in better words, published and taken back by programs as on their pages."""

import pytest
from rest_framework.test import APIClient

from apps.awareness import services
from apps.awareness.models import Notice
from tests.factories import NOW, make_token, make_user


@pytest.fixture
def notice(cast, proven_case):
    return services.publish_fix(case=proven_case(), by=cast.system, at=NOW)


def calling(user, *scopes):
    client = APIClient()
    key = make_token(user, *(scopes or ("cases:read", "cases:write")))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def test_a_notice_is_edited_published_and_withdrawn(cast, notice):
    api, at = calling(cast.robot), f"/api/v1/notices/{notice.pk}/"
    assert api.get("/api/v1/notices/all/").json()["data"][0]["state"] == "draft"
    told = api.patch(at, {"title": "No invoice twice"}, format="json").json()
    assert (told["title"], told["body"]) == ("No invoice twice", notice.body)
    assert api.post(at, {"act": "publish"}, format="json").json()["state"] == "published"
    assert api.post(at, {"act": "publish"}, format="json").status_code == 409
    assert api.post(at, {"act": "withdraw"}, format="json").json()["state"] == "withdrawn"


def test_what_is_wrong_changes_nothing(cast, notice):
    api, at = calling(cast.robot), f"/api/v1/notices/{notice.pk}/"
    for wrong in ({"audience": "aliens"}, {"headline": "x"}):
        assert api.patch(at, wrong, format="json").status_code == 422
    assert api.post(at, {"act": "burn"}, format="json").status_code == 422
    assert Notice.objects.get().title == notice.title


def test_nobody_publishes_who_may_not(cast, notice):
    at = f"/api/v1/notices/{notice.pk}/"
    for api in (
        calling(cast.ana),
        calling(make_user("courier", "api_client", cast.billing)),
        calling(cast.robot, "tickets:write"),
    ):
        assert api.post(at, {"act": "publish"}, format="json").status_code == 403
    assert Notice.objects.get().state == "draft"
