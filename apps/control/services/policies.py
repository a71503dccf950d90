"""What is promised to which tickets, in which order, and who is told when it is broken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.control.models import Calendar, Rung, ServicePolicy, statuses_that_pause
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import (
    Channel,
    Customer,
    Department,
    Issue,
    Role,
    Severity,
    Status,
    User,
)
from helpdesk.permissions import decides_for_all, require
from helpdesk.rows import held
from helpdesk.signing import signed

LONGEST = 1_000_000  # minutes: two years around the clock
MOST_RUNGS, MOST_TIMES = 20, 20
STEP = 10
PAUSES = (Status.NEW, Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_OWNER)
TOLD_ROLES = (Role.AGENT, Role.LEAD, Role.OWNER, Role.ANALYST, Role.ADMIN)


@dataclass(frozen=True)
class Terms:
    """All that a policy says: what it fits, and what it promises in working minutes (None: no such promise)."""

    name: str
    calendar: Calendar
    department: Department | None = None
    issue: Issue | None = None
    severity: int | None = None
    segment: str = ""
    customer: Customer | None = None
    organisation: str = ""
    channel: str = ""
    acknowledge_minutes: int | None = None
    first_reply_minutes: int | None = None
    next_reply_minutes: int | None = None
    next_update_minutes: int | None = None
    resolve_minutes: int | None = None
    referral_minutes: int | None = None
    pauses_on: Sequence[str] = field(default_factory=statuses_that_pause)


PROMISES = (
    "acknowledge_minutes", "first_reply_minutes", "next_reply_minutes", "next_update_minutes", "resolve_minutes",
    "referral_minutes",
)  # fmt: skip


@transaction.atomic
@signed
def save_policy(*, policy: ServicePolicy | None, terms: Terms, by: User) -> ServicePolicy:
    """Make a policy, last but for those that fit everything, or change one. What runs keeps its promise.

    Raises Invalid with the field at fault, NotAllowed for tickets of another department.
    """
    _require_own(by, policy.department_id if policy else None, is_new=policy is None)
    _require_own(by, terms.department.pk if terms.department else None, is_new=False)
    check_terms(terms=terms, policy=policy)
    row = held(policy) if policy else ServicePolicy(order=_next_order())
    for name in Terms.__dataclass_fields__:
        setattr(row, name, getattr(terms, name))
    row.name, row.segment, row.organisation = (
        terms.name.strip(),
        terms.segment.strip(),
        terms.organisation.strip(),
    )
    row.pauses_on = sorted(set(terms.pauses_on))
    row.save()
    if policy is None:
        _before_those_that_fit_all(row)
    return row


def check_terms(*, terms: Terms, policy: ServicePolicy | None) -> None:
    """Raises Invalid with the field at fault."""
    if not terms.name.strip():
        raise Invalid(_("Give it a name."), pointer="name")
    if ServicePolicy.objects.filter(name=terms.name.strip()).exclude(pk=policy.pk if policy else 0).exists():
        raise Invalid(
            _("There is a policy “%(name)s” already, perhaps a retired one.") % {"name": terms.name.strip()},
            pointer="name",
        )
    if terms.severity is not None and terms.severity not in Severity.values:
        raise Invalid(_("A severity from 1, critical, to 4, low."), pointer="severity")
    if terms.channel and terms.channel not in Channel.values:
        raise Invalid(
            _("Choose one of: %(values)s.") % {"values": ", ".join(Channel.values)}, pointer="channel"
        )
    for name in PROMISES:
        minutes = getattr(terms, name)
        if minutes is not None and not 0 <= minutes <= LONGEST:
            raise Invalid(
                _("From 0 to %(longest)s working minutes, or nothing.") % {"longest": LONGEST}, pointer=name
            )
    if all(getattr(terms, name) is None for name in PROMISES):
        raise Invalid(_("It promises nothing. Fill in at least one time."), pointer="first_reply_minutes")
    if unknown := set(terms.pauses_on) - set(PAUSES):
        raise Invalid(
            _("Clocks can't rest in: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))},
            pointer="pauses_on",
        )


@transaction.atomic
@signed
def retire_policy(*, policy: ServicePolicy, by: User, at: datetime) -> ServicePolicy:
    """No ticket gets it any more; what it promised stays promised. Raises NotAllowed for another department's."""
    _require_own(by, policy.department_id)
    row = held(policy)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
    return row


@transaction.atomic
@signed
def restore_policy(*, policy: ServicePolicy, by: User) -> ServicePolicy:
    """Tickets get it again, in its old place. Raises NotAllowed for another department's."""
    _require_own(by, policy.department_id)
    row = held(policy)
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    return row


