"""What agents keep around a ticket: fields of the desk's own, for the browser to look at."""

from datetime import timedelta

from django.urls import reverse

from apps.control.models import MadeTicket
from apps.control.recurring.services import Given, save_recurring
from apps.intake.custom_fields.services import save_field
from apps.response.checklists.services import add_task, save_checklist
from apps.response.rules import services as rules
from apps.response.services import fill_in
from apps.response.snoozing.services import snooze
from apps.response.timekeeping.services import book_time, start_timer, strike_out
from helpdesk.models import Event, Ticket
from tests.factories import NOW, Cast


def keep_around(cast: Cast, ticket: Ticket) -> dict[str, str]:
    """Fields of several kinds, some filled in on this ticket, one needed before it is solved."""
    by = {"by": cast.ada, "at": NOW}
    save_field(
        key="order-id", label="Order number", kind="text", hint="On the first line of the invoice.",
        needed="solve", is_public=True, position=1, **by,
    )  # fmt: skip
    save_field(key="card", label="Kind of card", kind="choice", choices=["Debit", "Credit"], **by)
    save_field(key="bank", label="Bank", kind="text", when_key="card", when_values=["Credit"], **by)
    save_field(key="seen", label="Seen on the statement", kind="yes_no", **by)
    fill_in(ticket=ticket, values={"card": "Credit", "seen": True}, by=cast.ana, at=NOW)
    snooze(ticket=ticket, until=NOW + timedelta(hours=1), by=cast.lena, at=NOW)
    checklist = save_checklist(
        name="Card charged twice", lines=["! Ask the bank", "Tell accounting"], by=cast.lena, at=NOW
    )
    add_task(
        ticket=ticket,
        text="Ask the bank",
        assignee=cast.ana,
        due_at=NOW,
        is_required=True,
        by=cast.ana,
        at=NOW,
    )
    add_task(ticket=ticket, text="Look at the plan", by=cast.ana, at=NOW)
    book_time(ticket=ticket, minutes=12, what="Called the bank", by=cast.ana, at=NOW)
    wrong = book_time(ticket=ticket, minutes=90, by=cast.ana, at=NOW)
    strike_out(entry=wrong, why="It was another ticket", by=cast.ana, at=NOW)
    start_timer(ticket=ticket, by=cast.ana, at=NOW)
    here, its = {"number": ticket.pk}, {"pk": _ruled(cast, ticket)}
    return {
        "ticket_fields": reverse("own_fields", kwargs=here) + "?then=solve",
        "snooze": reverse("snooze", kwargs=here),
        "edit_checklist": reverse("edit_checklist", kwargs={"pk": checklist.pk}),
        "edit_rule": reverse("rule", kwargs=its),
        "rule_versions": reverse("rule_versions", kwargs=its),
        "ticket_rules": reverse("ticket_rules", kwargs=here),
        "edit_recurring": reverse("recurring_ticket", kwargs={"pk": _recurs(cast, ticket)}),
        "put_off": reverse("ticket", kwargs=here),
    }


def _ruled(cast: Cast, ticket: Ticket) -> int:
    """A rule with a group, which has acted on this ticket; its number."""
    lines = [
        {"field": "is", "operator": "is", "value": "open"},
        {"join": "any", "lines": [
            {"field": "severity", "operator": "is", "value": "critical, high"},
            {"field": "created", "operator": "less_ago", "value": "30d"},
        ]},
    ]  # fmt: skip
    given = rules.RuleGiven(
        "Mark what hurts",
        "opened",
        {"join": "all", "lines": lines},
        [{"act": "tag", "value": "hurts"}],
        stops=True,
    )
    by = {"by": cast.ada, "at": NOW}
    rule = rules.switch_rule(rule=rules.save_rule(given=given, **by), on=True, **by)
    rules.obey(event=Event.objects.get(kind="ticket.opened", ticket=ticket), by=cast.system, at=NOW)
    return rule.pk


def _recurs(cast: Cast, ticket: Ticket) -> int:
    """A ticket that opens itself on the first Monday of each month, and has opened this one; its number."""
    given = Given(
        "Look at the card reader", cast.billing, cast.zoe.email or "", "Check the card reader", "Try a payment.",
        "month_weekday", NOW.date(), weekdays=[0], acts=[{"act": "tag", "value": "monthly"}],
    )  # fmt: skip
    row = save_recurring(given=given, by=cast.lena, at=NOW)
    MadeTicket.objects.create(template=row, due_at=NOW, ticket=ticket)
    return row.pk
