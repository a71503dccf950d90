"""The weekly letter: most money first, at most seven, one button each, and nothing when nothing is new."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.analysis.models import Action, Case, CaseState, Reminder, Step
from apps.awareness import queries, services
from apps.awareness.digest import Line, by_money, is_news
from apps.awareness.models import Digest
from apps.awareness.services import digests
from apps.awareness.tasks import send_digests
from apps.output.models import Delivery
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, Role
from tests.awareness.conftest import MONDAY, seen
from tests.factories import NOW, make_issue, make_user


@pytest.fixture(autouse=True)
def lena_leads_another_team(cast):
    """So that a letter about Billing is its owner's; tests about leads bring her back."""
    cast.lena.department = cast.shipping
    cast.lena.save()


def lead_billing(cast):
    cast.lena.department = cast.billing
    cast.lena.save()


def send(cast, at=MONDAY):
    return services.send_digests(by=cast.system, at=at)


def letter(person):
    return Delivery.objects.filter(to=[person.email]).get()


def line(key, money=None, *, late=False):
    worth = Decimal(money) if money is not None else None
    return Line(key=key, case=1, title=key, says="", button="", money=worth, is_late=late)


def test_lines_are_ordered_by_money_then_by_lateness_and_the_unknown_come_last():
    lines = [line("unknown"), line("cheap", 5), line("dear", 900), line("late", 5, late=True)]
    assert [one.key for one in by_money(lines)] == ["dear", "late", "cheap", "unknown"]


@pytest.mark.parametrize(
    ("now", "known", "news"),
    [
        (["a"], [], True),
        (["a"], ["a"], False),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], True),
        ([], [], False),
    ],
)
def test_news_is_what_was_not_there_last_time(now, known, news):
    assert is_news([line(key) for key in now], known) == news


def test_a_case_that_waits_is_in_the_owners_letter_with_a_way_in(cast, make_case, client):
    case = make_case()
    assert send(cast) == 1
    mail = letter(cast.omar)
    assert mail.subject == "Your week: one thing to know"
    assert f"RC-{case.pk} Charged twice" in mail.text
    assert "Your answer is due on 14 May." in mail.text
    assert "1,000 at risk a quarter" in mail.text.replace("\u00a0", " ")
    assert "http://testserver/o/" in mail.text
    assert Digest.objects.get().delivery == mail
    assert Event.objects.get(kind="digest.sent").data == {"owner": cast.omar.pk, "lines": 1, "more": 0}


def test_text_and_html_say_the_same_and_lead_to_the_same_places(cast, make_case):
    for number in range(3):
        make_case(title=f"Cause <{number}> & more", money=str(100 * number + 100))
    send(cast)
    mail = letter(cast.omar)
    links = [word for word in mail.text.split() if word.startswith("http")]
    assert len(links) == 3
    for link in links:
        assert mail.html.count(f'href="{link}"') == 1
    assert "Cause <1> & more" in mail.text
    for words in seen(mail.html):
        assert words in " ".join(mail.text.split())


def test_a_bar_is_as_long_as_the_money_is_much(cast, make_case):
    for money in ("1000", "250", None):
        make_case(money=money)
    send(cast)
    html = letter(cast.omar).html
    assert [int(share) for share in re.findall(r'class="bar" width="(\d+)%"', html)] == [100, 25]
    assert html.count('role="presentation"') == 2


def test_the_mail_fetches_nothing_and_says_as_of_when(cast, make_case):
    make_issue()
    make_case()
    send(cast)
    mail = letter(cast.omar)
    assert not re.search(r"<(img|link|script|iframe)|url\(", mail.html)
    assert "As of 11 May 2026, 07:00 UTC. Issues by release 1 of the taxonomy." in mail.text


def test_at_most_seven_lines_the_dearest_and_the_rest_by_number(cast, make_case):
    for number in range(9):
        make_case(title=f"Cause {number}", money=str(number * 100 + 100))
    send(cast)
    mail = letter(cast.omar)
    assert mail.text.index("Cause 8") < mail.text.index("Cause 2")
    assert "Cause 1" not in mail.text
    assert "And 2 more: http://testserver/" in mail.text
    assert len(Digest.objects.get().lines) == 7


