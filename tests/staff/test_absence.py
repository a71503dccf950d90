from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.staff import services
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Absence, Event
from helpdesk.queries import away_at
from tests.factories import NOW, make_user

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def enter(user, *, by=None, first=TODAY, last=TODAY + 7 * DAY, stand_in=None):
    return services.enter_absence(user=user, first=first, last=last, stand_in=stand_in, by=by or user, at=NOW)


def test_the_last_day_belongs_to_the_absence(cast):
    enter(cast.ana, last=TODAY)
    assert cast.ana in away_at(NOW)
    assert cast.ana in away_at(NOW.replace(hour=23, minute=59))
    assert cast.ana not in away_at(NOW.replace(hour=0) + DAY)


def test_without_a_last_day_it_lasts_until_it_is_ended(cast):
    row = enter(cast.ana, last=None)
    assert cast.ana in away_at(NOW + 400 * DAY)
    services.end_absence(absence=row, by=cast.ana, at=NOW + 2 * DAY)
    assert cast.ana not in away_at(NOW + 2 * DAY)


def test_one_that_has_not_begun_is_taken_back(cast):
    row = enter(cast.ana, first=TODAY + 3 * DAY)
    services.end_absence(absence=row, by=cast.ana, at=NOW)
    assert cast.ana not in away_at(NOW + 4 * DAY)
    with pytest.raises(services.AbsenceOver):
        services.end_absence(absence=row, by=cast.ana, at=NOW)


@pytest.mark.parametrize("who", ["ana", "lena", "ada"])
def test_people_a_lead_and_an_administrator_enter_it(cast, who):
    assert enter(cast.ana, by=getattr(cast, who)).entered_by.name == who.title()
    assert Event.objects.get(kind="absence.entered").data == {"user": cast.ana.pk}


@pytest.mark.parametrize("who", ["mallory", "omar", "nils", "zoe_account", "robot"])
def test_others_do_not(cast, who):
    with pytest.raises(NotAllowed):
        enter(cast.ana, by=getattr(cast, who))
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"last": TODAY - DAY}, "last"),
        ({"first": TODAY - 9 * DAY, "last": TODAY - 2 * DAY}, "last"),
        ({"last": date.max}, "last"),
        ({"first": date.max, "last": None}, "first"),
        ({"stand_in": "omar"}, "stand_in"),
        ({"stand_in": "ana"}, "stand_in"),
        ({"stand_in": "zoe_account"}, "stand_in"),
    ],
    ids=["backwards", "over", "for ever", "never", "oneself", "may not answer for cases", "a customer"],
)
def test_what_can_not_be_is_refused(cast, given, pointer):
    if "stand_in" in given:
        given = {"stand_in": getattr(cast, given["stand_in"])}
    with pytest.raises(Invalid) as refused:
        enter(cast.omar, **given)
    assert refused.value.pointer == pointer
    assert not Absence.objects.exists()


def test_one_enters_and_ends_it_on_the_page(cast, sign_in):
    omar, olga = sign_in(cast.omar), make_user("olga", "owner", cast.shipping)
    given = {"user": cast.omar.pk, "first": TODAY, "last": TODAY + DAY, "stand_in": olga.pk}
    assert omar.post(reverse("absences"), given).status_code == 302
    page = omar.get(reverse("absences")).content.decode()
    assert "7 May 2026" in page
    assert "Olga" in page
    omar.post(reverse("end_absence", kwargs={"pk": Absence.objects.get().pk}))
    assert cast.omar not in away_at(NOW)


def test_a_stranger_neither_sees_nor_ends_it(cast, sign_in):
    row = enter(cast.omar)
    mallory = sign_in(cast.mallory)
    assert "Nobody is away" in mallory.get(reverse("absences")).content.decode()
    assert mallory.post(reverse("end_absence", kwargs={"pk": row.pk})).status_code == 404
    given = {"user": cast.omar.pk, "first": TODAY}
    assert mallory.post(reverse("absences"), given).status_code == 422
    assert Absence.objects.count() == 1


def test_the_page_costs_the_same_for_one_and_for_many(cast, sign_in, django_assert_max_num_queries):
    ada = sign_in(cast.ada)
    for _ in range(20):
        enter(cast.ana)
    with django_assert_max_num_queries(7):  # session, user; absences; the choices of the form; own switch
        ada.get(reverse("absences"))
