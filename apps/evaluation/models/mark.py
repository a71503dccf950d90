"""What a criterion was answered with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.evaluation.models.scorecard import Criterion


class Mark(models.Model):
    """A reviewer's answer to one criterion: 0 or 1 for no and yes, 1 to 4, or null where it does not apply."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_is_on_a_scale", condition=Q(value=None) | Q(value__gte=0, value__lte=4)
            )
        ]
