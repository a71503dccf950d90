from datetime import datetime
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from helpdesk.custom_fields import Definition, Kind, Needed

MAX_KEY = 40


@pghistory.track(append_only=True)
class CustomField(models.Model):
    """A fact this desk wants to know of its tickets beyond what every desk does: an order number, a colour, a date.

    Values stand in `Ticket.custom` under the key, which never changes. A field is retired, never deleted: what was
    written into it stays. Its past definitions are kept by the database.
    """

    key = models.SlugField(max_length=MAX_KEY, unique=True)
    label = models.CharField(max_length=80)
    hint = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # What may be chosen, as people read it and as it is kept.
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # Short names and codes, which stay for ever; empty: all. An issue stands for all below it.
    departments = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    issues = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # Asked only while this other field holds one of these values, or anything where none are named.
    when_key = models.CharField(max_length=MAX_KEY, blank=True)
    when_values = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    needed = models.CharField(max_length=5, choices=Needed.choices, blank=True, default=Needed.NEVER)
    # The customer sees it, and is asked for it in the portal.
    is_public = models.BooleanField(default=False)
    # Lower stands higher.
    position = models.PositiveSmallIntegerField(default=100)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_field_of_choices_has_some",
                condition=~Q(kind__in=["choice", "choices"]) | ~Q(choices=[]),
            )
        ]

    def __str__(self) -> str:
        return self.label

    # Mutators

    def retire(self, *, at: datetime | None) -> None:
        """It is asked for no more; None: it is again."""
        self.retired_at = at
        self.save(update_fields=["retired_at"])

    # Properties

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def definition(self) -> Definition:
        """What the engine needs to know (helpdesk/custom_fields.py)."""
        return Definition(
            key=self.key,
            label=self.label,
            kind=self.kind,
            hint=self.hint,
            choices=tuple(self.choices),
            departments=tuple(self.departments),
            issues=tuple(self.issues),
            when_key=self.when_key,
            when_values=tuple(self.when_values),
            needed=self.needed,
            is_public=self.is_public,
            is_retired=self.is_retired,
        )
