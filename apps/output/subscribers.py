"""Doors for news."""

from collections.abc import Collection
from datetime import datetime

from apps.intake.bounce import Permanence
from apps.output import services
from apps.output.account import services as account
from apps.output.articles import services as articles
from apps.output.articles.models import ArticleText, SplitQuestion
from apps.output.help_centre import services as help_centre
from apps.output.models import Delivery
from apps.output.webhooks import services as webhooks
from apps.output.webhooks.models import Webhook
from apps.response.models import Approval, Follower, LaterReply, TicketTask
from helpdesk.models import Customer, Event, Message, SideLetter, TaxonomyRelease, Ticket, User


def acknowledge(*, event: Event, by: User, at: datetime) -> None:
    ticket = Ticket.objects.select_related("customer", "department").get(pk=event.ticket_id or 0)
    services.acknowledge(ticket=ticket, by=by, at=at)


def deliver(*, event: Event, by: User, at: datetime) -> None:
    services.deliver(message=Message.objects.get(pk=event.data["message"]), by=by, at=at)


def note_failure(*, event: Event, by: User, at: datetime) -> None:
    rows = Delivery.objects.select_related("ticket__department", "ticket__assignee", "created_by")
    services.note_failure(delivery=rows.get(pk=event.data["delivery"]), by=by, at=at)


def note_bounce(*, event: Event, by: User, at: datetime) -> None:
    if event.ticket_id is None:
        return  # it names no letter of ours; intake lists the report
    told = event.data
    services.note_bounce(
        ticket=Ticket.objects.select_related("customer", "assignee").get(pk=event.ticket_id),
        addresses=told["recipients"],
        is_hard=told["permanence"] == Permanence.HARD.value,
        reason=told["diagnosis"] or told["status"],
        letter_id=told["message_id"],
        by=by,
        at=at,
    )


def note_request(*, event: Event, by: User, at: datetime) -> None:
    """A visit of the help centre ended in a request."""
    help_centre.note_request(key=event.data["visit"], at=event.at)


def remind(*, event: Event, by: User, at: datetime) -> None:
    """A ticket somebody put off is back."""
    if event.ticket_id is not None:
        services.remind(
            ticket=Ticket.objects.select_related("department").get(pk=event.ticket_id),
            user=User.objects.get(pk=event.data["user"]),
            why=event.data["why"],
            by_mail=event.data["by_mail"],
            key=f"snooze:{event.data['snooze']}",
            by=by,
            at=at,
        )


def remind_of_task(*, event: Event, by: User, at: datetime) -> None:
    """A task on a ticket is due."""
    user = User.objects.filter(pk=event.data["user"]).first()
    if user is not None and event.ticket_id is not None:
        services.remind_of_task(
            ticket=Ticket.objects.select_related("department").get(pk=event.ticket_id),
            user=user,
            text=event.data["text"],
            key=f"task:{event.data['task']}:{event.at:%Y%m%d%H%M}",
            by=by,
            at=at,
        )


def tell_of_task(*, event: Event, by: User, at: datetime) -> None:
    """A task was added, or given to somebody else."""
    rows = TicketTask.objects.select_related("assignee", "ticket")
    if task := rows.filter(pk=event.data["task"]).first():
        services.tell_of_task(task=task, event=event, by=by, at=at)


def tell_assignee(*, event: Event, by: User, at: datetime) -> None:
    """A ticket was given to somebody, or its customer wrote."""
    related = Ticket.objects.select_related("customer", "department", "assignee")
    services.tell_assignee(event=event, ticket=related.get(pk=event.ticket_id or 0), by=by, at=at)


def ask_approvers(*, event: Event, by: User, at: datetime) -> None:
    """Somebody waits for an approval."""
    services.ask_approvers(approval=_approval(event), key=f"{event.kind}:{event.pk}", by=by, at=at)


def tell_of_approval(*, event: Event, by: User, at: datetime) -> None:
    """Whoever asked for an approval hears what became of it."""
    services.tell_of_approval(approval=_approval(event), key=f"{event.kind}:{event.pk}", by=by, at=at)


def _approval(event: Event) -> Approval:
    related = Approval.objects.select_related("ticket__department", "ticket__customer", "issue", "asked_by")
    return related.select_related("answered_by").get(pk=event.data["approval"])


