from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from apps.staff.models.training import Assignment, Course
from helpdesk import events

if TYPE_CHECKING:
    from helpdesk.models import User

# From so many days before its end a certificate is shown as running out, and its course given again.
AHEAD = timedelta(days=30)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def standing(self) -> "CertificateQuerySet":
        """Those nobody took back, run out or not."""
        return self.filter(withdrawn_at=None)

    def valid(self, today: date) -> "CertificateQuerySet":
        return self.filter(still_valid(today))


def still_valid(today: date) -> Q:
    """Its last day belongs to it."""
    return Q(withdrawn_at=None) & (Q(valid_until=None) | Q(valid_until__gte=today))


class Certificate(models.Model):
    """Somebody has passed a course, and until when that counts."""

    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="certificates")
    # Null where it was entered by hand.
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="+")
    passed_on = models.DateField()
    # Null: for good.
    valid_until = models.DateField(null=True)
    granted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("helpdesk.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=200, blank=True)

    objects: ClassVar = CertificateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-passed_on", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "course"], name="certificates_of_a_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_certificate_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("passed_on")),
            ),
            models.CheckConstraint(
                name="a_withdrawal_has_a_reason", condition=Q(withdrawn_at=None) | ~Q(withdrawal="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.course}"

    # Factories

    @classmethod
    def write(cls, *, user: "User", course: Course, assignment: Assignment | None, passed_on: date, by: "User",
              at: datetime) -> "Certificate":  # fmt: skip
        until = None if course.lasts_days is None else passed_on + timedelta(days=course.lasts_days)
        row = cls.objects.create(
            user=user, course=course, assignment=assignment, passed_on=passed_on, valid_until=until,
            granted_by=by, granted_at=at,
        )  # fmt: skip
        row._record("certificate.granted", by=by, at=at)
        return row

    # Mutators

    def withdraw(self, why: str, *, by: "User", at: datetime) -> None:
        self.withdrawal, self.withdrawn_by, self.withdrawn_at = why, by, at
        self.save(update_fields=["withdrawal", "withdrawn_by", "withdrawn_at"])
        self._record("certificate.withdrawn", by=by, at=at)

    def _record(self, kind: str, *, by: "User", at: datetime) -> None:
        data = {"user": self.user_id, "course": self.course_id}
        events.record(kind, about=f"certificate:{self.pk}", by=by, at=at, data=data)

    # Properties

    def is_valid(self, today: date) -> bool:
        return self.withdrawn_at is None and (self.valid_until is None or self.valid_until >= today)

    def runs_out(self, today: date) -> bool:
        """Valid, but not for long."""
        return self.is_valid(today) and self.valid_until is not None and self.valid_until <= today + AHEAD
