"""The link in a letter: a way into one case for one person, for a time, and as long as nobody takes it back."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Case, OwnerLink
from apps.analysis.queries.history import note
from apps.analysis.services.notify import SALT
from apps.output.models import Delivery
from helpdesk.models import Event, User
from tests.analysis.stages import fresh, nothing_happens, routed
from tests.analysis.world import TODAY, sow
from tests.factories import NOW, make_user

OLD = "This link has expired or was replaced by a newer one."


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(world):
    sow(world, world.charged, {(20, 0): 1.0}, seed=1)
    return routed(world)


@pytest.fixture
def key(case, world):
    return services.make_link(case=case, user=world.cast.omar, at=NOW)


def page(key, name=""):
    return reverse("act_by_link", args=[key, name]) if name else reverse("owner_page", args=[key])


def refused(key, said, case, *, by=None):
    """The page, the page of a button and the button itself: refused alike, with words, and nothing is changed."""
    client = by or Client()
    with nothing_happens(case):
        for answer in (
            client.get(page(key)),
            client.get(page(key, "accept")),
            client.post(page(key, "accept"), {}),
            client.post(page(key, "risk"), {"note": "x"}),
        ):
            assert answer.status_code == 403
            assert said in answer.content.decode()
            assert case.title not in answer.content.decode()


# --- it works


def test_the_owner_reads_all_evidence_and_says_what_is_about_something_else(case, key):
    url = reverse("evidence_by_link", args=[key])
    shown = Client().get(url).content.decode()
    line = case.evidence.latest("ticket_id")
    assert f"#{line.ticket_id}" in shown
    assert "/t/" not in shown
    assert 'aria-label="Sections"' not in shown
    answer = Client().post(f"{page(key, 'exclude')}?way=&from=evidence", {"evidence": line.pk})
    assert answer["Location"] == url
    line.refresh_from_db()
    assert line.excluded_at == NOW
    assert f"/o/{key}/include/" in Client().get(f"{url}?way=excluded").content.decode()


def test_a_withdrawn_link_opens_no_evidence(case, key, world):
    services.withdraw_links(case=case, by=world.cast.nils, at=NOW)
    answer = Client().get(reverse("evidence_by_link", args=[key]))
    assert answer.status_code == 403
    assert case.title not in answer.content.decode()


def test_the_letter_leads_to_a_page_with_one_button_for_each_answer(case):
    text = Delivery.objects.get().text
    addresses = [line for line in text.splitlines() if line.startswith("http")]
    assert len(addresses) == 6
    for address in addresses[1:]:
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer.content.decode().count('type="submit"') == 1
        assert case.title in answer.content.decode()
    assert fresh(case).state == "routed"


def test_nothing_else_of_the_house_is_on_that_page(case, key):
    shown = Client().get(page(key, "accept")).content.decode()
    for other in (reverse("board"), reverse("queue"), "Zoe", "#main-navigation"):
        assert other not in shown


def test_one_press_accepts_as_the_person_of_the_link(case, key, world):
    answer = Client().post(page(key, "accept"), {"until": TODAY + timedelta(days=7)}, follow=True)
    assert "Accepted: it is yours now." in answer.content.decode()
    assert Event.objects.get(kind="case.accepted").by == world.cast.omar
    assert OwnerLink.objects.get(last_used_at=NOW).user == world.cast.omar


def test_signed_in_as_oneself_the_link_opens_all_the_same(case, key, world, sign_in):
    assert sign_in(world.cast.omar).get(page(key)).status_code == 200


def test_the_button_of_another_act_leads_to_the_whole_case(case, key):
    assert Client().get(page(key, "exclude")).url == page(key)
    assert Client().get(page(key, "route")).status_code == 404


# --- it is refused


def test_an_expired_link_is_refused(case, key):
    OwnerLink.objects.update(expires_at=NOW)
    refused(key, OLD, case)


@pytest.mark.parametrize("how", ["cut", "changed", "another key", "another salt", "made up"])
def test_a_forged_link_is_refused(case, key, how, settings):
    row = OwnerLink.objects.latest("pk")
    forged = {
        "cut": key[:-1],
        "changed": key.replace(key[3], "A" if key[3] != "A" else "B", 1),
        "another key": signing.dumps({"link": row.pk}, key="another", salt=SALT),
        "another salt": signing.dumps({"link": row.pk}, salt="another"),
        "made up": "x" * 40,
    }[how]
    refused(forged, OLD, case)


@pytest.mark.parametrize("what", [{"link": "1 OR 1"}, {"link": None}, {"link": {}}, [], {"case": 1}, "x"])
def test_a_signed_key_of_something_else_is_refused(case, what):
    refused(signing.dumps(what, salt=SALT), OLD, case)


@pytest.mark.parametrize("who", ["nils", "ada", "ana", "zoe_account"])
def test_a_forwarded_link_is_refused_to_who_is_signed_in_as_somebody_else(case, key, world, sign_in, who):
    reader = getattr(world.cast, who)
    said = f"This link was sent to Omar, and you are signed in as {reader.name}."
    refused(key, said, case, by=sign_in(reader))


def test_the_same_answer_sent_twice_is_given_once(case, key):
    client = Client()
    assert client.post(page(key, "accept"), {}).status_code == 302
    with nothing_happens(case):
        answer = client.post(page(key, "accept"), {})
        assert answer.status_code == 422
        assert "is investigating; accepting is for cases in: routed" in answer.content.decode()
    shown = client.get(page(key, "accept")).content.decode()
    assert "It does not wait for this answer" in shown
    assert 'type="submit"' not in shown


def test_a_link_of_who_left_or_may_no_longer_answer_is_refused(case, key, world):
    User.objects.filter(pk=world.cast.omar.pk).update(is_active=False)
    refused(key, OLD, case)
    User.objects.filter(pk=world.cast.omar.pk).update(is_active=True, role="agent")
    refused(key, OLD, case)


def test_a_link_into_a_case_that_was_handed_on_is_refused(case, key, world):
    olga = make_user("olga", "owner", world.cast.shipping)
    services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW)
    refused(key, OLD, case)


def test_a_link_opens_its_own_case_alone(case, key, world):
    other = routed(world)
    Case.objects.filter(pk=other.pk).update(title="Secret of others")
    assert "Secret of others" not in Client().get(page(key)).content.decode()
    Client().post(page(key, "accept"), {"case": other.pk, "number": other.pk})
    assert (fresh(case).state, fresh(other).state) == ("investigating", "routed")


def test_another_case_is_named_by_its_number(case, key, world):
    other = routed(world)
    given = {"reason": "duplicate", "duplicate_of": 987_654}
    with nothing_happens(case):
        assert Client().post(page(key, "reject"), given).status_code == 422
    assert Client().post(page(key, "reject"), given | {"duplicate_of": other.pk}).status_code == 302
    assert fresh(case).duplicate_of == other


# --- taking it back


def test_an_analyst_makes_every_link_of_a_case_worthless(case, key, world, sign_in):
    nils = sign_in(world.cast.nils)
    assert "Withdraw the letters" in nils.get(reverse("case", args=[case.pk])).content.decode()
    assert nils.post(reverse("act_on_case", args=[case.pk, "withdraw-links"])).status_code == 302
    refused(key, OLD, case)
    noted = Event.objects.filter(kind="case.noted").latest("id")
    assert (noted.by, note(noted.data)) == (world.cast.nils, "made the links of 2 letters worthless")


@pytest.mark.parametrize("who", ["omar", "lena"])
def test_others_do_not_take_links_back(case, key, world, sign_in, who):
    with nothing_happens(case):
        answer = sign_in(getattr(world.cast, who)).post(
            reverse("act_on_case", args=[case.pk, "withdraw-links"])
        )
        assert answer.status_code == 403
    assert Client().get(page(key)).status_code == 200
