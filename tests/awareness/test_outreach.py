"""Customers are told before they ask; some are held back by lot, and what telling prevented is counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from apps.analysis.services import set_assumption
from apps.awareness import services
from apps.awareness.models import OptOut, Outreach, OutreachCustomer
from apps.awareness.queries.holdout import audience, feasibility, outreach_page
from apps.awareness.tasks import send_outreaches as every_minute
from apps.intake.models import InboundMail
from apps.output.models import Delivery
from config.schedule import SCHEDULE
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Customer, TaxonomyRelease, Ticket, TicketIssue
from tests.awareness.conftest import later
from tests.factories import NOW, make_ticket, make_token

WORDS = {"kind": "known", "subject": "About {issue}", "body": "Hello {name}, restart it first."}


@pytest.fixture
def customers(cast):
    rows = [
        Customer(email=f"c{n}@x.test", name=f"Kim {n}", segment="home", region="north", created_at=NOW)
        for n in range(60)
    ]
    return Customer.objects.bulk_create(rows)


@pytest.fixture
def drafted(cast, charged, customers):
    return services.draft_outreach(
        **WORDS, issue=charged, region="north", held_back=0.3, an_hour=6_000, by=cast.nils, at=NOW
    )


def start(cast, row, at=NOW):
    return services.start_outreach(outreach=row, by=cast.nils, at=at)


def send(cast, at=NOW):
    return services.send_outreaches(by=cast.system, at=at)


def asks(cast, customer, issue, at):
    """One customer writes about the issue on a day."""
    ticket = make_ticket(cast, customer=customer)
    Ticket.objects.filter(pk=ticket.pk).update(opened_at=at, primary_issue=issue)
    TicketIssue.objects.create(
        ticket=ticket, issue=issue, release=TaxonomyRelease.objects.get(number=1), is_primary=True, source="person",
        coded_at=at, at=at,
    )  # fmt: skip
    return ticket


def test_those_who_are_told_get_one_letter_in_words_for_them_and_the_others_none(cast, drafted):
    start(cast, drafted)
    send(cast)
    send(cast)
    lots = OutreachCustomer.objects.select_related("customer", "delivery")
    told, held = lots.filter(held=False), lots.filter(held=True)
    assert 5 < held.count() < 35
    assert all(lot.delivery.to == [lot.customer.email] for lot in told)
    assert not held.exclude(delivery=None).exists()
    assert Delivery.objects.filter(about=f"outreach:{drafted.pk}").count() == told.count()
    first = told.first()
    assert f"Hello {first.customer.name}, restart it first." in first.delivery.text
    assert first.delivery.subject == "About Charged twice"
    assert f"/no-letters/{first.key}/" in first.delivery.headers["List-Unsubscribe"]
    drafted.refresh_from_db()
    assert drafted.state == "sent"


def test_so_many_an_hour_leave_and_no_more(cast, drafted):
    Outreach.objects.update(an_hour=120)
    start(cast, drafted)
    assert send(cast) == 2
    assert send(cast, NOW + timedelta(minutes=1)) == 2


def test_a_sender_that_is_killed_half_way_leaves_no_letter_without_its_mark(cast, drafted, monkeypatch):
    start(cast, drafted)
    whole = OutreachCustomer.objects.filter(held=False).count()
    calls = iter(range(whole + 1))

    def dies(self, **fields):
        if next(calls) == 3:
            raise RuntimeError
        return models.Model.save(self, **fields)

    monkeypatch.setattr(OutreachCustomer, "save", dies)
    with pytest.raises(ExceptionGroup):
        send(cast)
    assert not Delivery.objects.exists()
    monkeypatch.undo()
    send(cast)
    assert Delivery.objects.count() == whole


def test_lots_once_drawn_do_not_change(cast, drafted):
    start(cast, drafted)
    lot = OutreachCustomer.objects.filter(held=True).first()
    with pytest.raises(InternalError), transaction.atomic():
        OutreachCustomer.objects.filter(pk=lot.pk).update(held=False)
    with pytest.raises(IntegrityError, match="who_is_held_back"), transaction.atomic():
        OutreachCustomer.objects.filter(pk=lot.pk).update(sent_at=NOW)
    with pytest.raises(services.NotADraft):
        services.edit_outreach(outreach=drafted, **WORDS, issue=drafted.issue, by=cast.nils, at=NOW)


def test_nobody_who_opted_out_bounces_is_quarantined_left_or_asked_already_is_written_to(
    cast, drafted, customers
):
    before = audience(drafted, NOW).count()
    out, bounces, held_mail, left, asked, gone = customers[:6]
    OptOut.objects.create(customer=out, at=NOW)
    bounces.mark_undeliverable(until=later(3))
    InboundMail.objects.create(
        mailbox="x",
        raw=b"x",
        size=1,
        sha256="x",
        state="quarantined",
        sender=held_mail.email,
        received_at=NOW,
    )
    Customer.objects.filter(pk=left.pk).update(left_on=NOW.date())
    asks(cast, asked, drafted.issue, NOW)
    Customer.objects.filter(pk=gone.pk).update(anonymised_at=NOW)
    assert audience(drafted, NOW).count() == before - 6
    start(cast, drafted)
    chosen = OutreachCustomer.objects.values("customer")
    assert not Customer.objects.filter(pk__in=[c.pk for c in customers[:6]]).filter(pk__in=chosen).exists()


def test_who_asks_us_to_stop_meanwhile_gets_no_letter_and_counts_as_told(cast, client, drafted):
    start(cast, drafted)
    lot = OutreachCustomer.objects.filter(held=False).first()
    assert client.get(f"/no-letters/{lot.key}/").status_code == 200
    assert not OptOut.objects.exists()
    for _ in range(2):
        client.post(f"/no-letters/{lot.key}/")
    send(cast)
    lot.refresh_from_db()
    assert (lot.unsent, lot.sent_at, OptOut.objects.count()) == ("wants no letters", None, 1)
    told = OutreachCustomer.objects.filter(held=False).count()
    assert outreach_page(drafted_again(drafted), at=later(1)).prevented.told.customers == told


def test_only_customers_of_the_kind_chosen_are_written_to(cast, charged, customers):
    asks(cast, customers[0], charged, NOW - timedelta(days=60))
    Ticket.objects.update(status="closed", solved_at=NOW)
    row = services.draft_outreach(**WORDS, issue=charged, had_it_before=True, by=cast.nils, at=NOW)
    assert list(audience(row, NOW)) == [customers[0]]
    with pytest.raises(services.NobodyToTell):
        start(cast, row)
    assert not OutreachCustomer.objects.exists()


def test_what_it_prevented_is_told_when_its_days_are_over(cast, drafted):
    set_assumption(
        parameter="contact_cost", low=Decimal(5), likely=Decimal(8), high=Decimal(10), source="Books",
        dated_on=NOW.date(), by=cast.nils, at=NOW,
    )  # fmt: skip
    start(cast, drafted)
    for lot in OutreachCustomer.objects.filter(held=True).select_related("customer"):
        asks(cast, lot.customer, drafted.issue, later(5))
    one = OutreachCustomer.objects.filter(held=False).first()
    asks(cast, one.customer, drafted.issue, later(40))  # after the window: not counted
    row = drafted_again(drafted)
    early, over = outreach_page(row, at=later(10)), outreach_page(row, at=later(29))
    assert early.prevented.finding == "too early"
    assert early.days_left == 18
    assert over.prevented.finding == "prevented"
    told = over.prevented.told
    assert (told.contacts, over.prevented.avoided[1]) == (0, pytest.approx(told.customers))
    assert over.money.likely == 8 * told.customers
    assert over.money.low < over.money.likely < over.money.high


def test_what_can_be_seen_is_told_before_it_starts(cast, drafted, customers):
    can = feasibility(drafted, NOW)
    assert can.visible is None
    for customer in customers[:30]:
        asks(cast, customer, drafted.issue, NOW - timedelta(days=20))
    Ticket.objects.update(status="closed", solved_at=NOW)
    can = feasibility(drafted, NOW)
    assert (can.customers, can.held) == (61, 18)
    assert can.expected == pytest.approx(30 / 61 * 28 / 84 * 18)
    assert can.needed[0][1] > can.needed[2][1] > 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"subject": " "}, "subject"),
        ({"body": "{salary}"}, "body"),
        ({"held_back": 0.0}, "held_back"),
        ({"held_back": 0.9}, "held_back"),
        ({"window_days": 1}, "window_days"),
        ({"an_hour": 0}, "an_hour"),
    ],
)
def test_a_letter_that_can_not_be_is_refused_at_its_field(cast, charged, wrong, field):
    with pytest.raises(Invalid) as refused:
        services.draft_outreach(**{**WORDS, **wrong}, issue=charged, by=cast.nils, at=NOW)
    assert refused.value.pointer == field
    assert not Outreach.objects.exists()


def test_an_agent_tells_nobody(cast, charged, drafted):
    with pytest.raises(NotAllowed):
        services.draft_outreach(**WORDS, issue=charged, by=cast.ana, at=NOW)
    with pytest.raises(NotAllowed):
        services.start_outreach(outreach=drafted, by=cast.ana, at=NOW)
    assert not OutreachCustomer.objects.exists()


def test_it_is_stopped_and_goes_on_with_the_same_lots(cast, drafted):
    Outreach.objects.update(an_hour=60)
    start(cast, drafted)
    send(cast)
    services.stop_outreach(outreach=drafted, by=cast.nils, at=NOW)
    assert send(cast) == 0
    lots = set(OutreachCustomer.objects.values_list("customer", "held"))
    start(cast, drafted, later(1))
    assert set(OutreachCustomer.objects.values_list("customer", "held")) == lots
    assert drafted_again(drafted).started_at == NOW
    with pytest.raises(services.WaveStands):
        start(cast, drafted)


def test_the_task_runs_every_minute(db):
    assert SCHEDULE["send outreaches"]["task"] == every_minute.name


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_write_to_nobody_twice(cast, drafted):
    start(cast, drafted)

    def turn(_):
        try:
            return send(cast)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(turn, range(4)))
    assert sent == Delivery.objects.count() == OutreachCustomer.objects.filter(held=False).count()


# --- pages


def test_an_analyst_prepares_looks_and_sends_on_the_pages(cast, sign_in, charged, customers):
    browser = sign_in(cast.nils)
    said = WORDS | {
        "issue": charged.pk,
        "percent_held": 20,
        "window_days": 28,
        "an_hour": 500,
        "region": "north",
    }
    address = browser.post("/outreach/", said).headers["Location"]
    page = browser.get(address).content
    assert b"Smallest cut that would show" in page
    assert b"Hello " in page
    browser.post(address, said | {"subject": "Other words"})
    browser.post(f"{address}start/")
    page = browser.get(address).content
    assert b"Other words" in page
    assert b"Too early to tell" in page
    assert Outreach.objects.get().state == "sending"


def test_wrong_words_are_told_on_the_page(cast, sign_in, charged):
    answered = sign_in(cast.nils).post("/outreach/", WORDS | {"issue": charged.pk, "percent_held": 90})
    assert answered.status_code == 422
    assert b"There is a problem" in answered.content


def test_the_notice_shows_what_its_letters_prevented(cast, sign_in, draft, customers):
    browser = sign_in(cast.nils)
    said = {"issue": draft.case.issue_id, "percent_held": 20, "window_days": 28, "an_hour": 500}
    browser.post(f"/outreach/?notice={draft.pk}", WORDS | said)
    row = Outreach.objects.get()
    assert row.notice == draft
    start(cast, row)
    page = browser.get(f"/notices/{draft.pk}/").content
    assert b"Told by mail before they ask" in page
    assert b"Held back" in page


@pytest.mark.parametrize("page", ["/outreach/", "/outreach/{}/"])
def test_an_agent_has_no_business_with_it(cast, sign_in, drafted, page):
    assert sign_in(cast.ana).get(page.format(drafted.pk)).status_code == 403


def test_pages_cost_the_same_for_one_and_for_twenty(cast, sign_in, drafted, charged):
    browser = sign_in(cast.nils)
    with CaptureQueriesContext(connection) as few:
        browser.get("/outreach/")
    for _ in range(19):
        services.draft_outreach(**WORDS, issue=charged, by=cast.nils, at=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get("/outreach/")
    assert len(few) == len(many)


def test_the_api_prepares_starts_and_tells_what_it_prevented(cast, client, charged, customers):
    headers = {"Authorization": f"Bearer {make_token(cast.nils, 'cases:read', 'cases:write')}"}
    said = WORDS | {"issue": charged.code, "held_back": 0.3}
    made = client.post("/api/v1/outreach/", said, content_type="application/json", headers=headers)
    assert made.status_code == 201
    address = f"/api/v1/outreach/{made.json()['id']}/"
    begun = client.post(address, {"act": "start"}, content_type="application/json", headers=headers)
    assert begun.json()["state"] == "sending"
    one = client.get(address, headers=headers).json()
    assert one["prevented"]["finding"] == "too early"
    assert one["prevented"]["told"] + one["prevented"]["held"] == OutreachCustomer.objects.count()
    assert len(client.get("/api/v1/outreach/", headers=headers).json()["data"]) == 1


def drafted_again(row):
    return Outreach.objects.select_related("issue").get(pk=row.pk)


def test_who_is_no_customer_any_more_gets_no_letter(cast, drafted):
    start(cast, drafted)
    gone = OutreachCustomer.objects.filter(held=False).first()
    Customer.objects.filter(pk=gone.customer_id).update(left_on=NOW.date())
    send(cast)
    gone.refresh_from_db()
    assert (gone.delivery, gone.unsent) == (None, "is no customer any more")


def test_nobody_but_the_link_says_that_a_customer_wants_no_letters(cast, drafted):
    start(cast, drafted)
    with pytest.raises(NotAllowed):
        services.opt_out(lot=OutreachCustomer.objects.first(), by=cast.ana, at=NOW)
    assert not OptOut.objects.exists()
