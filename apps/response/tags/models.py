from typing import ClassVar

from django.db import models

from apps.response.bulk.models import BulkJob
from helpdesk.models import User


class TagChange(models.Model):
    """A tag was given another name, became one with another, or was taken away: by whom, and what went along."""

    tag = models.CharField(max_length=60)
    # Empty: it was taken away.
    into = models.CharField(max_length=60, blank=True)
    tickets = models.PositiveIntegerField()
    rules = models.PositiveIntegerField(default=0)
    macros = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)
    # At most ten thousand tickets each.
    jobs = models.ManyToManyField(BulkJob, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.tag}: {self.into or '-'}"
