"""The loop in the full world: a year of contacts with two causes in it, a proven fix, and cases on their way."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from apps.analysis import services as analysis
from apps.analysis.models import Action, Case, Signal
from apps.awareness.models import Notice
from apps.awareness.services import (
    publish_fix,
    publish_notice,
)
from helpdesk.models import Customer, Issue, Status, Ticket, User
from tests.analysis.world import TODAY, World, noon, sow
from tests.factories import NOW

NOISE, SURGE_OVER, SURGE, SURGE_KNOWN = 330, 75, 110, 100  # days ago


def describe_issues(world: World) -> None:
    words = {
        world.charged: ("Charged twice", "My card was charged twice for one order"),
        world.refund: ("Refund later than promised", "I am still waiting for my refund"),
        world.late: (
            "Parcel marked delivered, nothing arrived",
            "Tracking says delivered but nothing arrived",
        ),
        world.login: ("Login code never comes", "I do not get the code to sign in"),
        world.parent: ("Invoices and payments", ""),
    }
    for issue, (label, example) in words.items():
        issue.label, issue.examples = label, [example] if example else []
        issue.save(update_fields=["label", "examples"])


def live_a_year(world: World) -> None:
    """Everybody's contacts of a year. One complaint surged and was fixed, another one surges now."""
    year = {
        world.charged: {(NOISE, SURGE): 2.0, (SURGE, SURGE_OVER): 6.0, (SURGE_OVER, 1): 0.5},
        world.refund: {(NOISE, 9): 1.5, (9, 1): 7.0},
        world.late: {(NOISE, 60): 1.5, (60, 1): 2.4},
        world.login: {(NOISE, 5): 1.0, (5, 1): 5.0},
    }
    for seed, (issue, rates) in enumerate(year.items(), 1):
        sow(
            world,
            issue,
            rates,
            seed=seed,
            subject=issue.examples[0],
            body=f"{issue.examples[0]}. Please help.",
        )
    strangers = Customer.objects.bulk_create(
        Customer(email=f"c{n}@customer.test", name=f"Customer {n}", created_at=NOW) for n in range(200)
    )
    Ticket.objects.update(customer_id=F("id") % len(strangers) + strangers[0].pk)
    for status in (Status.OPEN, Status.SOLVED, Status.CLOSED):
        Ticket.objects.update(status=status, solved_at=NOW, closed_at=NOW)
    analysis.save_view(name="By money", query="by=money", is_shared=True, by=world.cast.nils, at=NOW)


def prove_a_fix(world: World) -> Case:
    """Charged twice: found, routed, understood, fixed, judged, told."""
    cast, found, fixed = world.cast, ago(SURGE_KNOWN), ago(SURGE_OVER)
    analysis.adopt_preset(name="loyalty-small-loss", by=cast.nils, at=found)
    analysis.adopt_preset(name="multiplier-money-lost", by=cast.nils, at=found)
    for parameter, likely in (("customer_base", 40_000), ("customer_value", 180)):
        low, high = Decimal(likely) * 9 / 10, Decimal(likely) * 11 / 10
        analysis.set_assumption(
            parameter=parameter, low=low, likely=Decimal(likely), high=high, source="The ledger of 2025",
            dated_on=found.date(), by=cast.nils, at=found,
        )  # fmt: skip
    case = routed_case(world, world.charged, "Invoices are charged twice", at=found)
    analysis.accept_case(case=case, by=cast.omar, at=found)
    why = analysis.add_cause(
        case=case, text="The retry charges again", cause_class="product", by=cast.omar, at=found
    )
    analysis.add_cause(
        case=case, text="No alarm on double bookings", cause_class="process", path="escape", by=cast.omar, at=found
    )  # fmt: skip
    analysis.judge_cause(cause=why, state="verified", evidence="The log of 3 January", by=cast.omar, at=found)
    analysis.begin_planning(case=case, by=cast.omar, at=found)
    analysis.add_action(
        case=case, title="One charge for one key", strength="strong", cause=why, assignee=cast.omar,
        due_on=fixed.date(), promised_cut=0.6, by=cast.omar, at=found,
    )  # fmt: skip
    analysis.freeze_plan(
        case=case, expected_cut=0.6, window_days=56, second_source="The ledger of double bookings", by=cast.omar,
        at=found,
    )  # fmt: skip
    action = Action.objects.get(case=case)
    analysis.move_action(action=action, to="accepted", by=cast.omar, at=found)
    analysis.move_action(action=action, to="implemented", by=cast.omar, at=fixed)
    analysis.confirm_action(action=action, by=cast.nils, at=fixed)
    case.refresh_from_db()
    analysis.judge_case(case=case, by=cast.system, at=NOW)
    analysis.tell_customers(case=case, by=cast.nils, at=NOW)
    if notice := publish_fix(case=case, by=cast.system, at=NOW):
        publish_notice(notice=Notice.objects.get(pk=notice.pk), by=cast.nils, at=NOW)
    return Case.objects.get(pk=case.pk)


def open_cases(world: World, sven: User) -> Case:
    """What last night found: one waits for its owner, one is being looked into, one is a signal yet."""
    cast = world.cast
    analysis.run_analysis(by=cast.system, at=NOW)
    signal = Signal.objects.filter(issue=world.refund).first()
    routed = routed_case(world, world.refund, "Refunds wait for a second approval", signal=signal, at=NOW)
    fixing = routed_case(world, world.late, "Couriers scan parcels before they deliver them", at=ago(20))
    analysis.accept_case(case=fixing, by=sven, at=ago(19))
    analysis.add_cause(
        case=fixing, text="The scanner counts arriving at the door", cause_class="process", by=sven, at=ago(18)
    )  # fmt: skip
    analysis.publish_workaround(
        case=fixing, workaround="Ask the customer to look with the neighbours, then send it again.", by=cast.nils,
        at=ago(17),
    )  # fmt: skip
    analysis.publish_case_notice(
        case=fixing, title="Parcels are said to be there and are not",
        text="Some parcels show as delivered a day before they come. We are looking into it with the courier.",
        meanwhile="Wait until the evening of the next day, please. Then send it to us.", news_on=ago(-7).date(),
        translations={"de": {
            "title": "Pakete gelten als zugestellt und sind nicht da",
            "text": "Manche Pakete stehen einen Tag zu früh als zugestellt da. Wir klären es mit dem Boten.",
            "meanwhile": "Warten Sie bitte bis zum Abend des nächsten Tages und schreiben Sie uns dann.",
        }},
        by=cast.nils, at=ago(17),
    )  # fmt: skip
    return routed


def routed_case(
    world: World, issue: Issue, title: str, *, at: datetime, signal: Signal | None = None
) -> Case:
    nils = world.cast.nils
    if signal:
        case = analysis.promote_signal(signal=signal, by=nils, at=at)
    else:
        case = analysis.open_case(issue=issue, by=nils, at=at)
    analysis.describe_case(
        case=case, title=title, statement=case.statement or f"{issue.label}, far more often than before.",
        is_text="Card payments since the release of March", is_not_text="Bank transfers", severity=2,
        money_note="No figures yet", by=nils, at=at,
    )  # fmt: skip
    analysis.route_case(case=case, by=nils, at=at)
    return Case.objects.get(pk=case.pk)


# --- this morning -------------------------------------------------------------------------------------


def ago(days: int) -> datetime:
    return noon(TODAY - timedelta(days=days))


def before(**span: Any) -> datetime:
    return NOW - timedelta(**span)
