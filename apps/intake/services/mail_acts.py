"""What follows from a mail that was read: a ticket, a customer's words, a colleague's answer, a bounce."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from apps.intake import queries
from apps.intake.bounce import Bounce
from apps.intake.files import MAX_FILES, File, keep_files
from apps.intake.mail import Address, Letter
from apps.intake.mail.trim import trim_text
from apps.intake.models import InboundMail
from apps.intake.screening import Kind, Screening
from apps.intake.services.contact import Contact
from apps.intake.services.follow_up import follow_up
from apps.intake.services.open_ticket import open_ticket
from apps.intake.services.side_letters import receive_side_letter
from apps.intake.threads import Thread, find_side, find_thread
from helpdesk import events
from helpdesk.models import Channel, Department, Message, Note, SideConversation, User
from helpdesk.permissions import may, require
from helpdesk.sentences import Value, Words, in_a_row, said

MOST_DEFECTS = 20  # named with a mail
NEVER_READ = "The text of this mail could not be read. The original is attached."


@dataclass(frozen=True, slots=True)
class Told:
    """A letter, the mailbox it reached, and what screening said of it."""

    letter: Letter
    mailbox: Department | None
    verdict: Screening


def mailbox_of(*, mail: InboundMail) -> Department | None:
    """The department whose address the mailbox has."""
    return Department.objects.filter(email__iexact=mail.mailbox).first()


def act_on(*, mail: InboundMail, told: Told, restored: bool, by: User, at: datetime) -> None:
    """Make of a letter what its thread, its sender and its kind ask for. What is refused raises DomainError."""
    letter = told.letter
    if letter.sender is None and not restored:
        mail.quarantine(said("It names no sender, so nobody could be answered."), by=by, at=at)
        return
    if (side := find_side(letter)) is not None:
        _side_answers(mail, told, side, by=by, at=at)
        return
    thread = find_thread(letter)
    colleague = _colleague(letter.sender)
    if thread is not None and colleague is not None and not thread.is_customer(letter.sender):
        _colleague_answers(mail, told, thread, colleague, restored=restored, by=by, at=at)
    elif not told.verdict.consequence.counts_as_answer:
        _machine_answers(mail, told, thread, by=by, at=at)
    elif thread is not None:
        mail.take(_follow_up(told, thread, by=by, at=at))
    else:
        mail.take(_open(mail, told, by=by, at=at), reason=_what_was_odd(told))


def report_bounce(*, mail: InboundMail, told: Told, bounce: Bounce, by: User, at: datetime) -> None:
    """Our mail came back: told as `mail.bounced`, on the ticket that our own id inside it names."""
    thread = find_thread(
        told.letter, also=(bounce.original_message_id,) if bounce.original_message_id else ()
    )
    data = {
        "mail": mail.pk,
        "recipients": list(bounce.recipients[:20]),
        "permanence": bounce.permanence.value,
        "status": bounce.status,
        "diagnosis": bounce.diagnosis,
        "message_id": bounce.original_message_id,
    }
    ticket = thread.ticket if thread else None
    about = "" if ticket else f"mail:{mail.pk}"
    events.record("mail.bounced", ticket=ticket, about=about, by=by, at=at, data=data)
    mail.note_report(ticket, reason=told.verdict.reason)


def _side_answers(mail: InboundMail, told: Told, side: SideConversation, *, by: User, at: datetime) -> None:
    """Whoever answers in a side conversation writes to us alone, even where it is the customer, or a colleague."""
    letter = told.letter
    if told.verdict.kind is Kind.SPAM:
        mail.screen_out(told.verdict.reason, by=by, at=at)
        return
    words = trim_text(letter.text).visible or letter.text
    kept = receive_side_letter(
        side=side,
        sender_name=letter.sender.name if letter.sender else "",
        sender_email=letter.sender.key if letter.sender else "",
        body=words if words.strip() or letter.attachments else NEVER_READ,
        attachments=_files(letter),
        message_id=_ids(letter).get("message_id"),
        is_automatic=not told.verdict.consequence.counts_as_answer,
        by=by,
        at=at,
    )
    if kept is None:
        mail.note_duplicate(ticket_id=side.ticket_id, reason=said("It is in the side conversation already."))
    else:
        answer = said("An answer in the side conversation “%(subject)s”.", subject=side.subject)
        mail.note_report(side.ticket, reason=answer)


def _machine_answers(mail: InboundMail, told: Told, thread: Thread | None, *, by: User, at: datetime) -> None:
    """Out of office and the like: kept where it belongs, and no answer of the customer."""
    if thread is None or told.verdict.kind is Kind.SPAM:
        mail.screen_out(told.verdict.reason, by=by, at=at)
    else:
        mail.take(_follow_up(told, thread, by=by, at=at, is_automatic=True), reason=told.verdict.reason)


def _colleague_answers(
    mail: InboundMail, told: Told, thread: Thread, colleague: User, *, restored: bool, by: User, at: datetime
) -> None:
    """A colleague's mail program: an answer to a mail the customer had too goes to the customer, an answer to a
    notice of ours stays among us. Both need our signature and a mail server's word, without which anybody who was
    sent or forwarded one of our mails could write in a colleague's name. A person who restores it stands in for
    the word, not for the signature: without that it is kept as words of whoever sent it."""
    words = trim_text(told.letter.text).visible
    if not thread.is_proven:
        if restored:
            mail.take(_follow_up(told, thread, by=by, at=at))
        else:
            reason = said(
                "It is written in the name of %(name)s, without the reference that only our mail carries.",
                name=colleague.name,
            )
            mail.quarantine(reason, by=by, at=at)
    elif not told.verdict.consequence.counts_as_answer:
        mail.screen_out(told.verdict.reason, by=by, at=at)
    elif not restored and not _is_vouched_for(told.letter):
        unproven = said(
            "It is written in the name of %(name)s, and no mail server we trust vouches for the sender "
            "(TRUSTED_MAIL_SERVERS).",
            name=colleague.name,
        )
        mail.quarantine(in_a_row([unproven, _what_restoring_does(thread, colleague)]), by=by, at=at)
    elif _goes_to_the_customer(thread, colleague):
        require(colleague, "response.reply", thread.ticket)
        message = Message.write(
            ticket=thread.ticket, body=words, by=colleague, at=at, channel=Channel.EMAIL,
            in_reply_to=_ids(told.letter)["in_reply_to"],
        )  # fmt: skip
        keep_files(message, _files(told.letter))
        mail.take(message, reason=_what_was_odd(told))
        thread.ticket.note_first_reply(at=at)
    else:
        require(colleague, "response.note", thread.ticket)
        note = Note.add(ticket=thread.ticket, body=words or NEVER_READ, by=colleague, at=at)
        keep_files(note, _files(told.letter))
        kept = said("Kept as note %(note)s: it answers a notice that stays among us.", note=note.pk)
        mail.note_report(thread.ticket, reason=kept)


def _goes_to_the_customer(thread: Thread, colleague: User) -> bool:
    return thread.answers_public and may(colleague, "response.reply")


def _what_restoring_does(thread: Thread, colleague: User) -> Words:
    named: dict[str, Value] = {"number": thread.ticket.pk, "name": colleague.name}
    if _goes_to_the_customer(thread, colleague):
        return said("Restored, it goes to the customer of ticket #%(number)s as %(name)s's answer.", **named)
    return said("Restored, it becomes %(name)s's note on ticket #%(number)s, which only we see.", **named)


def _is_vouched_for(letter: Letter) -> bool:
    """Whether our own mail server found the sender to be who they say. Only the topmost verdict counts: what stands
    below came with the letter."""
    verdict = next(iter(letter.header_values("authentication-results")), "")
    server, _, results = verdict.lower().partition(";")
    trusted = {name.lower() for name in settings.TRUSTED_MAIL_SERVERS}
    return server.strip().split(" ")[0] in trusted and "dmarc=pass" in results


def _follow_up(told: Told, thread: Thread, *, by: User, at: datetime, is_automatic: bool = False) -> Message:
    letter = told.letter
    return follow_up(
        ticket=thread.ticket,
        body=letter.text if letter.text.strip() or letter.attachments else NEVER_READ,
        sender=_contact(letter.sender) if letter.sender else None,
        channel=Channel.EMAIL,
        html=letter.html,
        attachments=_files(letter),
        cc=[] if is_automatic else _copied(letter),
        is_automatic=is_automatic,
        by=by,
        at=at,
        **_ids(letter),
    )


def _open(mail: InboundMail, told: Told, *, by: User, at: datetime) -> Message:
    letter = told.letter
    nothing_readable = bool(letter.unreadable) or not (
        letter.text.strip() or letter.subject or letter.attachments
    )
    files = _files(letter)
    if nothing_readable:
        files = [File("original.eml", "message/rfc822", bytes(mail.raw)[: settings.ATTACHMENT_MAX_BYTES])]
    sender = letter.sender or Address("Unknown sender", "")
    ticket = open_ticket(
        subject=letter.subject or ("(no subject)" if not letter.text.strip() else ""),
        body=letter.text or (NEVER_READ if nothing_readable else ""),
        customer=_contact(sender),
        department=told.mailbox or _addressed(letter),
        channel=Channel.EMAIL,
        occurred_at=min(letter.date, at),
        html=letter.html,
        attachments=files,
        cc=_copied(letter),
        is_automatic=not told.verdict.consequence.may_be_answered_automatically,
        by=by,
        at=at,
        **_ids(letter),
    )
    ticket.customer.mark_deliverable(sender.key)
    return ticket.messages.get()


def _addressed(letter: Letter) -> Department | None:
    """The department whose address stands in To or Cc: one mailbox may serve several."""
    addresses = [address.key for address in (*letter.to, *letter.cc)][:50]
    return Department.objects.filter(email__in=addresses).order_by("pk").first() if addresses else None


def _colleague(sender: Address | None) -> User | None:
    if sender is None:
        return None
    user = User.objects.filter(email=sender.key, is_active=True).first()
    return user if user is not None and user.is_staff_member else None


def _contact(address: Address) -> Contact:
    return Contact(email=address.email[:254], name=address.name[:200])


def _copied(letter: Letter) -> list[Contact]:
    """Who else got it. Our own addresses would send our mail back to us; colleagues read it here."""
    others = [address for address in (*letter.to, *letter.cc) if len(address.email) <= 254]
    own = queries.own_addresses()
    colleagues = set(
        User.objects.filter(email__in=[one.key for one in others], is_active=True).values_list(
            "email", flat=True
        )
    )
    return [_contact(one) for one in others if one.key not in own and one.key not in colleagues]


def _files(letter: Letter) -> list[File]:
    """All of them up to the cap; what lies beyond it is in the raw mail."""
    fitting = [one for one in letter.attachments if len(one.content) <= settings.ATTACHMENT_MAX_BYTES]
    return [File(one.name, one.content_type, one.content, one.content_id) for one in fitting[:MAX_FILES]]


def _ids(letter: Letter) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if 0 < len(letter.message_id) <= 400:
        found["message_id"] = letter.message_id
    last = next(iter((*letter.in_reply_to, *reversed(letter.references))), "")
    return found | {"in_reply_to": last[:400]}


def _what_was_odd(told: Told) -> Words:
    whole = len(_files(told.letter)) == len(told.letter.attachments)
    left_out = [] if whole else [said("some files are only in the original")]
    return in_a_row([*left_out, *told.letter.defects[:MOST_DEFECTS]], "; ")
