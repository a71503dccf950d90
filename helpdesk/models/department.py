from typing import ClassVar

from django.db import models
from django.db.models import Q


class Department(models.Model):
    """A part of the company: it answers tickets, owns issues, and receives root-cause cases."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    # Mail to this address opens tickets here.
    email = models.EmailField(blank=True)
    # Cases of this department go to its head when no ownership rule names a person.
    head = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, blank=True, related_name="+")
    # Where a ticket goes that names no department.
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_department"
            )
        ]

    def __str__(self) -> str:
        return self.name
