from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

# Where nobody has said anything else. More than that at once, and none of them is worked on.
USUAL = 5


@pghistory.track(append_only=True)
class WorkLimit(models.Model):
    """How many cases a department should have at work at once; without a department, how many any should."""

    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    cases = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department"], nulls_distinct=False, name="one_limit_for_a_department"
            ),
            models.CheckConstraint(name="a_limit_lets_something_through", condition=Q(cases__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.department or 'Every department'}: {self.cases}"
