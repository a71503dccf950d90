from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from helpdesk import events

if TYPE_CHECKING:
    from apps.analysis.models.case import Case
    from helpdesk.models import Ticket, User


class WorkaroundUse(models.Model):
    """An agent gave a customer the workaround of a known error, and whether it helped."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="uses")
    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    helped = models.BooleanField()
    used_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "ticket"], name="one_word_on_a_workaround_and_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.case} on #{self.ticket_id}: {'helped' if self.helped else 'did not help'}"

    # Factories

    @classmethod
    def note(
        cls, *, case: "Case", ticket: "Ticket", helped: bool, by: "User", at: datetime
    ) -> "WorkaroundUse":
        """The latest word on a ticket counts."""
        use, _ = cls.objects.update_or_create(
            case=case, ticket=ticket, defaults={"helped": helped, "used_by": by, "used_at": at}
        )
        data = {"ticket": ticket.pk, "helped": helped}
        events.record("workaround.used", about=case.ref, by=by, at=at, data=data)
        return use
