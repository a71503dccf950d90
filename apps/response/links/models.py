from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Message, Ticket, User


class LinkKind(models.TextChoices):
    """What the first ticket of a link is to the second."""

    RELATED = "related", _("Related to")
    DUPLICATE = "duplicate", _("Duplicate of")
    CHILD = "child", _("Child of")
    BLOCKS = "blocks", _("Blocks")
    FOLLOW_UP = "follow_up", _("Follow-up of")


@dataclass(frozen=True)
class Relation:
    """A link as it is seen from one of its two tickets."""

    name: str
    kind: LinkKind
    is_first: bool  # seen from the first of the two
    label: str | Promise


RELATIONS: dict[str, Relation] = {
    one.name: one
    for one in (
        Relation("parent_of", LinkKind.CHILD, False, _("Parent of")),
        Relation("child_of", LinkKind.CHILD, True, _("Child of")),
        Relation("blocks", LinkKind.BLOCKS, True, _("Blocks")),
        Relation("blocked_by", LinkKind.BLOCKS, False, _("Blocked by")),
        Relation("duplicate_of", LinkKind.DUPLICATE, True, _("Duplicate of")),
        Relation("duplicated_by", LinkKind.DUPLICATE, False, _("Duplicated by")),
        Relation("follow_up_of", LinkKind.FOLLOW_UP, True, _("Follow-up of")),
        Relation("followed_by", LinkKind.FOLLOW_UP, False, _("Went on as")),
        Relation("related_to", LinkKind.RELATED, True, _("Related to")),
    )
}


def relation(kind: str, *, is_first: bool) -> Relation:
    """How a link reads from its first ticket, or from its second."""
    return next(
        one
        for one in RELATIONS.values()
        if one.kind == kind and (one.is_first == is_first or kind == LinkKind.RELATED)
    )


class TicketLink(models.Model):
    """Two tickets have to do with each other: what the first is to the second, who said so and when."""

    kind = models.CharField(max_length=9, choices=LinkKind.choices)
    first = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    second = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            # Either way round: A blocks B and B blocks A can't both be true.
            models.UniqueConstraint(
                Least("first", "second"), Greatest("first", "second"), "kind", name="two_tickets_once_a_kind"
            ),
            models.CheckConstraint(name="ticket_not_linked_to_itself", condition=~Q(first=F("second"))),
        ]

    def __str__(self) -> str:
        return f"#{self.first_id} {self.kind} #{self.second_id}"


class JointAnswer(models.Model):
    """One text for the customers of all children of a ticket: what it says and what becomes of them."""

    parent = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    # With the fields of a macro; each child fills them with its own customer.
    body = models.TextField()
    then = models.CharField(max_length=5)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"The children of #{self.parent_id}"


class JointAnswerTicket(models.Model):
    """One child of a joint answer: the reply it was given, or why there is none."""

    answer = models.ForeignKey(JointAnswer, models.CASCADE, related_name="rows")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    why_not = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "ticket"], name="a_child_is_answered_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="child_to_answer", condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"

    # Mutators

    def end(self, *, message: Message | None = None, why_not: str = "", at: datetime) -> None:
        self.message, self.why_not, self.done_at = message, why_not[:300], at
        self.save(update_fields=["message", "why_not", "done_at"])
