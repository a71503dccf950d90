from typing import ClassVar

from django.db import models


class Product(models.Model):
    """What the customer bought: an axis of its own beside the issue."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