def test_what_is_overdue_says_so(cast, make_case):
    make_case(due_on=date(2026, 5, 7))
    working = make_case(title="Late parcels")
    working.accept(due_on=date(2026, 5, 8), by=cast.omar, at=MONDAY)
    send(cast)
    mail = letter(cast.omar)
    assert "Your answer was due on 7 May." in mail.text
    assert "Your next step (investigating) was due on 8 May." in mail.text
    assert "2 overdue" in mail.subject


def test_a_case_that_is_worked_on_in_time_is_left_alone(cast, make_case):
    make_case().accept(due_on=date(2026, 6, 1), by=cast.omar, at=MONDAY)
    assert send(cast) == 0


def test_an_action_due_this_week_goes_to_its_assignee_and_to_the_owner(cast, make_case):
    case = make_case()
    case.accept(due_on=date(2026, 6, 1), by=cast.omar, at=MONDAY)
    fields = {"title": "Credit the difference", "strength": "strong", "state": "assigned", "by": cast.omar}
    Action.add(case=case, assignee=cast.ana, due_on=date(2026, 5, 15), at=MONDAY, **fields)
    Action.add(
        case=case, assignee=cast.ana, due_on=date(2026, 6, 15), at=MONDAY, **fields | {"title": "Later"}
    )
    assert send(cast) == 2
    assert "Your action is due on 15 May: Credit the difference" in letter(cast.ana).text
    assert f"http://testserver/cases/{case.pk}/" in letter(cast.ana).text
    assert "The action of Ana is due on 15 May" in letter(cast.omar).text
    assert "Later" not in letter(cast.omar).text


def test_what_was_promised_stands_against_what_was_proven_last_week(cast, proven_case):
    proven_case(at=MONDAY - timedelta(days=3))
    send(cast)
    text = letter(cast.omar).text.replace("\u00a0", " ")
    assert "Promised: 50% fewer. Proven: 43% fewer (between 30% fewer and 55% fewer)." in text
    assert "12,000 saved a quarter" in text


def test_a_failed_fix_is_not_called_proven(cast, proven_case):
    proven_case("ineffective", at=MONDAY - timedelta(days=3))
    send(cast)
    assert "Not proven, ineffective" in letter(cast.omar).text


@pytest.mark.parametrize("days", [-8, 0])
def test_verdicts_of_other_weeks_are_in_other_letters(cast, proven_case, days):
    proven_case(at=MONDAY + timedelta(days=days) - timedelta(hours=0 if days else -1))
    assert send(cast) == 0


def test_the_head_of_the_department_hears_whose_answer_is_missing(cast, make_case):
    owen = make_user("owen", Role.OWNER, cast.billing)
    make_case(owner=owen)
    assert send(cast) == 2
    assert "Owen&#x27;s" not in letter(cast.omar).text
    assert "Owen's answer is due on 14 May." in letter(cast.omar).text
    assert "Your answer is due" in letter(owen).text


def test_a_lead_hears_of_the_whole_department_and_opens_it_signed_in(cast, make_case):
    lead_billing(cast)
    case = make_case()
    assert send(cast) == 2
    mail = letter(cast.lena)
    assert "Omar's answer is due on 14 May." in mail.text
    assert f"Open the case: http://testserver/cases/{case.pk}/" in mail.text
    assert "/o/" not in mail.text


def test_a_lead_of_another_department_hears_nothing(cast, make_case):
    make_case()
    send(cast)
    assert not Delivery.objects.filter(to=[cast.lena.email]).exists()


def test_the_same_week_again_sends_nothing(cast, make_case):
    make_case()
    send(cast)
    make_case(title="Another")
    assert send(cast, MONDAY + timedelta(hours=1)) == 0
    assert Delivery.objects.count() == Digest.objects.count() == 1


def test_a_week_without_news_is_written_down_and_not_sent(cast, make_case):
    make_case(due_on=date(2026, 6, 30))
    send(cast)
    assert send(cast, MONDAY + timedelta(days=7)) == 0
    skipped = Digest.objects.get(week=21)
    assert (skipped.delivery, skipped.skipped) == (None, "nothing new since the last one")
    assert Delivery.objects.count() == 1


def test_what_becomes_overdue_is_news(cast, make_case):
    make_case()
    send(cast)
    assert send(cast, MONDAY + timedelta(days=7)) == 1


