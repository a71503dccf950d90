"""Each kind of news that programs of others are offered is produced by what happens here, and says what its published
schema says. A new kind without a case fails."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from apps.analysis import services as analysis
from apps.analysis.models import CaseTicket, Signal
from apps.analysis.models.reminder import Reminder
from apps.analysis.trackers import services as trackers
from apps.analysis.trackers.models import TrackerItem
from apps.analysis.trackers.shapes import Standing
from apps.control import services as control
from apps.control.models import ServicePolicy
from apps.intake.services import follow_up
from apps.output.customers import services as customers
from apps.output.organisations import services as organisations
from apps.output.privacy.services import erasing
from apps.output.webhooks import services as webhooks
from apps.output.webhooks.documents import offered_kinds
from apps.output.webhooks.models import WebhookDelivery
from apps.output.webhooks.schema import SCHEMA
from apps.response import services as response
from apps.response.calls.services import Spoken, log_call
from apps.response.links import services as links
from apps.response.models import GivenRemedy
from apps.response.reopening import services as reopening
from helpdesk.models import Customer, Event
from tests.analysis.assumptions import assume
from tests.analysis.stages import SOON, add_cause, fixing, fresh, investigating, routed
from tests.analysis.test_prove_case import proven_and_closed
from tests.analysis.test_the_walk import FIXED, SURGE
from tests.analysis.world import TODAY, World, day_before, make_world, sow, sow_quiet
from tests.factories import NOW, make_product, make_ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def world(cast) -> World:
    return make_world(cast)


@pytest.fixture
def listening(cast):
    return webhooks.add_webhook(url="https://other.example/hear", kinds=["*"], by=cast.ada, at=NOW).webhook


def a_ticket_is_worked_on(world: World) -> None:
    cast, ticket, other = world.cast, make_ticket(world.cast), make_ticket(world.cast)
    by = {"by": cast.ana, "at": NOW}
    response.classify(ticket=ticket, issue=world.charged, **by)
    response.classify(ticket=ticket, issue=world.late, primary=False, **by)
    fresh(ticket).take_off(world.late, **by)
    response.give_remedy(ticket=fresh(ticket), remedy="apology", **by)
    response.strike_remedy(given=GivenRemedy.objects.get(), why="Not said yet", **by)
    response.describe(ticket=ticket, product=make_product(), **by)
    response.rate(ticket=ticket, severity=1, **by)
    response.fill_in(ticket=ticket, values={"order-id": "4711"}, **by)
    ticket = fresh(ticket)
    ticket.assign(cast.ana, **by)
    message = response.reply(ticket=ticket, body="We look at it.", **by)
    message.withdraw(**by)
    ticket = fresh(ticket)
    ticket.hold("waiting_owner", **by)
    ticket.begin(**by)
    ticket.resolve(**by)
    ticket.answer_survey(outcome="satisfied", would_buy_again=True, told_others=0, **by)
    ticket.reopen(reason="It is back", **by)
    ticket.move_to(cast.shipping, by=cast.ana, at=NOW)
    ticket.resolve(**by)
    ticket.close(**by)
    by_all = {"by": cast.ada, "at": NOW}
    made = links.add_link(ticket=other, other=ticket, as_="blocks", **by_all)
    links.remove_link(link=made, ticket=other, **by_all)
    other.merge_into(ticket, **by)
    other.unmerge(status="new", solved_at=None, closed_at=None, **by)


def a_late_answer_is_refused(world: World) -> None:
    cast, late = world.cast, NOW + timedelta(days=8)
    reopening.save_policy(department=None, days=7, late_answer="refuse", by=cast.ada)
    ticket = response.solve(ticket=make_ticket(cast), by=cast.ana, at=NOW)
    wrote = follow_up(ticket=ticket, body="My secret is broken again.", by=cast.system, at=late)
    reopening.hear(message=wrote, by=cast.system, at=late)


def customers_are_promised_something(world: World) -> None:
    by, soon = {"by": world.cast.ana, "at": NOW}, NOW + HOUR
    rows = [
        control.make_promise(ticket=make_ticket(world.cast), text="Call back", due_at=soon, **by)
        for _ in range(3)
    ]
    control.keep_promise(promise=rows[0], **by)
    control.withdraw_promise(promise=rows[1], why="She called", **by)
    control.tick_promises(by=world.cast.system, at=NOW + 2 * HOUR)


def promises_of_time_run_out(world: World) -> None:
    cast, ticket = world.cast, make_ticket(world.cast)
    control.lay_out_defaults()
    control.start_clocks(ticket=ticket, at=NOW)
    ServicePolicy.objects.update(resolve_minutes=9_999)
    control.recount(by=cast.ada, at=NOW)
    for hours in (0.8, 2):
        control.tick(by=cast.system, at=NOW + HOUR * hours)
    call = log_call(ticket=ticket, call=Spoken(begun_at=NOW + HOUR / 2), by=cast.ana, at=NOW + 2 * HOUR)
    control.meet_by_call(call=call, by=cast.ana, at=NOW + 2 * HOUR)
    asked = control.refer(
        ticket=ticket, department=cast.shipping, question="Where is it?", by=cast.ana, at=NOW
    )
    head = cast.shipping.head or cast.ada
    control.answer_referral(
        referral=asked, answer="In Bonn", by=head if head.role == "owner" else cast.ada, at=NOW
    )
    control.close_referral(referral=fresh(asked), customer_confirmed=True, by=cast.ana, at=NOW)


def a_signal_is_judged(world: World) -> None:
    row = Signal.objects.create(
        kind="surge", label="Charged twice", sentence="Twice as many", detector="test", issue=world.charged,
        started_on=TODAY, window_start=TODAY, window_end=TODAY, observed=8, expected=4, ratio=2, excess=4,
        first_seen_on=day_before(1), last_seen_on=TODAY,
    )  # fmt: skip
    analysis.snooze_signal(signal=row, until=TODAY + timedelta(days=7), by=world.cast.nils, at=NOW)


def a_case_is_worked_on(world: World) -> None:
    sow_quiet(world, days=230, rate=2.0)
    cast, (case, action) = world.cast, fixing(world)
    product = make_product()
    analysis.note_not_concerned(case=case, product=product, reason="No card", by=cast.omar, at=NOW)
    ticket = make_ticket(cast)
    ticket.classify(world.charged, release=world.charged.release, by=cast.ana, at=NOW)
    row = CaseTicket.link(case=case, ticket=ticket, how="hand", by=cast.nils, at=NOW)
    analysis.exclude_ticket(evidence=row, by=cast.omar, at=NOW)
    analysis.publish_workaround(case=fresh(case), workaround="Pay by card.", by=cast.nils, at=NOW)
    analysis.use_workaround(case=fresh(case), ticket=ticket, helped=True, by=cast.ana, at=NOW)
    tracker = trackers.add_tracker(
        kind="github", name="Shop", project="acme/shop", token="t", by=cast.ada, at=NOW
    ).tracker
    trackers.link_to_tracker(action=action, tracker=tracker, item="7", by=cast.omar, at=NOW)
    done = Standing(is_closed=True, is_done=True, words="closed as completed")
    trackers.mind_item(item=TrackerItem.objects.get(), standing=done, as_of=NOW, by=cast.system, at=NOW)
    trackers.unlink_from_tracker(action=action, by=cast.omar, at=NOW)


def a_case_is_sent_back(world: World) -> None:
    cast, case = world.cast, routed(world)
    case.let_stand_in(cast.lena, by=cast.system, at=NOW)
    analysis.reject_case(case=case, reason="by_design", note="It is so", by=cast.omar, at=NOW)


def nobody_answers(world: World) -> None:
    routed(world)
    analysis.remind_owners(by=world.cast.system, at=NOW + timedelta(days=1))
    assert Reminder.objects.exists()


def a_risk_is_not_accepted(world: World) -> None:
    cast, case = world.cast, routed(world)
    analysis.accept_risk(case=case, approver=cast.ada, expires_on=SOON, note="Cheap", by=cast.omar, at=NOW)
    analysis.refuse_risk(case=fresh(case), note="Far too dear", by=cast.ada, at=NOW)


def a_cause_is_tested(world: World) -> None:
    sow_quiet(world, days=60, rate=1.0, but=(world.charged,))
    sow(world, world.charged, {(60, 0): 3.0}, seed=2, regions=("north",))
    cause = add_cause(world, investigating(world))
    analysis.predict_place(cause=cause, dimension="region", value="north", by=world.cast.omar, at=NOW)


def a_cause_is_moved(world: World) -> None:
    case = investigating(world)
    first, second = add_cause(world, case), add_cause(world, case, text="The queue is lost")
    analysis.move_cause(cause=second, parent=first, by=world.cast.omar, at=NOW)


def customers_doubt_a_proof(world: World) -> None:
    a_fix_helps(world)
    case, _ = proven_and_closed(world)
    asked = [Customer.objects.create(name=f"Kim {n}", created_at=NOW).pk for n in range(30)]
    given = {"case": case, "by": world.cast.system, "at": NOW + timedelta(days=3)}
    analysis.ask_customers(customers=asked, **given)
    for customer in asked:
        analysis.hear_customer(customer=customer, is_gone=False, **given)


def a_number_is_assumed(world: World) -> None:
    assume(world, "contact_cost", 4, 5, 6)


def a_fix_helps(world: World) -> None:
    sow_quiet(world, days=420, but=(world.charged,))
    sow(
        world, world.charged, {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6},
        seed=1,
    )  # fmt: skip


def a_proof_comes_undone(world: World) -> None:
    a_fix_helps(world)
    for issue, seed in ((world.refund, 4), (world.late, 11), (world.login, 12)):
        sow(world, issue, {(0, -60): 2.0}, seed=seed)
    sow(world, world.charged, {(0, -20): 0.6, (-20, -50): 5.0}, seed=3)
    proven_and_closed(world)
    analysis.watch_proven(by=world.cast.system, at=NOW + timedelta(days=50))


def customers_and_organisations_change(world: World) -> None:
    cast, by = world.cast, {"by": world.cast.ada, "at": NOW}
    zoe, jo = cast.zoe, customers.add_customer(values={"name": "Jo Secret", "email": "jo@secret.test"}, **by)
    customers.change_customer(customer=jo, values={"segment": "gold"}, **by)
    acme, other = (organisations.add_organisation(values={"name": f"{name} Secret"}, **by) for name in "AB")
    organisations.change_organisation(organisation=acme, values={"segment": "gold"}, **by)
    organisations.join(customer=zoe, organisation=acme, **by)
    organisations.undo_merge(merge=organisations.merge_organisations(kept=acme, gone=other, **by), **by)
    merge = customers.merge_customers(kept=zoe, gone=jo, **by)
    customers.undo_merge(merge=merge, **by)
    erasing.erase_customer(customer=fresh(jo), typed="jo@secret.test", reason="By letter", **by)


# What happens, and the kinds of news that come of it.
CASES: dict[Callable[[World], None], str] = {
    a_ticket_is_worked_on: """
        ticket.opened ticket.classified ticket.uncoded ticket.assigned ticket.moved ticket.rated ticket.described
        ticket.begun ticket.held ticket.resolved ticket.reopened ticket.closed ticket.merged outcome.told remedy.given
        remedy.struck
        message.received message.written message.withdrawn link.added link.removed ticket.unmerged ticket.filled
    """,
    a_late_answer_is_refused: "message.refused",
    customers_are_promised_something: "promise.made promise.kept promise.broken promise.withdrawn",
    promises_of_time_run_out: (
        "clock.warned clock.recounted clock.breached clock.corrected referral.opened referral.answered referral.closed"
    ),
    a_signal_is_judged: "signal.judged",
    a_case_is_worked_on: """
        case.opened case.routed case.accepted case.moved case.noted case.spread cause.added cause.judged plan.frozen
        evidence.changed workaround.used action.added action.moved action.linked action.unlinked action.reported
    """,
    a_case_is_sent_back: "case.rejected case.stood_in",
    nobody_answers: "case.reminded",
    a_risk_is_not_accepted: "case.reopened",
    a_cause_is_tested: "cause.tested",
    a_cause_is_moved: "cause.placed",
    customers_doubt_a_proof: "case.doubted",
    a_number_is_assumed: "assumption.set",
    customers_and_organisations_change: """
        customer.added customer.changed customer.merged customer.unmerged customer.erased organisation.added
        organisation.changed organisation.merged organisation.unmerged
    """,
    a_proof_comes_undone: "case.judged case.regressed signal.raised ledger.entered ledger.ended",
}


@pytest.mark.parametrize("happens", CASES, ids=lambda one: one.__name__)
def test_what_happens_is_told_as_the_schema_says(world, listening, happens):
    happens(world)
    for event in Event.objects.filter(owes__contains=["output.announce"]).select_related("by"):
        webhooks.announce(event=event, at=NOW)
    check = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    bodies = {row.kind: json.loads(row.body) for row in WebhookDelivery.objects.filter(webhook=listening)}
    for kind in CASES[happens].split():
        assert kind in bodies, f"nothing was told of {kind}"
        assert bodies[kind]["type"] == kind
    for row in WebhookDelivery.objects.filter(webhook=listening):
        check.validate(json.loads(row.body))
        assert "secret" not in row.body.casefold()


def test_every_kind_that_is_offered_has_its_case():
    told = " ".join(CASES.values()).split()
    assert sorted(told) == sorted(set(told))
    assert set(told) == set(offered_kinds()), "Add what happens to CASES, and the noun to the schema."


def test_what_was_refused_is_named_with_its_letter_and_without_its_words(world, listening):
    a_late_answer_is_refused(world)
    event = Event.objects.get(kind="message.refused")
    webhooks.announce(event=event, at=NOW)
    told = json.loads(WebhookDelivery.objects.get(kind="message.refused").body)["data"]
    assert told["changed"] == {"message": event.data["message"], "letter": event.data["letter"]}
    assert told["changed"]["letter"] is not None
    assert (told["ticket"]["id"], told["ticket"]["status"]) == (event.ticket_id, "solved")


def test_an_entry_of_the_ledger_comes_with_its_verdict_and_its_end(world, listening):
    a_proof_comes_undone(world)
    for event in Event.objects.filter(kind__startswith="ledger."):
        webhooks.announce(event=event, at=NOW)
    entered, ended = [json.loads(row.body)["data"] for row in WebhookDelivery.objects.order_by("event_id")]
    assert entered["verdict"] == ended["verdict"]
    assert (entered["verdict"]["verdict"], entered["verdict"]["proven"]) == ("effective", True)
    assert entered["verdict"]["saved"]["likely"] is not None
    assert entered["case"]["id"] == entered["changed"]["case"] == ended["changed"]["case"]
    assert ended["changed"]["signal"] == Signal.objects.get(kind="regression").pk


def test_the_schema_is_published(client):
    answer = client.get("/api/v1/schemas/webhook-message.json")
    assert answer.json() == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)


def test_a_message_without_its_noun_is_not_as_the_schema_says():
    check = Draft202012Validator(SCHEMA)
    about = {"event": 1, "by": {"id": 1, "role": "system"}, "changed": {}}
    told = {"type": "case.judged", "timestamp": "2026-05-06T10:00:00Z", "data": about}
    assert not check.is_valid(told)
    assert check.is_valid(told | {"type": "webhook.test", "data": {"webhook": 1, "by": about["by"]}})
