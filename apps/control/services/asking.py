"""Whom to ask how it was: rules and limits as the leads set them, and the draw that follows them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext

from apps.control.models import AskDraw, AskLimits, AskRule, Survey
from apps.control.queries_asking import Asking, ask_limits, candidates_among
from apps.control.sampling import chances, draw
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Channel, Department, Issue, User
from helpdesk.permissions import decides_for_all, require
from helpdesk.signing import signed

NOT_DRAWN = "not drawn"
LONGEST_REST = 365


@transaction.atomic
@signed
def set_ask_rule(
    *, share: float, issue: Issue | None = None, department: Department | None = None, channel: str = "",
    order: int = 100, by: User, at: datetime,
) -> AskRule:  # fmt: skip
    """Say which share of some tickets is asked about; the same place again changes its share.

    Raises Invalid for a share that is none or an unknown channel, NotAllowed for another department's tickets.
    """
    _require_lead(by, department)
    if not 0 < share <= 1:
        raise Invalid(gettext("A share above 0 % and at most 100 %."), pointer="share")
    if channel and channel not in Channel.values:
        raise Invalid(
            gettext("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Channel.labels))},
            pointer="channel",
        )
    if not 0 <= order <= 32_767:
        raise Invalid(gettext("A place from 0 to 32767."), pointer="order")
    values = {"share": share, "order": order, "set_by": by, "set_at": at}
    rule, _ = AskRule.objects.update_or_create(
        issue=issue, department=department, channel=channel, defaults=values
    )
    return rule


@transaction.atomic
def withdraw_ask_rule(*, rule: AskRule, by: User) -> None:
    """Its tickets go by the next rule that fits. Raises NotAllowed for another department's rule."""
    _require_lead(by, rule.department)
    rule.delete()


@transaction.atomic
@signed
def set_ask_limits(
    *, rest_days: int, most_a_day: int | None, always: Sequence[str], by: User, at: datetime
) -> AskLimits:
    """How long customers are left in peace, how many letters leave a day, and what is always asked about.

    Raises Invalid for a rest of no day or over a year, no letter a day, or an unknown condition.
    """
    require(by, "control.manage")
    if not decides_for_all(by):
        raise NotAllowed(gettext("This concerns all customers. Ask an administrator."))
    if not 1 <= rest_days <= LONGEST_REST:
        raise Invalid(gettext("From 1 to 365 days."), pointer="rest_days")
    if most_a_day is not None and not 1 <= most_a_day <= 1_000_000:
        raise Invalid(gettext("At least one, or nothing for no limit."), pointer="most_a_day")
    if unknown := set(always) - set(AskLimits.Always.values):
        raise Invalid(
            gettext("Not known: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}, pointer="always"
        )
    values = {"rest_days": rest_days, "most_a_day": most_a_day, "always": sorted(set(always)), "set_by": by,
              "set_at": at}  # fmt: skip
    limits, _ = AskLimits.objects.update_or_create(is_one=True, defaults=values)
    return limits


@transaction.atomic
def draw_surveys(*, seed: int, by: User, at: datetime) -> AskDraw | None:
    """Decide for all surveys of this day whether they are sent; None where nothing is to be decided.

    The day is drawn at once, so that its limit holds and every chance is known; what comes in later the same day is
    drawn from what is left. One draw at a time: whoever comes second finds everything decided.
    """
    require(by, "helpdesk.configure")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('draw surveys'))")
    limits, stop = ask_limits(), _day_ends(at)
    found = candidates_among(
        Survey.objects.filter(sent_at=None, skipped="", drawn_in=None, send_at__lt=stop), limits, at=at
    )
    if not found:
        return None
    most = _left(limits, stop)
    chance = chances([one.candidate for one in found], most=most)
    drawn = draw(chance, seed=seed)
    row = AskDraw.objects.create(at=at, seed=seed, candidates=len(found), drawn=len(drawn), most=most)
    Survey.objects.bulk_update(
        [_decided(one, chance, row, is_drawn=one.survey.pk in drawn) for one in found],
        ["rule", "chance", "drawn_in", "skipped"],
        batch_size=500,
    )
    return row


def _decided(one: Asking, chance: dict[int, float], row: AskDraw, *, is_drawn: bool) -> Survey:
    survey = one.survey
    survey.rule, survey.chance, survey.drawn_in = one.rule, chance[survey.pk], row
    survey.skipped = "" if is_drawn else NOT_DRAWN
    return survey


def _left(limits: AskLimits, stop: datetime) -> int | None:
    if limits.most_a_day is None:
        return None
    drawn = Survey.objects.filter(
        drawn_in__at__gte=stop - timedelta(days=1), drawn_in__at__lt=stop
    ).exclude(skipped=NOT_DRAWN)  # fmt: skip
    return max(limits.most_a_day - drawn.count(), 0)


def _day_ends(at: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone)


def _require_lead(by: User, department: Department | None) -> None:
    """Leads set the rules of their own department, administrators all."""
    require(by, "control.manage")
    if decides_for_all(by):
        return
    if department is None or department.pk != by.department_id:
        raise NotAllowed(
            gettext("You set the rules of your own department. Ask an administrator for the others.")
        )
