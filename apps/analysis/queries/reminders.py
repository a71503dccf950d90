"""Whom cases and their actions were carried up to."""

from collections import defaultdict

from django.db.models import Prefetch

from apps.analysis.models import Action, Case, Reminder, Step
from helpdesk.models import User


def sponsors_told() -> dict[Case | Action, list[User]]:
    """The sponsors each was carried up to that waits as it waited then; two queries. Somebody has acted since: it is
    in here no longer."""
    rows = Reminder.objects.standing().filter(step=Step.SPONSOR).select_related("case", "action")
    told: dict[Case | Action, list[User]] = defaultdict(list)
    for row in rows.prefetch_related(Prefetch("told", User.objects.filter(is_active=True).order_by("pk"))):
        told[row.action or row.case].extend(row.told.all())
    return dict(told)
