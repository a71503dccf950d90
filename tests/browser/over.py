"""What becomes of tickets in the end: they close by themselves, and what comes too late for them is refused."""

from datetime import timedelta

from django.urls import reverse

from apps.intake.queries import request_key
from apps.intake.services import Contact, follow_up, open_ticket
from apps.response.closing.services import save_rule
from apps.response.reopening.services import hear, save_policy
from apps.response.services import solve
from helpdesk.models import Department, User
from tests.factories import NOW


def what_is_over() -> dict[str, str]:
    """A rule that counts working days; and a request of Shipping on which somebody wrote too late."""
    admin, system = User.objects.get(role="admin"), User.objects.system()
    shipping = Department.objects.get(slug="shipping")
    rule = save_rule(
        rule=None,
        department=None,
        remind_after=3,
        warn_after=7,
        close_after=9,
        counted_in="working",
        by=admin,
    )
    save_policy(department=shipping, days=2, late_answer="refuse", by=admin)
    asked, solved, late = (NOW - timedelta(days=days) for days in (9, 8, 1))
    ticket = open_ticket(
        subject="Where is my parcel?", body="It was to come on Monday.", customer=Contact("nora@customer.test", "Nora"),
        channel="email", department=shipping, by=system, at=asked,
    )  # fmt: skip
    solve(ticket=ticket, by=admin, at=solved)
    message = follow_up(ticket=ticket, body="It came, and the box was open.", by=system, at=late)
    hear(message=message, by=system, at=late)
    return {
        "closing_rule": reverse("closing_rule", kwargs={"pk": rule.pk}),
        "request_over": reverse("request_status", kwargs={"key": request_key(ticket)}),
        "ticket_over": reverse("ticket", kwargs={"number": ticket.pk}),
    }
