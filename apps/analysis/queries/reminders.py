"""Whom cases were carried up to."""

from collections import defaultdict

from django.db.models import F, Prefetch

from apps.analysis.models import Reminder, Step
from helpdesk.models import User


def sponsors_told() -> dict[int, list[User]]:
    """The sponsors each case was carried up to that stands where it stood then; two queries. Somebody has acted since:
    it is in here no longer."""
    rows = Reminder.objects.filter(step=Step.SPONSOR, entered_at=F("case__state_since"))
    told: dict[int, list[User]] = defaultdict(list)
    for row in rows.prefetch_related(Prefetch("told", User.objects.filter(is_active=True).order_by("pk"))):
        told[row.case_id].extend(row.told.all())
    return dict(told)
