"""What the executive report says, in the mail and in print."""

import re
from datetime import date, timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.analysis.figures import Asked
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.figures import figures
from apps.analysis.services import count_days
from apps.awareness import queries, services
from apps.awareness.models import Report
from apps.awareness.pdf import draw_pdf
from apps.awareness.queries.report import than_before
from apps.output import services as output
from tests.analysis.world import day_before, sow
from tests.awareness.conftest import seen
from tests.awareness.reporting import EVIL, JUNE_1, make, page, pages_of, rows, signal
from tests.factories import NOW, make_issue

APRIL = date(2026, 4, 1)


# --- what it says


def test_the_top_ten_stand_by_money_and_the_uncoded_below_them(cast, priced):
    top = page(make(cast)).top
    assert top.name == "Top ten by market damage"
    assert top.rows[0].label == "Cause 7"
    amounts = [row.amount for row in top.rows[:-1]]
    assert len(amounts) == 10
    assert amounts == sorted(amounts, reverse=True)
    assert (top.rows[-1].label, top.rows[-1].tone, top.more) == ("Uncoded", "uncoded", 2)


def test_without_assumptions_it_is_ordered_by_tickets_and_says_so(cast, world):
    sow(world, world.charged, {(60, 0): 1.0}, seed=1)
    count_days(first=day_before(100), last=day_before(1), at=NOW)
    said = page(make(cast))
    assert said.top.name == "Top ten by tickets"
    assert said.headline[-1].startswith("Ordered by tickets, for the money is not known: ")


def test_its_figures_are_those_of_the_analysis(cast, priced):
    found = figures(Asked(days=90, by="money"), at=NOW)
    said = page(make(cast))
    ranked = [one for one in found.figures.issues if one.money][:10]
    assert [row.amount for row in said.top.rows[:-1]] == [float(one.money.likely) for one in ranked]
    assert (said.tickets, said.addresses[0]) == (found.figures.tickets, found.provenance.address)
    assert said.stamp == "As of 6 May 2026, 10:00 UTC, issues by release 1 of the taxonomy."


def test_new_and_growing_are_the_signals_of_the_month_each_issue_once(cast):
    issue = make_issue()
    signal("emerging", label="Beeping hubs")
    signal("emerging", label="Of May", seen_on=date(2026, 5, 2), value="other")
    signal("emerging", label="Noise", state="dismissed", value="noise")
    signal("surge", issue=issue)
    signal("slow_burn", issue=issue, label="The same elsewhere", value="north", excess=3)
    report = make(cast)
    (new,), (growing,) = rows(report, "New"), rows(report, "Growing")
    assert (new.label, new.value) == ("Beeping hubs", "41 tickets")
    assert (growing.label, growing.value) == ("Charged twice", "2.0 times as many")
    assert growing.says == "41 tickets where 20 were usual, since 20 April; not judged yet"


def test_what_began_in_the_month_and_was_seen_after_it_is_not_lost(cast):
    late = {"first_seen_on": date(2026, 5, 3), "last_seen_on": date(2026, 5, 5)}
    signal("emerging", label="Beeping hubs", seen_on=date(2026, 4, 20), **late)
    signal("slow_burn", label="Batteries", seen_on=date(2026, 4, 1), **late)
    report = make(cast)
    assert [row.label for row in rows(report, "New")] == ["Beeping hubs"]
    assert [row.label for row in rows(report, "Growing")] == ["Batteries"]


@pytest.mark.parametrize(
    ("change", "words"),
    [(0.46, "46% more than"), (-0.59, "59% fewer than"), (-0.001, "as many as")],
)
def test_a_change_is_said_in_words(change, words):
    assert than_before(change) == f"{words} before"


def test_proven_and_ledger_say_what_the_prevention_ledger_says(cast, proven_case):
    case = proven_case(at=NOW - timedelta(days=10))
    report = make(cast)
    (fix,) = rows(report, "Proven")
    assert fix.label == str(case)
    assert "43% fewer (30% to 55%), promised 50%" in fix.says
    assert not rows(make(cast, JUNE_1), "Proven")


def test_what_came_back_stands_with_its_money(cast, proven_case):
    case = proven_case(at=NOW - timedelta(days=40))
    signal("regression", case=case, state="merged")
    (back,) = rows(make(cast), "Came back")
    assert back.label == str(case)
    assert back.says == "came back on 20 April; 41 tickets where 20 were proven"


