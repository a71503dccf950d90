from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from helpdesk.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: "User") -> "SavedViewQuerySet":
        """One's own, and what colleagues share."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedView(models.Model):
    """A way to ask the analysis that somebody comes back to: the words of its address, under a name. Always as of
    now: what is computed is never kept in it."""

    name = models.CharField(max_length=80)
    # As the page writes its address after the question mark, without the moment looked back to.
    query = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects: ClassVar = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_visible_to(self, user: "User") -> bool:
        return self.is_shared or self.owner_id == user.pk


class Every(models.TextChoices):
    WEEK = "week", _("Every Monday")
    MONTH = "month", _("On the first of each month")


class ViewSubscription(models.Model):
    """Somebody wants a saved view by mail, each week or month; their own wish, ended by themselves."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    every = models.CharField(max_length=5, choices=Every.choices)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["view", "user"], name="a_view_is_mailed_to_one_once"),
        ]

    def __str__(self) -> str:
        return f"{self.view} to {self.user}: {self.get_every_display()}"


class ViewLetter(models.Model):
    """A view that was mailed: once for each wish and each week or month, named by its first day."""

    subscription = models.ForeignKey(ViewSubscription, models.CASCADE, related_name="letters")
    begins_on = models.DateField()
    delivery = models.ForeignKey("output.Delivery", models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "begins_on"], name="one_letter_for_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription}, {self.begins_on}"