@transaction.atomic
@signed
def order_policies(*, numbers: Sequence[int], by: User) -> None:
    """Try the policies in this order; it names every one in force. Raises Invalid, NotAllowed (administrators)."""
    require(by, "control.manage")
    if not decides_for_all(by):
        raise NotAllowed(_("The order decides for all departments. Ask an administrator."))
    rows = {row.pk: row for row in _in_force()}
    if sorted(numbers) != sorted(rows):
        raise Invalid(_("Name every policy in force once."), pointer="order")
    for place, number in enumerate(numbers, start=1):
        row = rows[number]
        if row.order != place * STEP:
            row.order = place * STEP
            row.save(update_fields=["order"])


@transaction.atomic
def move_policy(*, policy: ServicePolicy, by: User, steps: int) -> None:
    """Try it so many places later, or earlier if negative; at the ends it stays. Raises NotAllowed."""
    numbers = [row.pk for row in _in_force()]
    if policy.pk not in numbers:
        raise Invalid(_("A retired policy has no place in the order."))
    place = numbers.index(policy.pk)
    numbers.insert(min(max(place + steps, 0), len(numbers) - 1), numbers.pop(place))
    order_policies(numbers=numbers, by=by)


@transaction.atomic
@signed
def add_rung(
    *, policy: ServicePolicy, after_minutes: int, tell: str, person: User | None = None, role: str = "",
    department: Department | None = None, times: int = 1, repeat_minutes: int | None = None, by: User,
) -> Rung:  # fmt: skip
    """Another step of a policy's ladder. It also counts for promises that are broken already, from where they stand.

    Raises Invalid with the field at fault, NotAllowed for another department's policy.
    """
    _require_own(by, policy.department_id)
    policy = held(policy)
    if tell not in Rung.Tell.values:
        raise Invalid(
            _("Choose one of: %(values)s.") % {"values": ", ".join(Rung.Tell.values)}, pointer="tell"
        )
    if not 0 <= after_minutes <= LONGEST:
        raise Invalid(
            _("From 0 to %(longest)s working minutes.") % {"longest": LONGEST}, pointer="after_minutes"
        )
    if not 1 <= times <= MOST_TIMES:
        raise Invalid(_("From once to %(most_times)s times.") % {"most_times": MOST_TIMES}, pointer="times")
    if times > 1 and not (repeat_minutes and 0 < repeat_minutes <= LONGEST):
        raise Invalid(_("Say after how many working minutes it is told again."), pointer="repeat_minutes")
    whom = {
        "person": person if tell == Rung.Tell.PERSON else None,
        "role": role if tell == Rung.Tell.ROLE else "",
        "department": department if tell == Rung.Tell.DEPARTMENT else None,
    }
    if tell in whom and not whom[tell]:
        raise Invalid(_("Say whom."), pointer=tell)
    if whom["role"] and role not in TOLD_ROLES:
        raise Invalid(_("Nobody of this role can be told."), pointer="role")
    if (
        person is not None
        and tell == Rung.Tell.PERSON
        and (person.role not in TOLD_ROLES or not person.is_active)
    ):
        raise Invalid(_("Choose a colleague who works here."), pointer="person")
    if policy.rungs.count() >= MOST_RUNGS:
        raise Invalid(_("A ladder has %(most_rungs)s steps at most.") % {"most_rungs": MOST_RUNGS})
    if policy.rungs.filter(after_minutes=after_minutes, tell=tell, **whom).exists():
        raise Invalid(_("They are told at this time already."), pointer="tell")
    return Rung.objects.create(
        policy=policy, after_minutes=after_minutes, tell=tell, times=times,
        repeat_minutes=repeat_minutes if times > 1 else None, **whom,
    )  # fmt: skip


@transaction.atomic
@signed
def take_out_rung(*, rung: Rung, by: User) -> None:
    """Nobody is told at this step any more; whom it told stays written down. Raises NotAllowed."""
    _require_own(by, rung.policy.department_id)
    rung.delete()


def _require_own(by: User, department: int | None, *, is_new: bool = False) -> None:
    """Leads promise for their own department, administrators for all."""
    require(by, "control.manage")
    if is_new or decides_for_all(by):
        return
    if department is None or department != by.department_id:
        raise NotAllowed(_("You promise for your own department. Ask an administrator for the others."))


def _in_force() -> list[ServicePolicy]:
    rows = ServicePolicy.objects.filter(retired_at=None).order_by("order", "name", "id")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _next_order() -> int:
    highest = ServicePolicy.objects.aggregate(Max("order"))["order__max"] or 0
    return int(highest) + STEP


def _before_those_that_fit_all(row: ServicePolicy) -> None:
    """A new policy with conditions would never count behind one that has none."""
    if _fits_all(row):
        return
    others = [one for one in _in_force() if one.pk != row.pk]
    place = next((n for n, one in enumerate(others) if _fits_all(one)), len(others))
    others.insert(place, row)
    for n, one in enumerate(others, start=1):
        if one.order != n * STEP:
            one.order = n * STEP
            one.save(update_fields=["order"])


def _fits_all(row: ServicePolicy) -> bool:
    conditions = (row.department_id, row.issue_id, row.severity, row.segment, row.customer_id, row.organisation,
                  row.channel)  # fmt: skip
    return not any(conditions)
