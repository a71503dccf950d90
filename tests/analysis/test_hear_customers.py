"""What customers answer is evidence: in the record of the verdict, on the page, by API; and a proof may be doubted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import Case, CaseState, CustomerVoice, Verdict
from apps.analysis.queries.case_page import case_page
from apps.analysis.queries.recheck import recheck
from apps.output.models import Delivery
from helpdesk.errors import NotAllowed
from helpdesk.models import Customer, Event
from tests.analysis.test_the_walk import FIXED, SURGE, ago, walk_to_monitoring
from tests.analysis.together import told
from tests.analysis.world import make_world, sow, sow_quiet
from tests.factories import NOW, make_cast, make_token

RECENT = ago(20)


@pytest.fixture
def years(world):
    return fixed(world)


def fixed(world):
    """A complaint that surged, was fixed, and became rare."""
    sow_quiet(world, days=420, but=(world.charged,))
    rates = {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6}
    sow(world, world.charged, rates, seed=1)
    return world


def customers(number):
    return [Customer.objects.create(name=f"Kim {n}", created_at=NOW).pk for n in range(number)]


def heard(world, case, *, gone, still, silent=0, at=RECENT):
    asked = customers(gone + still + silent)
    services.ask_customers(case=case, customers=asked, by=world.cast.system, at=at)
    for number in asked[: gone + still]:
        say(world, case, number, number in asked[:gone], at=at)


def say(world, case, customer, is_gone, at=RECENT):
    return services.hear_customer(case=case, customer=customer, is_gone=is_gone, by=world.cast.system, at=at)


def judged(world, case):
    return services.judge_case(case=case, by=world.cast.system, at=NOW)


def test_a_proof_that_customers_contradict_is_held_back_and_the_count_goes_on(years):
    case = walk_to_monitoring(years)
    heard(years, case, gone=2, still=28, silent=10)
    verdict = judged(years, case)
    assert verdict.verdict == "inconclusive"
    assert "28 of 30 customers who answered still have it" in str(verdict.reason)
    assert (verdict.voices_asked, verdict.voices_gone, verdict.voices_still) == (40, 2, 28)
    assert 0.5 < verdict.voices_low < verdict.voices_high
    case.refresh_from_db()
    assert case.state == CaseState.MONITORING
    assert case.plans.last().look == 2


def test_customers_who_agree_stand_beside_the_proof(years):
    case = walk_to_monitoring(years)
    heard(years, case, gone=25, still=3)
    verdict = judged(years, case)
    assert verdict.verdict == "effective"
    assert any("3 still have it" in str(remark) for remark in verdict.remarks)


def test_nobody_asked_is_nothing_said(years):
    verdict = judged(years, walk_to_monitoring(years))
    assert verdict.verdict == "effective"
    assert verdict.voices_asked is None


def test_the_verdict_is_computed_again_from_what_was_kept_whatever_is_said_later(years):
    case = walk_to_monitoring(years)
    heard(years, case, gone=2, still=28)
    verdict = judged(years, case)
    CustomerVoice.objects.all().delete()
    assert all(line.holds for line in recheck(Verdict.objects.get(pk=verdict.pk)).lines)


def test_what_was_said_before_the_fix_does_not_count(years):
    case = walk_to_monitoring(years)
    asked = customers(20)
    services.ask_customers(case=case, customers=asked, by=years.cast.system, at=ago(FIXED + 5))
    for number in asked:
        say(years, case, number, False, at=ago(FIXED + 4))
    services.ask_customers(case=case, customers=asked, by=years.cast.system, at=RECENT)
    verdict = judged(years, case)
    assert verdict.verdict == "effective"
    assert (verdict.voices_asked, verdict.voices_still) == (20, 0)


def test_asking_and_saying_twice_is_once_and_the_last_word_counts(years):
    case = walk_to_monitoring(years)
    (customer,) = customers(1)
    for _ in range(2):
        services.ask_customers(case=case, customers=[customer, customer], by=years.cast.system, at=RECENT)
    say(years, case, customer, False)
    say(years, case, customer, True)
    assert [(voice.is_gone, voice.said_at) for voice in case.voices.all()] == [(True, RECENT)]


def test_a_proof_that_is_doubted_afterwards_stands_and_its_owner_is_told_once(years):
    case = walk_to_monitoring(years)
    judged(years, case)
    services.tell_customers(case=case, by=years.cast.nils, at=NOW)
    Delivery.objects.all().delete()
    heard(years, case, gone=0, still=30, at=NOW + timedelta(days=3))
    (told_,) = Event.objects.filter(kind="case.doubted")
    assert told_.about == case.ref
    (letter,) = Delivery.objects.filter(about=case.ref)
    assert letter.to == [years.cast.omar.email]
    assert "its customers say otherwise" in letter.text
    case.refresh_from_db()
    assert (case.state, case.verdicts.get().verdict) == (CaseState.CLOSED, "effective")


def test_page_and_api_say_what_customers_say(years, monkeypatch):
    from django.test import Client
    from django.utils import timezone

    case = walk_to_monitoring(years)
    judged(years, case)
    heard(years, case, gone=1, still=29, at=NOW - timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client = Client()
    client.force_login(years.cast.nils)
    page = client.get(reverse("case", kwargs={"number": case.pk})).content.decode()
    assert "Its customers say otherwise" in page
    assert "29 still have it" in page
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(years.cast.nils, 'cases:read')}")
    voices = api.get(f"/api/v1/cases/{case.pk}/").json()["voices"]
    assert (voices["asked"], voices["still"], voices["doubted"]) == (30, 29, True)


def test_what_the_verdict_says_of_them_is_said_once(years):
    case = walk_to_monitoring(years)
    heard(years, case, gone=25, still=3)
    assert not case_page(Case.objects.get(pk=case.pk), at=NOW).heard_is_told
    judged(years, case)
    assert case_page(Case.objects.get(pk=case.pk), at=NOW).heard_is_told


def test_only_the_house_hears_for_a_case(years):
    case = walk_to_monitoring(years)
    (customer,) = customers(1)
    with pytest.raises(NotAllowed):
        services.hear_customer(case=case, customer=customer, is_gone=True, by=years.cast.ana, at=NOW)
    with pytest.raises(NotAllowed):
        services.ask_customers(case=case, customers=[customer], by=years.cast.ana, at=NOW)
    assert not CustomerVoice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_words_at_once_that_make_the_doubt_one_tells_it():
    years = fixed(make_world(make_cast()))
    case = walk_to_monitoring(years)
    judged(years, case)
    heard(years, case, gone=0, still=9, at=NOW)
    assert not Event.objects.filter(kind="case.doubted").exists()
    one, other = customers(2)
    told(
        lambda: say(years, case, one, False, at=NOW),
        lambda: say(years, case, other, False, at=NOW),
    )
    assert Event.objects.filter(kind="case.doubted").count() == 1
    assert Case.objects.get(pk=case.pk).voices.filter(is_gone=False).count() == 11
