"""The pages of the executive report, and who may see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.awareness import services
from apps.awareness.models import Report, ReportRecipient
from apps.output.models import Delivery
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from tests.awareness.reporting import EVIL, JUNE_1, due, make, pages_of
from tests.factories import NOW

# --- the pages


def test_a_report_is_made_read_printed_and_sent_from_its_page(cast, priced, make_case, executives, sign_in):
    make_case(title=EVIL, needs_arbitration=True)
    browser = sign_in(cast.lena)
    assert b"Make the one of" in browser.get("/reports/").content
    made = browser.post("/reports/make/")
    report = Report.objects.get()
    assert made["Location"] == f"/reports/{report.pk}/"
    shown = browser.get(made["Location"]).content.decode()
    for words in ("Top ten by", "Decisions wanted", "Not accepted, by department", "Compute again"):
        assert words in shown
    assert "<b>bold" not in shown
    printed = browser.get(f"/reports/{report.pk}/pdf/")
    assert printed["Content-Type"] == "application/pdf"
    assert 'attachment; filename="executive-report-' in printed["Content-Disposition"]
    assert pages_of(printed.content) == 1
    browser.post(f"/reports/{report.pk}/send/")
    assert Delivery.objects.count() == 2
    assert b"to 2 addresses" in browser.get("/reports/").content


def test_the_button_without_recipients_is_answered_with_why(cast, sign_in):
    report = make(cast)
    answer = sign_in(cast.nils).post(f"/reports/{report.pk}/send/")
    assert (answer.status_code, b"No address is set" in answer.content) == (409, True)


def test_the_list_costs_the_same_for_one_report_and_for_many(cast, make_case, sign_in, executives):
    make_case()
    due(cast)
    browser = sign_in(cast.nils)
    with CaptureQueriesContext(connection) as few:
        browser.get("/reports/")
    for month in range(7, 12):
        due(cast, JUNE_1.replace(month=month, day=8))
    with CaptureQueriesContext(connection) as many:
        browser.get("/reports/")
    assert len(few) == len(many)


@pytest.mark.parametrize("name", ["ana", "omar", "mallory", "robot", "zoe_account"])
def test_who_may_not_see_reports_gets_none_and_changes_nothing(cast, executives, sign_in, name):
    by = getattr(cast, name)
    report = make(cast)
    browser = sign_in(by)
    for place in ("/reports/", f"/reports/{report.pk}/", f"/reports/{report.pk}/pdf/"):
        assert browser.get(place).status_code == 403
    for act in (
        lambda: services.make_report(by=by, at=JUNE_1),
        lambda: services.send_due_report(by=by, at=JUNE_1),
        lambda: services.send_report(report=report, by=by, at=NOW),
        lambda: services.set_recipients(emails=["x@y.test"], by=by, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (Report.objects.count(), ReportRecipient.objects.count()) == (1, 2)
    assert not Delivery.objects.exists()


# --- who gets it


def test_an_administrator_names_addresses_on_the_page(cast, sign_in):
    answer = sign_in(cast.ada).post(
        "/reports/recipients/", {"emails": " CEO@Board.test\n\nceo@board.test\ncfo@board.test"}
    )
    assert answer.status_code == 302
    assert list(ReportRecipient.objects.values_list("email", flat=True)) == [
        "ceo@board.test",
        "cfo@board.test",
    ]
    assert Event.objects.get(kind="recipients.changed").data == {
        "before": [], "after": ["ceo@board.test", "cfo@board.test"],
    }  # fmt: skip


def test_a_lead_reads_who_gets_it_and_can_not_change_it(cast, executives, sign_in):
    browser = sign_in(cast.lena)
    shown = browser.get("/reports/").content
    assert b"ceo@board.test" in shown
    assert b"<textarea" not in shown
    assert browser.post("/reports/recipients/", {"emails": ""}).status_code == 403
    assert ReportRecipient.objects.count() == 2


@pytest.mark.parametrize("emails", [["no address"], [f"a{number}@b.test" for number in range(51)]])
def test_what_is_no_list_of_addresses_is_refused(cast, executives, sign_in, emails):
    with pytest.raises(Invalid):
        services.set_recipients(emails=emails, by=cast.ada, at=NOW)
    answer = sign_in(cast.ada).post("/reports/recipients/", {"emails": "\n".join(emails)})
    assert answer.status_code == 422
    assert ReportRecipient.objects.count() == 2


def test_the_same_names_again_are_no_news(cast, executives):
    services.set_recipients(emails=executives, by=cast.ada, at=NOW)
    assert Event.objects.filter(kind="recipients.changed").count() == 1
