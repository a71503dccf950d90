import hashlib
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q

from helpdesk.models.message import Message, Note
from helpdesk.search import in_words, search_column


class Attachment(models.Model):
    """A file that came with a message or was added to a note. Served as a download, never inline."""

    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    note = models.ForeignKey(Note, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=200, blank=True)
    file = models.FileField(max_length=200)
    # Of invoice_march.pdf, "march" is looked for as well as the whole name.
    search = search_column("name", in_words("name"))

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["search"], name="attachment_search")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_has_one_parent",
                condition=Q(message__isnull=False, note__isnull=True)
                | Q(message__isnull=True, note__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    def keep(
        cls,
        *,
        name: str,
        content_type: str,
        content: bytes,
        message: Message | None = None,
        note: Note | None = None,
        content_id: str = "",
    ) -> "Attachment":
        """Store the bytes under their hash, so that the same file costs its room once, and the row that names them."""
        digest = store(content)
        attachment = cls(
            message=message,
            note=note,
            name=name[:200],
            content_type=content_type[:120],
            size=len(content),
            sha256=digest,
            content_id=content_id[:200],
        )
        attachment.file.name = place_of(digest)
        attachment.save(force_insert=True)
        return attachment


def store(content: bytes, *, shelf: str = "attachments") -> str:
    """Put bytes under their hash, which is returned, unless they are there. What is deleted apart has a shelf of its
    own: no erasure of one takes the same bytes from another."""
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(digest, shelf=shelf)
    if default_storage.exists(place):
        if default_storage.size(place) == len(content):
            return digest
        default_storage.delete(place)  # half a file: whoever wrote it was stopped in the middle
    default_storage.save(place, ContentFile(content))
    return digest


def place_of(digest: str, *, shelf: str = "attachments") -> str:
    return f"{shelf}/{digest[:2]}/{digest}"
