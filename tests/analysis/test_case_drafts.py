"""Nothing typed on a case is lost: the page names what the browser keeps, and only what was sent is forgotten."""

import re

import pytest

from tests.analysis.stages import SAID, add_cause, assessed, investigating


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    from tests.factories import NOW

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def drafts(page):
    return re.findall(r'data-draft="([^"]+)"', page)


def test_every_text_of_a_case_has_a_draft_of_its_own(world, sign_in):
    case = investigating(world)
    first, second = add_cause(world, case), add_cause(world, case)
    page = sign_in(world.cast.omar).get(f"/cases/{case.pk}/").content.decode()
    kept = drafts(page)
    assert len(kept) == len(set(kept))
    for name in (f"judge-cause:{first.pk}:evidence", f"judge-cause:{second.pk}:evidence", "add-cause::text"):
        assert f"case:{case.pk}:{name}" in kept
    typed = re.findall(r"<textarea[^>]*>", page)
    assert typed
    assert all("data-draft=" in area for area in typed)


def test_what_was_sent_is_forgotten_and_nothing_else(world, sign_in):
    case = investigating(world)
    cause = add_cause(world, case)
    client, url = sign_in(world.cast.omar), f"/cases/{case.pk}/"
    client.post(f"{url}judge-cause/", {"cause": cause.pk, "state": "testing", "evidence": ""})
    page = client.get(url).content.decode()
    assert re.findall(r'data-draft-sent="([^"]+)"', page) == [f"case:{case.pk}:judge-cause:{cause.pk}:"]
    assert "data-draft-sent" not in client.get(url).content.decode()  # once


def test_what_was_refused_is_kept(world, sign_in):
    case = assessed(world)
    client, url = sign_in(world.cast.nils), f"/cases/{case.pk}/"
    answer = client.post(f"{url}describe/", SAID | {"title": "", "statement": "Since June"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "data-draft-sent" not in page
    assert f"case:{case.pk}:describe::statement" in drafts(page)
    assert "Since June" in page
