import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.staff.matching import Mode


class DealingMode(models.TextChoices):
    """By what a ticket that nobody has finds its person."""

    OFF = Mode.OFF.value, _("Nobody gets it: people take tickets themselves")
    TURN = Mode.TURN.value, _("By turns: who got one longest ago")
    LOAD = Mode.LOAD.value, _("By load: who has the smallest share of what they can carry")
    SKILL = Mode.SKILL.value, _("By skill, then by load")


@pghistory.track(append_only=True)
class Dealing(models.Model):
    """How a department's tickets are dealt out. A department without a row deals by skill as tickets come, and does not
    try again those that found everybody full."""

    department = models.OneToOneField("helpdesk.Department", models.CASCADE, related_name="+")
    mode = models.CharField(max_length=5, choices=DealingMode.choices)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.department}: {self.get_mode_display()}"


class DealtTo(models.Model):
    """When somebody was dealt a ticket last, and whether they want none for now. Nobody decided the first, and the
    second is over in an hour: neither is worth a history."""

    user = models.OneToOneField("helpdesk.User", models.CASCADE, related_name="+")
    last_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.last_at}"
