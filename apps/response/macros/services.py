"""Macros are kept, used and taken back."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.intake.custom_fields.checking import definitions
from apps.response import acting, macros
from apps.response.acting import Act, Done
from apps.response.acting.nouns import ME
from apps.response.models import Macro, MacroUse, Then
from apps.response.queries.ticket import macro_facts
from apps.response.services.answer import reply
from apps.response.services.notices import notify_customer
from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Department, Message, Role, Status, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.signing import signed

SHARE = "response.share_macros"
STATES = frozenset({"hold", "status", "solve", "reopen"})
# What a ticket needs before it is solved comes before the answer that solves it.
FIRST = frozenset({"fill", "classify", "also", "product"})
# What "after it" means where no reply takes it along.
STATE_OF: dict[str, tuple[Act, ...]] = {
    Then.WAIT: (Act("hold", Status.WAITING_CUSTOMER.value),),
    Then.SOLVE: (Act("solve"),),
}


class NotUsable(Invalid):
    """This macro is not in use here any more. Remove it and choose another."""

    code = "macro-not-usable"


class NotFilled(Invalid):
    """Something that the macro's text speaks of is not known on this ticket."""

    code = "macro-not-filled"


# --- kept -------------------------------------------------------------------------------------------------


@transaction.atomic
@signed
def save_macro(
    *,
    name: str,
    body: str = "",
    then: str = Then.STAY,
    acts: Sequence[Act] = (),
    department: Department | None = None,
    is_own: bool = False,
    is_active: bool = True,
    macro: Macro | None = None,
    by: User,
    at: datetime,
) -> Macro:
    """Make a macro, or change one: shared with everybody or a department, or of this person alone.

    Raises Invalid for a field nobody can fill, a macro that does nothing or says twice what becomes of the ticket, and
    a name that is taken; NotFound for somebody else's own.
    """
    require(by, "response.reply" if is_own else SHARE)
    if macro is not None:
        _check_mine(macro, by)
    _check_body(body)
    _check_acts(body, then, acts)
    if is_own and department is not None:
        raise Invalid(_("Your own macros work in every department: choose none."), pointer="department")
    macro = macro or Macro()
    macro.name, macro.body, macro.then = name.strip(), body, Then(then)
    macro.acts = [acting.written(act) for act in acts]
    macro.department, macro.owner, macro.is_active = department, by if is_own else None, is_active
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise Invalid(
            _("There is a macro named “%(name)s” already.") % {"name": macro.name}, pointer="name"
        ) from error
    return macro


def _check_mine(macro: Macro, by: User) -> None:
    if macro.owner_id is None:
        require(by, SHARE)
    elif macro.owner_id != by.pk:
        raise NotFound


def _check_body(body: str) -> None:
    if unknown := macros.unknown_fields(body):
        near = macros.nearest(unknown[0])
        meant = _(" Did you mean %(near)s?") % {"near": near} if near else ""
        raise Invalid(
            _("Unknown field: %(names)s.%(meant)s Known: %(known)s.")
            % {"names": ", ".join(unknown), "meant": meant, "known": ", ".join(macros.FIELDS)},
            pointer="body",
        )
    if own := macros.own_fields_in(body):
        keys = {one.key for one in definitions()}
        if strange := [macros.OWN + key for key in own if key not in keys]:
            told = ", ".join(macros.OWN + key for key in sorted(keys))
            raise Invalid(
                _("Unknown field: %(names)s.%(meant)s Known: %(known)s.")
                % {"names": ", ".join(strange), "meant": "", "known": told},
                pointer="body",
            )
    if macros.is_open(body):
        raise Invalid(
            _("Two braces are left over. A field reads {{ customer.first_name|there }}."), pointer="body"
        )


def _check_acts(body: str, then: str, acts: Sequence[Act]) -> None:
    if not body.strip() and not acts:
        raise Invalid(_("Write a text, or choose what it does."), pointer="body")
    if body.strip() and any(act.name in STATES for act in acts):
        raise Invalid(_("With a text, “After it” says what becomes of the ticket."), pointer="acts")
    if then and not body.strip():
        raise Invalid(_("There is no text to send: choose the state among what it does."), pointer="then")
    known = acting.look_up(acts)
    for act in acts:
        acting.check_there(act, known)


@transaction.atomic
@signed
def retire_macro(*, macro: Macro, by: User, at: datetime) -> Macro:
    """It is offered no more; what was done with it stays. Raises NotFound for somebody else's own."""
    require(by, "response.reply")
    _check_mine(macro, by)
    macro.is_active = False
    macro.save(update_fields=["is_active"])
    return macro


# --- used -------------------------------------------------------------------------------------------------


