from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from helpdesk import events

if TYPE_CHECKING:
    from apps.analysis.models.action import Action
    from apps.analysis.models.case import Case
    from helpdesk.models import Product, User


class SpreadCheck(models.Model):
    """Somebody asked whether a sister product has the same cause: it gets an action, or is not concerned, and why."""

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="spread")
    product = models.ForeignKey("helpdesk.Product", models.PROTECT, related_name="+")
    action = models.ForeignKey("analysis.Action", models.CASCADE, null=True, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="looked_at_ends_in_an_action_or_a_reason",
                condition=Q(action__isnull=False) | ~Q(reason=""),
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="spread_checks_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.reason or self.action}"

    # Factories

    @classmethod
    def note(
        cls, *, case: "Case", product: "Product", action: "Action | None" = None, reason: str = "", by: "User",
        at: datetime,
    ) -> "SpreadCheck":  # fmt: skip
        check = cls.objects.create(case=case, product=product, action=action, reason=reason, by=by, at=at)
        data = {"product": product.code, "action": action.pk if action else None, "note": reason}
        events.record("case.spread", about=case.ref, by=by, at=at, data=data)
        return check
