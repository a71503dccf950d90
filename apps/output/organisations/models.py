from datetime import datetime
from typing import ClassVar

from django.db import models

from apps.output.merges import Merge
from helpdesk.models import Organisation, User


class OrganisationNote(models.Model):
    """What colleagues should know of an organisation: "invoices go to the head office". Shown to nobody outside."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    body = models.TextField(max_length=5_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"], name="note_of_organisation")]

    def __str__(self) -> str:
        return f"Note on {self.organisation}"

    # Factories

    @classmethod
    def add(cls, *, organisation: Organisation, body: str, by: User, at: datetime) -> "OrganisationNote":
        note = cls.objects.create(organisation=organisation, body=body, by=by, at=at)
        organisation.record("organisation.noted", by=by, at=at, note=note.pk)
        return note


class OrganisationMerge(Merge):
    """Two organisations that are one."""

    kept = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Organisation, models.CASCADE, related_name="+")

    class Meta(Merge.Meta):
        indexes: ClassVar = [
            models.Index(fields=["kept", "-id"], name="organisation_merges_of_kept"),
            models.Index(fields=["gone", "-id"], name="organisation_merges_of_gone"),
        ]