@transaction.atomic
def reply_using(
    *, ticket: Ticket, macro: Macro | None, then: str = "", by: User, at: datetime, **answer: Any
) -> Message:
    """Answer the customer, with what the chosen macro does besides: all of it, or none.

    Without a state of its own the answer takes the macro's. Raises NotUsable, and whatever `reply` and the acts raise.
    """
    if macro is None:
        return reply(ticket=ticket, then=then, by=by, at=at, **answer)
    _check_usable(macro, ticket, by)
    done = _do(macro, ticket, FIRST, by=by, at=at)
    message = reply(ticket=ticket, then=then or macro.then, by=by, at=at, **answer)
    _act(macro, ticket, message, done, by=by, at=at)
    return message


@transaction.atomic
def apply_macro(*, ticket: Ticket, macro: Macro, by: User, at: datetime) -> MacroUse:
    """Send its text as it stands, filled for this ticket, and do its acts: all of it, or none.

    A rule's words are a notice, since nobody has answered. Raises NotUsable, NotFilled where something is missing, and
    whatever `reply`, `notify_customer` and the acts raise.
    """
    require(by, "response.view", ticket)
    _check_usable(macro, ticket, by)
    if by.role == Role.SYSTEM:
        return _run_by_rule(macro, ticket, by, at)
    message, done = None, _do(macro, ticket, FIRST, by=by, at=at)
    if macro.body.strip():
        filled = macros.fill(macro.body, macro_facts(ticket, by))
        if filled.missing:
            raise NotFilled(
                _("Not known on this ticket: %(names)s. Write the answer by hand.")
                % {"names": ", ".join(filled.missing)},
                pointer="macro",
            )
        message = reply(ticket=ticket, body=filled.text, then=macro.then, by=by, at=at)
    return _act(macro, ticket, message, done, by=by, at=at)


def _run_by_rule(macro: Macro, ticket: Ticket, by: User, at: datetime) -> MacroUse:
    check_for_rules(macro=macro, department=ticket.department)
    message, done = None, _do(macro, ticket, FIRST, by=by, at=at)
    if macro.body.strip():
        message = notify_customer(ticket=ticket, text=macro.body, by=by, at=at)
    return _act(macro, ticket, message, done, by=by, at=at, also=STATE_OF.get(macro.then, ()))


def check_for_rules(*, macro: Macro, department: Department | None) -> None:
    """A rule of a department, or of the whole desk, may use it. Raises NotUsable that says why not."""
    if macro.owner_id is not None:
        raise NotUsable(_("This macro is one person’s own: choose one that is shared."), pointer="macro")
    if macro.department_id not in (None, department.pk if department else None):
        raise NotUsable(_("This macro is another department’s."), pointer="macro")
    if any(act.get("value") == ME for act in macro.acts):
        raise NotUsable(_("A rule is nobody, and this macro says “me”."), pointer="macro")


def _check_usable(macro: Macro, ticket: Ticket, by: User) -> None:
    if not Macro.objects.usable_in(ticket.department_id, by=by).filter(pk=macro.pk).exists():
        raise NotUsable(pointer="macro")


def _act(
    macro: Macro,
    ticket: Ticket,
    message: Message | None,
    first: Sequence[Done],
    *,
    by: User,
    at: datetime,
    also: Sequence[Act] = (),
) -> MacroUse:
    done = [*first, *_do(macro, ticket, acting.kinds().keys() - FIRST, by=by, at=at, also=also)]
    kept = [acting.written(one) for one in done]
    return MacroUse.objects.create(macro=macro, ticket=ticket, message=message, by=by, at=at, done=kept)


def _do(
    macro: Macro,
    ticket: Ticket,
    names: AbstractSet[str],
    *,
    by: User,
    at: datetime,
    also: Sequence[Act] = (),
) -> list[Done]:
    wanted = acting.read_acts(macro.acts) if macro.acts else ()
    acts = [*(act for act in wanted if act.name in names), *also]
    return acting.perform(ticket=held(ticket), acts=acts, by=by, at=at) if acts else []


@transaction.atomic
def take_back_use(*, message: Message, by: User, at: datetime) -> None:
    """The answer was taken back: so is what its macro did, as far as nobody changed it since."""
    require(by, "response.reply", message.ticket)
    for use in MacroUse.objects.filter(message=message):
        acting.undo(done=acting.read_done(use.done), by=by, at=at)
        use.delete()


def unfolded(*, acts: Sequence[Act], by: User, at: datetime) -> tuple[Act, ...]:
    """For many tickets: a macro that has acts alone stands for them, so that each can be undone by itself.

    Raises NotUsable for somebody else's own.
    """
    numbers = [act.value for act in acts if act.name == "macro" and isinstance(act.value, int)]
    silent = Macro.objects.filter(pk__in=numbers, body="", is_active=True, department=None)
    meant = {one.pk: one for one in silent}
    wanted: list[Act] = []
    for act in acts:
        macro = meant.get(act.value) if act.name == "macro" and isinstance(act.value, int) else None
        if macro is None:
            wanted.append(act)
            continue
        if macro.owner_id not in (None, by.pk):
            raise NotUsable(pointer="acts")
        MacroUse.objects.create(macro=macro, by=by, at=at)
        wanted += acting.read_acts(macro.acts)
    return tuple(wanted)
