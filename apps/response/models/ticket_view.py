from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Department, Role, User


class Sharing(models.TextChoices):
    """Who else finds a view among theirs."""

    NOBODY = "", _("Only me")
    DEPARTMENT = "department", _("A department")
    ROLE = "role", _("A role")
    EVERYBODY = "everybody", _("Everybody who answers tickets")


class TicketViewQuerySet(models.QuerySet["TicketView"]):
    def visible_to(self, user: User) -> "TicketViewQuerySet":
        """One's own, and those shared with one. What a view shows is each reader's own tickets."""
        shared = (
            Q(sharing=Sharing.EVERYBODY)
            | Q(sharing=Sharing.ROLE, role=user.role)
            | Q(sharing=Sharing.DEPARTMENT, department_id__isnull=False, department_id=user.department_id)
        )
        return self.filter(Q(owner=user) | shared)


class TicketView(models.Model):
    """A question to the queue that is asked day after day, under a name: what is asked, and how it is shown."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    # In the language of the search box, with its order: "is:open assignee:@me sort:due".
    query = models.CharField(max_length=500)
    # Empty: the list of cards beside the overview.
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    group_by = models.CharField(max_length=20, blank=True)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, blank=True, default=Sharing.NOBODY)
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    # Lower stands higher among the views.
    position = models.PositiveSmallIntegerField(default=100)
    saved_at = models.DateTimeField()

    objects: ClassVar = TicketViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="ticket_view_name_once"),
            models.CheckConstraint(
                name="a_shared_view_says_with_whom",
                condition=Q(sharing="department", department__isnull=False, role="")
                | (Q(sharing="role", department__isnull=True) & ~Q(role=""))
                | Q(sharing__in=["", "everybody"], department__isnull=True, role=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def given(self) -> dict[str, Any]:
        """What its owner says of it: the arguments of `save_view` that change nothing."""
        names = ("name", "query", "columns", "group_by", "sharing", "department", "role", "position")
        return {name: getattr(self, name) for name in names}

    def is_visible_to(self, user: User) -> bool:
        return TicketView.objects.visible_to(user).filter(pk=self.pk).exists()
