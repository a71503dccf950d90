"""Work handed to somebody else stays ours: who, by when, their answer, and the customer's word."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.control.clock import due_at
from apps.control.models import Clock, Referral
from apps.control.queries import policy_for
from apps.control.services.clocks import WARN_AFTER, show_most_pressing
from apps.output.services import NewsItem, OwnLetter, inform, send_notice
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.locales import as_read_by, as_written_to
from helpdesk.models import Department, Note, Status, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

# What a letter's link opens: the page of who was asked, or that of the customer.
ASKED, CUSTOMER = "apps.control.referral", "apps.control.referral-done"
VALID_FOR = timedelta(days=90)
CHASED_WITHIN = timedelta(hours=1)
# So long may a customer say nothing, before whoever asked is told.
SILENT = timedelta(days=3)
MAX_WHY, MAX_WORDS = 200, 500


class ReferralOpen(DomainError):
    """They have been asked about this ticket already and have not answered yet."""

    code = "referral-open"


class ReferralAnswered(DomainError):
    """This referral has been answered."""

    code = "referral-answered"


class ReferralClosed(DomainError):
    """This referral is closed, or has no answer yet that could be checked with the customer."""

    code = "referral-closed"


class ReferralLinkDead(DomainError):
    """This link does not open anything any more. Look for a newer letter, or write to us."""

    code = "link-expired"
    status = 404


@transaction.atomic
def refer(
    *,
    ticket: Ticket,
    department: Department | None = None,
    outside_name: str = "",
    outside_email: str = "",
    reference: str = "",
    question: str,
    by: User,
    at: datetime,
) -> Referral:
    """Ask another department, or somebody outside by letter, for their part of the work; the ticket waits for it and
    stays with us.

    Raises Invalid without a question, for nobody or the ticket's own department, ReferralOpen when they were asked.
    """
    require(by, "control.refer", ticket)
    ticket = held(ticket)
    if not question.strip():
        raise Invalid(_("Say what they should do or find out."), pointer="question")
    outside_name, outside_email = " ".join(outside_name.split())[:120], outside_email.strip().lower()
    _check_whom(ticket, department, outside_name, outside_email)
    referral = Referral.objects.create(
        ticket=ticket, department=department, outside_name=outside_name, outside_email=outside_email,
        reference=reference.strip()[:80], question=question.strip(), asked_by=by, asked_at=at,
    )  # fmt: skip
    _start_clock(referral, at=at)
    if ticket.is_open and ticket.status != Status.WAITING_OWNER:
        ticket.hold(Status.WAITING_OWNER, reason=f"Referred to {referral.whom}", by=by, at=at)
    events.record("referral.opened", ticket=ticket, by=by, at=at, data=_data(referral))
    _ask(referral, key=f"referral:{referral.pk}", by=by, at=at)
    return referral


def _check_whom(ticket: Ticket, department: Department | None, name: str, email: str) -> None:
    if department is None and not (name and email):
        raise Invalid(_("Choose a department, or give a name and an address outside."), pointer="department")
    if department is not None and (name or email):
        raise Invalid(_("Either a department or somebody outside, not both."), pointer="outside_name")
    if department is not None and department.pk == ticket.department_id:
        raise Invalid(_("The ticket is in this department already. Assign it instead."), pointer="department")
    same = Q(department=department) if department else Q(department=None, outside_email=email)
    if Referral.objects.filter(same, ticket=ticket, state=Referral.State.OPEN).exists():
        raise ReferralOpen


@transaction.atomic
def answer_referral(
    *, referral: Referral, answer: str, reference: str = "", answered_as: str = "", by: User, at: datetime
) -> Referral:
    """They answer: a note on the ticket, its clock met, the ticket back at work.

    `answered_as` names who answered by a letter's link. Raises Invalid without a text, ReferralAnswered.
    """
    require(by, "control.answer_referral", referral)
    referral = _locked(referral)
    if not answer.strip():
        raise Invalid(_("Write the answer."), pointer="answer")
    if referral.state != Referral.State.OPEN:
        raise ReferralAnswered
    referral.state, referral.answer = Referral.State.ANSWERED, answer.strip()
    referral.answered_by, referral.answered_at, referral.answered_as = by, at, answered_as[:120]
    referral.reference = reference.strip()[:80] or referral.reference
    referral.save(update_fields=["state", "answer", "answered_by", "answered_at", "answered_as", "reference"])
    _meet_clock(referral, at=at)
    ticket = referral.ticket
    Note.add(ticket=ticket, body=f"{referral.whom} answers: {referral.answer}", by=by, at=at)
    if ticket.status == Status.WAITING_OWNER:
        ticket.begin(by=by, at=at)
    events.record("referral.answered", ticket=ticket, by=by, at=at, data=_data(referral))
    _tell_of_answer(referral, by=by, at=at)
    return referral


def _tell_of_answer(referral: Referral, *, by: User, at: datetime) -> None:
    person = referral.asked_by
    if person.pk == by.pk:
        return
    with as_read_by(person):
        title = _("%(whom)s answers.") % {"whom": referral.whom}
    key = f"referral:{referral.pk}:answered:{person.pk}"
    item = NewsItem(kind="referral", key=key, title=title, ticket=referral.ticket)
    inform(item=item, to=person, by=by, at=at)


@transaction.atomic
def close_referral(
    *, referral: Referral, customer_confirmed: bool | None, why: str = "", by: User, at: datetime
) -> Referral:
    """We asked the customer whether it is done, or say why we do not.

    Raises ReferralClosed unless there is an answer to check, Invalid without the customer's word and without a reason.
    """
    require(by, "control.refer", referral.ticket)
    referral = _locked(referral)
    why = " ".join(why.split())[:MAX_WHY]
    if customer_confirmed is None and not why:
        raise Invalid(_("Ask the customer first, or say why not."), pointer="why")
    # What nobody needs any more is closed without an answer, for a reason.
    if referral.state == Referral.State.CLOSED or (referral.is_open and customer_confirmed is not None):
        raise ReferralClosed
    if referral.is_open:
        _meet_clock(referral, at=at)
    if customer_confirmed is not None:
        referral.customer_confirmed = customer_confirmed
    referral.closed_why = why
    _close(referral, by=by, at=at)
    return referral


def _close(referral: Referral, *, by: User, at: datetime) -> None:
    referral.state, referral.closed_at = Referral.State.CLOSED, at
    referral.save(update_fields=["state", "customer_confirmed", "customer_words", "closed_at", "closed_why"])
    events.record("referral.closed", ticket=referral.ticket, by=by, at=at, data=_data(referral))


@transaction.atomic
def check_with_customer(*, referral: Referral, by: User, at: datetime) -> Referral:
    """Ask the customer by letter whether it is done; the letter leads to a page with two buttons.

    Raises ReferralClosed unless there is an answer, Invalid where the customer has no address.
    """
    require(by, "control.refer", referral.ticket)
    referral = _locked(referral)
    if referral.state != Referral.State.ANSWERED:
        raise ReferralClosed
    email = referral.ticket.customer.email
    if not email:
        raise Invalid(_("This customer has no address: ask them by phone."))
    referral.checked_at, referral.unconfirmed_at, referral.customer_confirmed = at, None, None
    referral.save(update_fields=["checked_at", "unconfirmed_at", "customer_confirmed"])
    events.record("referral.checked", ticket=referral.ticket, by=by, at=at, data=_data(referral))
    with as_written_to(referral.ticket.customer, language=referral.ticket.language):
        _write_to_customer(referral, email, by=by, at=at)
    return referral


def _write_to_customer(referral: Referral, email: str, *, by: User, at: datetime) -> None:
    text = _(
        "%(who)s tells us that this is done:\n\n%(subject)s\n\nIs it? One press tells us:\n%(link)s\n"
    ) % {
        "who": referral.whom, "subject": referral.ticket.subject,
        "link": absolute("referral_done", key=referral_key(referral=referral, salt=CUSTOMER)),
    }  # fmt: skip
    send_notice(
        to=email, subject=_("Is it done? %(subject)s") % {"subject": referral.ticket.subject[:150]}, text=text,
        ticket=referral.ticket, key=f"referral:{referral.pk}:check:{at:%Y%m%d%H%M}", by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def hear_customer_on_referral(
    *, referral: Referral, is_done: bool, words: str = "", by: User, at: datetime
) -> Referral:
    """The customer says whether it is done: yes closes it, no comes back to whoever asked. Raises ReferralClosed."""
    require(by, "control.refer", referral.ticket)
    referral = _locked(referral)
    if referral.state != Referral.State.ANSWERED:
        raise ReferralClosed
    referral.customer_confirmed, referral.customer_words = is_done, " ".join(words.split())[:MAX_WORDS]
    if is_done:
        _close(referral, by=by, at=at)
        return referral
    referral.save(update_fields=["customer_confirmed", "customer_words"])
    events.record("referral.doubted", ticket=referral.ticket, by=by, at=at, data=_data(referral))
    with as_read_by(referral.asked_by):
        said = _("The customer says that it is not done: %(whom)s.") % {"whom": referral.whom}
    _tell_asker(referral, f"{said}\n\n{referral.customer_words}".strip(), "doubted", by=by, at=at)
    return referral


@transaction.atomic
def chase_referral(*, referral: Referral, by: User, at: datetime) -> bool:
    """Remind who was asked, within the hour once. Returns whether a letter left; raises ReferralAnswered."""
    require(by, "control.refer", referral.ticket)
    referral = _locked(referral)
    if not referral.is_open:
        raise ReferralAnswered
    if referral.chased_at is not None and referral.chased_at > at - CHASED_WITHIN:
        return False
    referral.chased_at = at
    referral.save(update_fields=["chased_at"])
    _ask(referral, key=f"referral:{referral.pk}:chase:{at:%Y%m%d%H%M}", again=True, by=by, at=at)
    events.record("referral.chased", ticket=referral.ticket, by=by, at=at, data=_data(referral))
    return True


def mind_silent_customers(*, by: User, at: datetime) -> int:
    """Tell whoever asked that the customer said nothing; each once. Raises the faults once each had its turn."""
    silent = Referral.objects.filter(
        state=Referral.State.ANSWERED,
        checked_at__lte=at - SILENT,
        unconfirmed_at=None,
        customer_confirmed=None,
    )
    return sum(each(silent.values_list("pk", flat=True), lambda number: _mind(number, by=by, at=at)))


@transaction.atomic
def _mind(number: int, *, by: User, at: datetime) -> bool:
    rows = Referral.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    referral = rows.filter(pk=number, state=Referral.State.ANSWERED, unconfirmed_at=None).first()
    if referral is None:
        return False
    referral.unconfirmed_at = at
    referral.save(update_fields=["unconfirmed_at"])
    events.record("referral.unconfirmed", ticket=referral.ticket, by=by, at=at, data=_data(referral))
    with as_read_by(referral.asked_by):
        said = _(
            "The customer has not said whether it is done: %(whom)s. Call them, or close it with a reason."
        )
        said %= {"whom": referral.whom}
    _tell_asker(referral, said, "unconfirmed", by=by, at=at)
    return True


def _tell_asker(referral: Referral, text: str, what: str, *, by: User, at: datetime) -> None:
    person, ticket = referral.asked_by, referral.ticket
    if person.is_active and not person.is_machine and ticket.is_visible_to(person):
        subject = f"#{ticket.pk}: {ticket.subject}"[:200]
        item = NewsItem(
            kind="referral", key=f"referral:{referral.pk}:{what}:{at:%Y%m%d%H%M}", title=text.partition("\n")[0],
            ticket=ticket,
            letter=OwnLetter(subject=subject, text=f"{text}\n\n{absolute('ticket', number=ticket.pk)}\n"),
        )  # fmt: skip
        inform(item=item, to=person, by=by, at=at)


# --- links


def referral_key(*, referral: Referral, salt: str = ASKED) -> str:
    """What a letter's link holds: it names the referral, and is signed for one of two pages."""
    return signing.dumps({"referral": referral.pk}, salt=salt)


