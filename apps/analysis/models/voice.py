from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apps.analysis.models.case import Case


class CustomerVoice(models.Model):
    """One customer of a case who was asked whether it is gone for them, and what they said last.

    Asked again after another fix, only what they say from then on counts: both times are kept.
    """

    case = models.ForeignKey("analysis.Case", models.CASCADE, related_name="voices")
    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    is_gone = models.BooleanField(null=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "customer"], name="one_voice_a_customer_and_case"),
            models.CheckConstraint(
                name="a_voice_has_said_something_at_some_time",
                condition=Q(is_gone=None, said_at=None) | Q(is_gone__isnull=False, said_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        said = "silent" if self.is_gone is None else "gone" if self.is_gone else "still there"
        return f"{self.case}: {said}"

    # Factories

    @classmethod
    def ask(cls, *, case: "Case", customers: "Iterable[int]", at: datetime) -> None:
        CustomerVoice.objects.bulk_create(
            [CustomerVoice(case=case, customer_id=number, asked_at=at) for number in sorted(set(customers))],
            update_conflicts=True, unique_fields=["case", "customer"], update_fields=["asked_at"], batch_size=1_000,
        )  # fmt: skip

    @classmethod
    def hear(cls, *, case: "Case", customer: int, is_gone: bool, at: datetime) -> "CustomerVoice":
        said = {"is_gone": is_gone, "said_at": at}
        voice, _ = cls.objects.update_or_create(
            case=case, customer_id=customer, defaults=said, create_defaults={"asked_at": at, **said}
        )
        return voice
