"""The passing of time: warn before a promise is broken, say when it is, and climb the ladder; each once."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.control.clock import due_at
from apps.control.models import Clock, Escalation, Rung
from apps.output.services import NewsItem, OwnLetter, inform
from helpdesk import events
from helpdesk.each import each
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import ClockState, Role, User

Step = Callable[..., None]


def tick(*, by: User, at: datetime) -> int:
    """Deal with every clock whose moment has come; returns how many. Many workers may tick at once.

    Raises the faults once every clock had its turn at every step.
    """
    clocks = Clock.objects
    steps = {_warn: clocks.to_warn(at), _breach: clocks.to_breach(at), _escalate: clocks.to_escalate(at)}
    return sum(each(steps, lambda step: _take(step, steps[step], by=by, at=at)))


def _take(step: Step, due: QuerySet[Clock], *, by: User, at: datetime) -> int:
    return sum(each(due.values_list("pk", flat=True), lambda number: _deal(number, step, due, by=by, at=at)))


@transaction.atomic
def _deal(number: int, step: Step, due: QuerySet[Clock], *, by: User, at: datetime) -> bool:
    """One step of one clock, with its ticket; False when somebody else has one of them. Locked ones are skipped, so
    that workers share the work and none waits for a service that holds a ticket and wants its clocks."""
    free = due.select_for_update(of=("self", "ticket"), skip_locked=True, no_key=True)
    related = free.select_related("ticket", "policy__calendar")
    clock = related.filter(pk=number).order_by("pk").first()
    if clock is None:
        return False
    step(clock, by=by, at=at)
    return True


def _warn(clock: Clock, *, by: User, at: datetime) -> None:
    clock.warned_at = at
    clock.save(update_fields=["warned_at"])
    _tell("clock.warned", clock, by=by, at=at)


def tell_of_warning(*, clock: Clock, by: User, at: datetime) -> bool:
    """Tell whoever has the ticket that a promise runs out soon; once for each time it is due, and not where it was
    met, is another department's, or nobody has the ticket."""
    person = None if clock.referral_id else clock.ticket.assignee
    if person is None or not person.is_active or clock.state != Clock.State.RUNNING:
        return False
    with as_read_by(person):
        title = _("Due soon: %(kind)s") % {"kind": clock.get_kind_display()}
        subject = _("Due soon: %(kind)s on #%(ticket_id)s") % {
            "kind": clock.get_kind_display(), "ticket_id": clock.ticket_id,
        }  # fmt: skip
        text = _("%(subject)s\n\n%(kind)s is due %(due_at)s.\n\n%(link)s\n") % {
            "subject": clock.ticket.subject, "kind": clock.get_kind_display(),
            "due_at": date_format(timezone.localtime(clock.due_at), "j M Y H:i e"),
            "link": absolute("ticket", number=clock.ticket_id),
        }  # fmt: skip
    key = f"clock-warned:{clock.pk}:{clock.due_at:%Y%m%d%H%M}"
    letter = OwnLetter(subject=subject, text=text)
    item = NewsItem(kind="clock", key=key, title=title, ticket=clock.ticket, letter=letter)
    return inform(item=item, to=person, by=by, at=at)


def _breach(clock: Clock, *, by: User, at: datetime) -> None:
    clock.state, clock.breached_at = Clock.State.BREACHED, at
    clock.next_rung_at = min(
        (_step_at(clock, step) for step in _steps(clock.policy.rungs.all())), default=None
    )
    clock.save(update_fields=["state", "breached_at", "next_rung_at"])
    first = min(due for due in (clock.due_at, clock.ticket.due_at) if due is not None)
    clock.ticket.tell_clock(due_at=first, state=ClockState.BREACHED)
    _tell("clock.breached", clock, by=by, at=at)


def _tell(kind: str, clock: Clock, *, by: User, at: datetime) -> None:
    events.record(kind, ticket=clock.ticket, by=by, at=at, data={"clock": clock.pk, "kind": clock.kind})