def test_decisions_wanted_are_what_nobody_below_can_settle(cast, make_case):
    make_case(title="In time")
    make_case(title="Sent back twice", needs_arbitration=True, money="900")
    held = make_case(title="On hold")
    held.move(CaseState.ON_HOLD, due_on=date(2026, 5, 2), by=cast.nils, at=NOW)
    labels = [row.label for row in rows(make(cast), "Decisions wanted")]
    assert [label.partition(" RC-")[0] for label in labels] == ["Look again at", "Decide whose it is:"]
    assert labels[0].endswith("On hold")


def test_what_is_not_accepted_stands_by_department_and_is_not_added_up(cast, make_case):
    make_case(money="1000", due_on=date(2026, 5, 1))
    make_case(money="4000")
    elsewhere = make_case(money=None)
    Case.objects.filter(pk=elsewhere.pk).update(owner_department=cast.shipping)
    billing, shipping = rows(make(cast), "Not accepted, by department")
    assert (billing.label, billing.value) == ("Billing", "2 cases")
    assert billing.says.replace("\xa0", " ") == (
        "the oldest since 6 May, 1 overdue; the largest $ 4,000 at risk a quarter"
    )
    assert (shipping.label, shipping.value) == ("Shipping", "1 case")


def test_it_is_made_in_a_fixed_number_of_queries(cast, make_case):
    make_case()
    with CaptureQueriesContext(connection) as few:
        queries.page_of(APRIL, at=NOW)
    for number in range(15):
        make_case(money=str(number + 1), needs_arbitration=number % 2 == 0)
        signal("emerging", label=f"Cluster {number}", value=str(number))
    with CaptureQueriesContext(connection) as many:
        queries.page_of(APRIL, at=NOW)
    assert len(few) == len(many)


# --- the letter


@pytest.fixture
def letter(cast, priced, make_case, executives, settings):
    """The report as a mail server gets it."""
    make_case(title=EVIL, needs_arbitration=True)
    signal("emerging", label=EVIL)
    services.send_report(report=make(cast), by=cast.system, at=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    output.send_due(by=cast.system, at=NOW)
    return BytesParser(policy=policy.default).parsebytes(mail.outbox[0].message().as_bytes())


def test_text_comes_first_then_html_and_the_pdf_is_attached(letter):
    words, printed = letter.iter_parts()
    assert (letter.get_content_type(), words.get_content_type()) == (
        "multipart/mixed", "multipart/alternative",
    )  # fmt: skip
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert (printed.get_content_type(), printed.get_filename()) == (
        "application/pdf", "executive-report-2026-04.pdf",
    )  # fmt: skip
    assert printed.get_content().startswith(b"%PDF-")
    assert letter["Auto-Submitted"] == "auto-generated"


def test_the_text_says_everything_the_html_says_and_the_html_everything_the_page_has(cast, letter):
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    shown = seen(letter.get_body(("html",)).get_content())
    for words in shown:
        assert words in text
    report = page(Report.objects.get())
    whole = " ".join(shown)
    for section in (report.top, *report.sections):
        for row in section.rows:
            assert " ".join(row.label.split()) in whole
            assert " ".join(row.says.split()) in whole


def test_the_mail_fetches_nothing_and_what_customers_wrote_stays_text(letter):
    html = letter.get_body(("html",)).get_content()
    assert not re.search(r"<(img|link|script|iframe)|url\(", html)
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert EVIL in letter.get_body(("plain",)).get_content()


# --- in print


def test_the_pdf_is_one_page_however_much_there_is_to_say(cast, priced, make_case):
    for number in range(12):
        make_case(title=f"{number} " + "A very long title that says nothing " * 5, needs_arbitration=True)
        signal("emerging", label="Beeping hubs of the older kind " * 8, value=str(number))
        signal("surge", issue=make_issue(f"more-{number}"), label="W" * 250)
    report = make(cast)
    printed = draw_pdf(page(report), made_at=report.made_at)
    assert printed.startswith(b"%PDF-")
    assert pages_of(printed) == 1


def test_an_empty_report_is_a_page_too(cast):
    assert pages_of(draw_pdf(page(make(cast)), made_at=NOW)) == 1


@pytest.mark.parametrize(
    "evil", [EVIL, '#read("/etc/passwd")', "#panic()", "]]] #{", "\\", "你好 مرحبا 🙂", "</svg>"]
)
def test_what_customers_wrote_can_not_become_markup_in_print(cast, make_case, evil):
    make_case(title=evil, needs_arbitration=True)
    report = make(cast)
    assert rows(report, "Decisions wanted")[0].label.endswith(evil)
    assert pages_of(draw_pdf(page(report), made_at=NOW)) == 1


def test_the_same_report_is_the_same_print(cast, make_case):
    make_case()
    report = make(cast)
    assert draw_pdf(page(report), made_at=NOW) == draw_pdf(page(report), made_at=NOW)