def tell_followers(*, event: Event, by: User, at: datetime) -> None:
    """Something happened on a ticket that colleagues follow."""
    ticket = Ticket.objects.select_related("customer", "department").get(pk=event.ticket_id or 0)
    services.tell_followers(event=event, ticket=ticket, by=by, at=at)


def followed(kinds: Collection[str]) -> set[str]:
    """Of these kinds of event those that a colleague may want to hear of: none while nobody follows anything."""
    return set(kinds) if Follower.objects.exists() else set()


def send_side(*, event: Event, by: User, at: datetime) -> None:
    """We wrote to somebody else about a ticket."""
    letters = SideLetter.objects.select_related("side__ticket__department", "author")
    services.send_side(letter=letters.get(pk=event.data["letter"]), by=by, at=at)


def tell_side(*, event: Event, by: User, at: datetime) -> None:
    """Somebody else answered."""
    ticket = Ticket.objects.select_related("customer", "department").get(pk=event.ticket_id or 0)
    services.tell_side(event=event, ticket=ticket, by=by, at=at)


def tell_held(*, event: Event, by: User, at: datetime) -> None:
    """An answer that was to go out later waits for its author."""
    later = LaterReply.objects.select_related("ticket__department", "ticket__customer", "by")
    services.tell_held(later=later.get(pk=event.data["later"]), by=by, at=at)


def tell_mentioned(*, event: Event, by: User, at: datetime) -> None:
    """A note names colleagues."""
    ticket = Ticket.objects.select_related("customer", "department").get(pk=event.ticket_id or 0)
    services.tell_mentioned(event=event, ticket=ticket, by=by, at=at)


def tell_colleagues(*, event: Event, by: User, at: datetime) -> None:
    """A rule wants colleagues to look at a ticket."""
    ticket = Ticket.objects.select_related("department").get(pk=event.ticket_id or 0)
    for user in User.objects.filter(pk__in=event.data["people"]).order_by("pk"):
        key = f"told:{event.pk}:{user.pk}"
        services.tell_colleague(ticket=ticket, user=user, who=event.by.name, key=key, by=by, at=at)


def tell_of_rule(*, event: Event, by: User, at: datetime) -> None:
    """A rule was switched off by itself: its author hears of it."""
    told = event.data
    services.tell_of_rule(
        rule=told["rule"],
        name=told["name"],
        why=told["why"],
        is_lost=told.get("is_lost", False),
        user=User.objects.get(pk=told["user"]),
        key=f"rule-off:{event.pk}",
        by=by,
        at=at,
    )


def carry_articles(*, event: Event, by: User, at: datetime) -> None:
    """Issues were merged or split: their articles go along."""
    release = TaxonomyRelease.objects.get(pk=event.about.removeprefix("release:"))
    articles.carry_articles(release=release, by=by, at=at)


def tell_authors(*, event: Event, by: User, at: datetime) -> None:
    """A draft of an article was sent back or published."""
    text = ArticleText.objects.select_related("article").filter(
        article=int(event.about.removeprefix("article:")), language=event.data["language"]
    )
    for found in text:
        articles.tell_authors(text=found, event=event, by=by, at=at)


def ask_author(*, event: Event, by: User, at: datetime) -> None:
    """An issue was split, and its article answers all of its parts."""
    found = SplitQuestion.objects.filter(pk=event.data["question"]).select_related("article", "issue").first()
    if found is not None:  # else the split was undone meanwhile
        articles.ask_author(question=found, by=by, at=at)


def end_sessions(*, event: Event, by: User, at: datetime) -> None:
    """Two customers became one, or two again: who was signed in as the one that went proves an address anew."""
    gone = Customer.objects.get(pk=event.data["gone"])
    account.leave_everywhere(customer=gone, by=by, at=at)


def announce(*, event: Event, by: User, at: datetime) -> None:
    """Programs of others that asked for such news hear of it."""
    webhooks.announce(event=event, at=at)


def listened_to(kinds: Collection[str]) -> set[str]:
    """Of these kinds of event those that any program of others listens to."""
    return Webhook.objects.listened_to(kinds)