def test_nobody_is_mailed_about_nothing(cast):
    assert send(cast) == 0
    assert not Digest.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("state", [CaseState.ON_HOLD, CaseState.ASSESS])
def test_what_waits_for_somebody_else_is_not_in_the_letter(cast, make_case, state):
    make_case(due_on=None).move(state, due_on=date(2026, 5, 1), by=cast.nils, at=MONDAY)
    assert send(cast) == 0


def test_somebody_who_left_gets_no_letter(cast, make_case):
    make_case()
    cast.omar.is_active = False
    cast.omar.save()
    assert send(cast) == 0


def test_a_sponsor_reads_of_what_was_carried_up_to_them_and_of_nothing_else(cast, make_case):
    sam = make_user("sam", Role.ANALYST)
    make_case(title="Answered late")
    Reminder.climb(
        case=make_case(), step=Step.SPONSOR, due_on=MONDAY.date(), told=[sam], by=cast.system, at=MONDAY
    )
    send(cast)
    letter = Delivery.objects.get(to=["sam@desk.test"])
    assert "Charged twice" in letter.text
    assert "Answered late" not in letter.text


def test_who_stands_in_reads_it_as_well(cast, make_case):
    olga = make_user("olga", Role.OWNER, cast.shipping)
    make_case().let_stand_in(olga, by=cast.system, at=NOW)
    send(cast)
    assert Delivery.objects.filter(to=["olga@desk.test"]).exists()


def test_only_those_who_publish_send_digests(cast, make_case):
    make_case()
    with pytest.raises(NotAllowed):
        services.send_digests(by=cast.ana, at=MONDAY)
    assert not Delivery.objects.exists()


def test_the_week_is_the_iso_week(cast):
    assert queries.week_of(MONDAY) == (2026, 20)
    assert queries.week_of(MONDAY.replace(year=2027, month=1, day=1)) == (2026, 53)


def test_finding_what_to_tell_costs_the_same_for_one_person_and_for_twenty(cast, make_case):
    make_case()
    with CaptureQueriesContext(connection) as few:
        queries.matters_by_person(at=MONDAY)
    for number in range(19):
        make_case(owner=make_user(f"owner{number}", Role.OWNER, cast.billing))
    with CaptureQueriesContext(connection) as many:
        assert len(queries.matters_by_person(at=MONDAY)) == 20
    assert len(few) == len(many) == 5  # leads, sponsors, cases, actions, verdicts


def test_the_scheduled_task_is_a_door(cast, make_case):
    send_digests()
    assert not Delivery.objects.exists()


def test_somebody_whose_letter_can_not_be_written_does_not_keep_the_others_without_theirs(
    cast, make_case, monkeypatch
):
    owen, olga = (make_user(name, Role.OWNER, cast.shipping) for name in ("owen", "olga"))
    for owner in (owen, cast.omar, olga):
        make_case(owner=owner)
    link = digests.make_link

    def broken(*, user, **told):
        if user == owen:
            raise ZeroDivisionError
        return link(user=user, **told)

    monkeypatch.setattr(digests, "make_link", broken)
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        send(cast)
    assert {digest.owner for digest in Digest.objects.all()} == {cast.omar, olga}
    assert Delivery.objects.count() == 2
    monkeypatch.undo()
    assert send(cast) == 1  # the letter that was missing


def test_a_row_of_which_nothing_can_be_said_keeps_the_letters_of_its_readers_only(
    cast, make_case, monkeypatch
):
    owen = make_user("owen", Role.OWNER, cast.shipping)
    faulty, _ = make_case(), make_case(owner=owen, owner_department=None)
    Case.objects.exclude(pk=faulty.pk).update(owner_department=cast.shipping)
    is_overdue = Case.is_overdue

    def broken(case, day):
        if case == faulty:
            raise ZeroDivisionError
        return is_overdue(case, day)

    monkeypatch.setattr(Case, "is_overdue", broken)
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done"):
        send(cast)
    assert {digest.owner for digest in Digest.objects.all()} == {owen, cast.lena}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(cast, make_case):
    make_case()

    def write(_):
        try:
            return send(cast)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(4))) == 1
    assert Delivery.objects.count() == 1