def referral_by_key(*, key: str, salt: str = ASKED) -> Referral:
    """The referral behind a link of a letter. Raises ReferralLinkDead."""
    try:
        number = int(signing.loads(key, salt=salt, max_age=VALID_FOR)["referral"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise ReferralLinkDead from error
    related = Referral.objects.select_related("ticket__customer", "department", "asked_by")
    row = related.filter(pk=number).first()
    if row is None:
        raise ReferralLinkDead
    return row


def _locked(referral: Referral) -> Referral:
    # The ticket first, as everywhere: one order of locks, no deadlock.
    Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.ticket_id)
    return held(referral, "ticket__customer", "department", "asked_by", "answered_by")


def _data(referral: Referral) -> dict[str, object]:
    return {
        "referral": referral.pk, "department": referral.department_id, "outside": referral.outside_name,
        "state": referral.state, "customer_confirmed": referral.customer_confirmed, "why": referral.closed_why,
    }  # fmt: skip


def _start_clock(referral: Referral, *, at: datetime) -> None:
    policy = policy_for(referral.ticket)
    if policy is None or policy.referral_minutes is None:
        return
    hours = policy.calendar.hours(around=at.date())
    Clock.objects.create(
        ticket=referral.ticket, referral=referral, policy=policy, kind=Clock.Kind.REFERRAL,
        minutes=policy.referral_minutes, started_at=at, due_at=due_at(at, policy.referral_minutes, hours),
        warn_at=due_at(at, policy.referral_minutes * WARN_AFTER, hours),
    )  # fmt: skip
    show_most_pressing(referral.ticket)


def _meet_clock(referral: Referral, *, at: datetime) -> None:
    for clock in Clock.objects.unmet().filter(referral=referral):
        late = clock.breached_at is not None or (clock.due_at is not None and clock.due_at < at)
        clock.state = Clock.State.MET_LATE if late else Clock.State.MET
        clock.met_at, clock.next_rung_at = at, None
        clock.save(update_fields=["state", "met_at", "next_rung_at"])
    show_most_pressing(referral.ticket)


def _ask(referral: Referral, *, key: str, again: bool = False, by: User, at: datetime) -> None:
    """Write to whoever is outside, to the department's address, or to its head; the answer needs no account."""
    ticket, department = referral.ticket, referral.department
    address = referral.outside_email
    if department is not None:
        address = department.email or (department.head.email if department.head else "")
    if not address:
        return
    head = department.head if department else None
    # To whom no language is known it is written in that of whoever asks, as the question is.
    with as_read_by(head or referral.asked_by):
        subject, text = _question(referral, again=again)
    if head is not None:
        # Where the department has an address of its own the letter goes there, and its head finds it in the pages.
        _tell_head(referral, head, subject, "" if address != head.email else text, key=key, by=by, at=at)
    if head is None or address != head.email:
        send_notice(to=address, subject=subject, text=text, ticket=ticket, key=key, by=by, at=at)


def _question(referral: Referral, *, again: bool) -> tuple[str, str]:
    """Subject and text of the letter; who is outside learns what is asked of them, and nothing else of the customer."""
    ticket, department = referral.ticket, referral.department
    named = {"who": referral.asked_by.name, "number": ticket.pk, "subject": ticket.subject}
    subject = _("Your part of #%(number)s: %(subject)s") if department else _("Your part of #%(number)s")
    about = (
        _("%(who)s asks about #%(number)s (%(subject)s):")
        if department
        else _("%(who)s asks about #%(number)s:")
    )
    parts = [about % named, referral.question]
    if referral.reference:
        parts.append(_("Your number: %(reference)s") % {"reference": referral.reference})
    parts.append(
        _("Answer here: %(link)s") % {"link": absolute("answer_by_link", key=referral_key(referral=referral))}
    )
    if department is not None:
        parts.append(_("Or signed in: %(link)s") % {"link": absolute("referral", number=referral.pk)})
    said = subject % named
    return (_("Reminder: %(subject)s") % {"subject": said} if again else said)[:200], "\n\n".join(
        parts
    ) + "\n"


def _tell_head(
    referral: Referral, head: User, subject: str, text: str, *, key: str, by: User, at: datetime
) -> None:
    with as_read_by(head):
        title = _("%(who)s asks your department about #%(number)s.") % {
            "who": referral.asked_by.name, "number": referral.ticket_id,
        }  # fmt: skip
    item = NewsItem(
        kind="referral", key=key if text else f"{key}:{head.pk}", title=title,
        about=f"referral:{referral.pk}", url=reverse("referral", kwargs={"number": referral.pk}),
        letter=OwnLetter(subject=subject, text=text, beside=referral.ticket) if text else None, by_mail=bool(text),
    )  # fmt: skip
    inform(item=item, to=head, by=by, at=at)
