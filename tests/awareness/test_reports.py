"""The executive report: made once a month, kept as it was said, mailed once to each address, silent without news."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from apps.awareness import queries, services
from apps.awareness.models import Report, ReportLetter
from apps.awareness.services import reports
from apps.awareness.tasks import send_due_report
from apps.output import services as output
from apps.output.models import Delivery
from helpdesk.models import Event
from tests.awareness.reporting import JULY_1, JUNE_1, due, make, page
from tests.factories import NOW

APRIL = date(2026, 4, 1)


# --- kept as it was said


def test_a_report_of_then_reads_as_it_did_then(cast, make_case, settings, sign_in):
    case = make_case(title="Invoices arrive twice", needs_arbitration=True)
    report = make(cast)
    before = sign_in(cast.nils).get(f"/reports/{report.pk}/").content
    case.change(title="Something else", money_likely=Decimal(5), by=cast.nils, at=NOW)
    settings.CURRENCY = "€"
    after = sign_in(cast.nils).get(f"/reports/{report.pk}/").content.decode()
    assert b"Invoices arrive twice" in before
    assert "Invoices arrive twice" in after
    assert "$\xa01,000 at risk a quarter" in after


def test_the_page_survives_being_kept(cast, priced):
    said = queries.page_of(APRIL, at=NOW)
    assert page(make(cast)) == said
    assert said.chart.rows == page(make(cast)).chart.rows


def test_a_report_can_not_be_changed(cast, make_case):
    make_case()
    report = make(cast)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(page={})


# --- once a month, to each address once


def test_it_is_made_and_mailed_on_the_first_working_day(cast, make_case, executives):
    make_case()
    monday = datetime(2026, 8, 3, 7, 10, tzinfo=NOW.tzinfo)
    assert due(cast, monday - timedelta(days=1)) is None  # 1 August is a Saturday
    assert not Report.objects.exists()
    report = due(cast, monday)
    assert (report.name, report.skipped) == ("2026-07", "")
    assert sorted(letter.email for letter in report.letters.all()) == executives
    assert sorted(row.to[0] for row in Delivery.objects.all()) == executives


def test_a_missed_day_is_made_good(cast, make_case, executives):
    make_case()
    assert due(cast, JUNE_1 + timedelta(days=4)).letters.count() == 2


def test_the_task_again_mails_nothing_again(cast, make_case, executives):
    make_case()
    for hour in range(3):
        due(cast, JUNE_1 + timedelta(hours=hour))
    assert (Report.objects.count(), ReportLetter.objects.count(), Delivery.objects.count()) == (1, 2, 2)
    assert Event.objects.filter(kind="report.sent").count() == 2


def test_who_was_named_later_gets_the_one_letter_that_is_missing(cast, make_case, executives):
    make_case()
    due(cast)
    services.set_recipients(emails=[*executives, "coo@board.test"], by=cast.ada, at=JUNE_1)
    due(cast, JUNE_1 + timedelta(days=1))
    assert Delivery.objects.filter(to=["coo@board.test"]).count() == 1
    assert Delivery.objects.count() == 3


def test_the_database_refuses_a_second_letter_to_an_address(cast, make_case, executives):
    make_case()
    report = due(cast)
    letter = output.send_notice(to=executives[0], subject="x", text="x", by=cast.system, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportLetter.objects.create(report=report, email=executives[0], delivery=letter)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_report_and_send_one_letter(cast, make_case, executives):
    make_case()

    def work(_):
        try:
            return due(cast).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(work, range(3)))) == 1
    assert (Report.objects.count(), Delivery.objects.count(), ReportLetter.objects.count()) == (1, 2, 2)


def test_one_faulty_address_keeps_only_its_own_letter(cast, make_case, executives, monkeypatch):
    make_case()
    send_notice = reports.send_notice

    def broken(*, to, **told):
        if to == executives[0]:
            raise ZeroDivisionError
        return send_notice(to=to, **told)

    monkeypatch.setattr(reports, "send_notice", broken)
    with pytest.raises(ExceptionGroup, match="1 failed, 1 done"):
        due(cast)
    monkeypatch.undo()
    due(cast, JUNE_1 + timedelta(days=1))
    assert Delivery.objects.count() == 2


# --- silent without news


def test_nothing_is_mailed_when_nothing_changed(cast, make_case, executives):
    make_case()
    due(cast)
    report = due(cast, JULY_1)
    assert report.skipped == "nothing changed since the last one"
    assert not report.letters.exists()
    assert Delivery.objects.count() == 2


def test_one_new_case_is_news(cast, make_case, executives):
    make_case()
    due(cast)
    make_case(title="Another")
    assert due(cast, JULY_1).skipped == ""
    assert Delivery.objects.count() == 4


def test_that_a_fix_goes_on_saving_is_no_news(cast, proven_case, executives):
    proven_case(at=NOW - timedelta(days=90))
    due(cast)
    assert due(cast, JULY_1).skipped


def test_a_desk_of_which_nothing_can_be_said_mails_nothing(cast, executives):
    assert due(cast).skipped == "there is nothing to report yet"
    assert not Delivery.objects.exists()


def test_nobody_is_named_and_the_report_is_kept_all_the_same(cast, make_case):
    make_case()
    assert due(cast).name == "2026-05"
    assert not Delivery.objects.exists()


def test_what_was_skipped_is_sent_when_a_person_asks(cast, executives):
    report = due(cast)
    assert services.send_report(report=report, by=cast.lena, at=JUNE_1) == 2
    assert services.send_report(report=report, by=cast.lena, at=JUNE_1) == 0


def test_the_scheduled_task_is_a_door(cast):
    send_due_report()
    assert not Delivery.objects.exists()