def _escalate(clock: Clock, *, by: User, at: datetime) -> None:
    climbed = set(clock.escalations.values_list("rung_id", "time"))
    rest = [step for step in _steps(clock.policy.rungs.all()) if (step[0].pk, step[1]) not in climbed]
    reached = [step for step in rest if _step_at(clock, step) <= at]
    for rung, time in reached:
        _climb(clock, rung, time, by=by, at=at)
    clock.next_rung_at = min((_step_at(clock, step) for step in rest if step not in reached), default=None)
    clock.save(update_fields=["next_rung_at"])


def _steps(rungs: Iterable[Rung]) -> list[tuple[Rung, int]]:
    """Each rung as often as it is climbed: the first time, the second, ..."""
    return [(rung, time) for rung in rungs for time in range(1, rung.times + 1)]


def _step_at(clock: Clock, step: tuple[Rung, int]) -> datetime:
    broken_at, (rung, time) = clock.breached_at, step
    if broken_at is None:
        raise ValueError(_("%(clock)s is not broken, so its ladder has not begun.") % {"clock": clock})
    return due_at(broken_at, rung.minutes_until(time), clock.policy.calendar.hours(around=broken_at.date()))


def _climb(clock: Clock, rung: Rung, time: int, *, by: User, at: datetime) -> None:
    """Tell the people of one rung. The row is unique, so a rung is climbed once at a time whatever happens."""
    told = _people(clock, rung)
    escalation = Escalation.objects.create(clock=clock, rung=rung, time=time, at=at)
    escalation.told.add(*told)
    for person in told:
        with as_read_by(person):
            title = _("Overdue: %(kind)s") % {"kind": clock.get_kind_display()}
            subject = _("Overdue: %(kind)s on #%(ticket_id)s") % {
                "kind": clock.get_kind_display(), "ticket_id": clock.ticket_id,
            }  # fmt: skip
            text = _("%(subject)s\n\n%(kind)s was due %(due_at)s and has not happened.\n\n%(link)s\n") % {
                "subject": clock.ticket.subject, "kind": clock.get_kind_display(),
                "due_at": date_format(timezone.localtime(clock.due_at), "j M Y H:i e"),
                "link": absolute("ticket", number=clock.ticket_id),
            }  # fmt: skip
        # Who was asked about a ticket sees their part of it, and nobody else's.
        asked = clock.referral_id
        item = NewsItem(
            kind="clock", key=f"escalation:{escalation.pk}:{person.pk}", title=title,
            ticket=None if asked else clock.ticket, about=f"referral:{asked}" if asked else "",
            url=reverse("referral", kwargs={"number": asked}) if asked else "",
            letter=OwnLetter(subject=subject, text=text, beside=clock.ticket),
        )  # fmt: skip
        inform(item=item, to=person, by=by, at=at)


def _people(clock: Clock, rung: Rung) -> list[User]:
    # Who is outside has no lead here: those of the ticket's department follow it up.
    theirs = clock.referral.department if clock.referral else None
    department = theirs or clock.ticket.department
    active = User.objects.filter(is_active=True)
    match rung.tell:
        case Rung.Tell.ASSIGNEE:
            person = None if theirs else clock.ticket.assignee
            return [person] if person else []
        case Rung.Tell.LEADS:
            return list(active.filter(department=department, role=Role.LEAD))
        case Rung.Tell.PERSON:
            return list(active.filter(pk=rung.person_id or 0))
        case Rung.Tell.ROLE:
            # Those of the ticket's department, and those of none: an administrator belongs to the whole company.
            near = Q(department=department) | Q(department=None)
            return list(active.filter(near, role=rung.role))
        case Rung.Tell.DEPARTMENT:
            return list(active.filter(department=rung.department_id, role=Role.LEAD))
    return [department.head] if department.head else []
