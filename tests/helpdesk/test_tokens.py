from datetime import timedelta

import pytest

from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import ApiToken
from helpdesk.services import issue_token, revoke_token
from tests.factories import NOW


def test_a_key_is_shown_once_and_kept_as_a_digest(cast):
    key = issue_token(name="shop", scopes=["tickets:write"], department=None, by=cast.ada, at=NOW)
    token = ApiToken.objects.get()
    assert key.startswith("hd_")
    assert key not in str(vars(token))


def test_a_revoked_or_expired_key_is_not_usable(cast):
    issue_token(name="shop", scopes=["tickets:write"], department=None, by=cast.ada, at=NOW)
    token = ApiToken.objects.get()
    assert ApiToken.objects.usable(NOW).exists()
    revoke_token(token=token, by=cast.ada, at=NOW)
    assert not ApiToken.objects.usable(NOW).exists()
    ApiToken.objects.update(revoked_at=None, expires_at=NOW)
    assert not ApiToken.objects.usable(NOW + timedelta(seconds=1)).exists()


def test_an_unknown_scope_is_refused(cast):
    with pytest.raises(Invalid, match="tickets:eat"):
        issue_token(name="shop", scopes=["tickets:eat"], department=None, by=cast.ada, at=NOW)
    assert not ApiToken.objects.exists()


def test_only_administrators_make_keys(cast):
    with pytest.raises(NotAllowed):
        issue_token(name="shop", scopes=["tickets:write"], department=None, by=cast.lena, at=NOW)


def test_the_page_shows_a_new_key_once(cast, sign_in):
    browser = sign_in(cast.ada)
    made = browser.post("/admin/tokens/", {"name": "shop", "scopes": ["tickets:read"]})
    assert b"hd_" in made.content
    key = made.context["key"]
    assert key.encode() not in browser.get("/admin/tokens/").content
