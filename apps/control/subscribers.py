"""What control does when it hears of something: one service each."""

from datetime import datetime

from apps.control import services
from apps.control.models import Clock
from apps.response.models import Call
from helpdesk.locales import as_read_by
from helpdesk.models import Direction, Event, Message, Ticket, User


def _ticket(event: Event) -> Ticket:
    if event.ticket is None:
        raise ValueError(f"{event} is about no ticket, so control has nothing to time.")
    return event.ticket


def lay_out_defaults(*, event: Event, by: User, at: datetime) -> None:
    _lay_out_for(event.by)


def _lay_out_for(founder: User) -> None:
    # Their names are those of whoever opened the house, to be changed by them.
    with as_read_by(founder):
        services.lay_out_defaults()


def start_clocks(*, event: Event, by: User, at: datetime) -> None:
    # The news that the house was opened may come after its first tickets; they are promised something all the same.
    if opened := Event.objects.owing().filter(kind="house.opened").select_related("by").first():
        _lay_out_for(opened.by)
    # From the event's own time: a worker that comes late must not give away the customer's minutes.
    services.start_clocks(ticket=_ticket(event), at=event.at)


def restart_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.restart_clocks(ticket=_ticket(event), at=event.at)


def pause_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.pause_clocks(ticket=_ticket(event), at=event.at)


def resume_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.resume_clocks(ticket=_ticket(event), at=event.at)


def hear_customer(*, event: Event, by: User, at: datetime) -> None:
    """The customer wrote again: they wait for the next reply. A machine's letter waits for nothing."""
    if not Message.objects.get(pk=event.data["message"]).is_automatic:
        services.start_clocks(ticket=_ticket(event), kinds=(Clock.Kind.NEXT_REPLY,), at=event.at)


def hear_arrived(*, event: Event, by: User, at: datetime) -> None:
    """Messages of another ticket came to this one: it is promised an answer since they came, and what of them is ours
    has kept promises."""
    ticket = _ticket(event)
    services.carry_promises(ticket=ticket, messages=event.data["messages"])
    arrived = list(Message.objects.filter(pk__in=event.data["messages"], ticket=ticket).order_by("at", "pk"))
    heard = [one for one in arrived if one.direction == Direction.IN and not one.is_automatic]
    if heard and ticket.opened_at == heard[0].at:
        services.start_clocks(ticket=ticket, at=ticket.opened_at)
    elif heard and not any(one.direction == Direction.OUT and one.at > heard[-1].at for one in arrived):
        services.start_clocks(ticket=ticket, kinds=(Clock.Kind.NEXT_REPLY,), at=heard[-1].at)
    for one in arrived:
        if one.direction == Direction.OUT:
            services.meet_clocks(ticket=ticket, message=one, at=one.at)


def hear_call(*, event: Event, by: User, at: datetime) -> None:
    """A call that reached the customer is the answer they wait for."""
    call = Call.objects.select_related("ticket").get(pk=event.data["call"])
    if call.is_answer:
        services.meet_by_call(call=call, by=event.by, at=event.at)


def reopen_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.start_clocks(ticket=_ticket(event), kinds=services.AGAIN, at=event.at)


def stop_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.stop_clocks(ticket=_ticket(event), at=event.at)


def cancel_clocks(*, event: Event, by: User, at: datetime) -> None:
    services.cancel_clocks(ticket=_ticket(event))


def restore_clocks(*, event: Event, by: User, at: datetime) -> None:
    """A merge was undone: what is open is promised again from here on; the time as a part of another is forgiven."""
    ticket = _ticket(event)
    if ticket.first_replied_at:
        services.start_clocks(ticket=ticket, kinds=services.AGAIN, at=event.at)
    else:
        services.start_clocks(ticket=ticket, at=event.at)


def chase(*, event: Event, by: User, at: datetime) -> None:
    """Whoever was asked is late: they are reminded."""
    clock = Clock.objects.select_related("referral__ticket").get(pk=event.data["clock"])
    if clock.referral is not None and clock.referral.is_open:
        services.chase_referral(referral=clock.referral, by=by, at=at)


def meet_clocks(*, event: Event, by: User, at: datetime) -> None:
    message = Message.objects.get(pk=event.data["message"])
    services.meet_clocks(ticket=_ticket(event), message=message, at=event.at)


def tie_promises(*, event: Event, by: User, at: datetime) -> None:
    """What was promised while an answer was written was said in it."""
    services.tie_promises(message=Message.objects.get(pk=event.data["message"]))


def unmeet_clocks(*, event: Event, by: User, at: datetime) -> None:
    message = Message.objects.get(pk=event.data["message"])
    services.unmeet_clocks(ticket=_ticket(event), message=message, at=at)


def plan_survey(*, event: Event, by: User, at: datetime) -> None:
    services.plan_survey(ticket=_ticket(event), at=event.at)


def tell_of_warning(*, event: Event, by: User, at: datetime) -> None:
    clock = Clock.objects.select_related("ticket__assignee", "ticket__department").get(pk=event.data["clock"])
    services.tell_of_warning(clock=clock, by=by, at=at)
