"""While a fix is measured its customers are asked whether it is gone, and their answers are evidence."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.analysis.models import Case
from apps.awareness import services
from apps.awareness.models.wave import Wave
from helpdesk.models import Customer
from tests.awareness.conftest import later
from tests.awareness.test_waves import answer, mails, send, start, told_us
from tests.factories import NOW


@pytest.fixture
def measured(cast, proven_case):
    """A fix that is in place for three weeks, looked at once, and counted on."""
    case = proven_case("inconclusive")
    Case.objects.filter(pk=case.pk).update(monitoring_from=(NOW - timedelta(days=21)).date())
    case.refresh_from_db()
    told_us(cast, case, 3)
    return case


def asked(cast, case, at=NOW):
    wave = services.draft_wave(case=case, kind="asking", by=cast.nils, at=at)
    start(cast, wave, at)
    for minute in range(4):
        send(cast, at + timedelta(minutes=minute))
    return wave


def test_customers_are_asked_while_the_fix_is_measured_and_their_answers_are_evidence(cast, measured):
    wave = asked(cast, measured)
    assert "Is it gone for you? The page asks before it counts" in mails()[0].text
    assert measured.voices.count() == 3
    answer(wave.letters.first(), "still", cast)
    assert measured.voices.filter(is_gone=False).count() == 1
    measured.refresh_from_db()
    assert not measured.is_told
    assert measured.state == "monitoring"


def test_the_page_behind_the_link_speaks_the_language_of_the_letter(cast, measured, client):
    letter = asked(cast, measured).letters.select_related("customer").first()
    page = reverse("gone", args=[letter.key])
    assert "Is it gone for you?" in client.get(page).content.decode()
    Customer.objects.filter(pk=letter.customer_id).update(language="de")
    german = client.get(page)
    assert "Ist es bei Ihnen weg?" in german.content.decode()
    assert 'lang="de"' in german.content.decode()
    assert german["Content-Language"] == "de"
    client.cookies["django_language"] = "en"
    assert "Is it gone for you?" in client.get(page).content.decode()


def test_who_was_asked_since_the_fix_is_not_asked_again_and_after_another_fix_is(cast, measured):
    asked(cast, measured)
    with pytest.raises(services.NobodyToTell):
        asked(cast, measured)
    Wave.objects.filter(state="draft").delete()
    later_fix = later(30)
    Case.objects.filter(pk=measured.pk).update(monitoring_from=later_fix.date())
    wave = asked(cast, Case.objects.get(pk=measured.pk), later_fix + timedelta(days=8))
    assert wave.letters.filter(sent_at__isnull=False).count() == 3


@pytest.mark.parametrize("fixed_days_ago", [None, 0, 6])
def test_nobody_is_asked_before_a_fix_has_had_its_first_days(cast, measured, fixed_days_ago):
    day = None if fixed_days_ago is None else (NOW - timedelta(days=fixed_days_ago)).date()
    Case.objects.filter(pk=measured.pk).update(monitoring_from=day)
    with pytest.raises(services.NothingToTell):
        asked(cast, Case.objects.get(pk=measured.pk))
    assert not Wave.objects.exists()
