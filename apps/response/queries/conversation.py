"""What was said on a ticket, messages and notes in one line of time, with what happened between them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.intake.mail.html import sanitise
from apps.intake.mail.signature import part_signature, part_signature_html
from apps.intake.mail.trim import Trimmed, trim_html, trim_text
from apps.intake.uploads import SHOWN_INLINE
from apps.response.calls.words import call_sentence
from helpdesk.errors import NotFound
from helpdesk.models import Attachment, Channel, Direction, Event, Message, Note, Ticket, User

MAX_ENTRIES = 200
LONG_LINES, LONG_TEXT = 40, 4_000
_WORD, _CONDITION = re.compile(r"\w{2,}"), re.compile(r"-?[\w.-]+:(?:\"[^\"]*\"?|\S*)")
_TAG, _BLOCK = re.compile(r"<[^<>]*>"), re.compile(r"<(?:br|p|div|li|tr|h\d)\b", re.IGNORECASE)
_CID = re.compile(r'src="cid:([^"]{1,500})"', re.IGNORECASE)
_CHANNELS = dict(Channel.choices)
TOLD = {
    "ticket.assigned": _("assigned the ticket"),
    "ticket.moved": _("moved the ticket to another department"),
    "ticket.held": _("put the ticket on hold"),
    "ticket.resolved": _("solved the ticket"),
    "ticket.reopened": _("reopened the ticket"),
    "ticket.closed": _("closed the ticket"),
    "ticket.merged": _("merged the ticket into another"),
    "ticket.unmerged": _("undid the merge of this ticket"),
    "messages.moved": _("moved messages to another ticket"),
    "messages.arrived": _("moved messages here from another ticket"),
    "side.written": _("wrote to somebody else"),
    "side.withdrawn": _("took a letter to somebody else back"),
    "side.received": _("An answer came"),
    "call.logged": _("logged a call"),
    "clock.breached": _("A clock ran out"),
    "clock.corrected": _("A clock that ran out was kept after all"),
}


@dataclass(frozen=True)
class Body:
    """Words to show: safe HTML or plain text, with what only repeats earlier mail, and signatures, folded away.

    What is `long` is shown in part at first. `sought`: the words somebody looks for stand in what would be folded.
    """

    html: SafeString | None
    text: str
    quoted_html: SafeString | None
    quoted_text: str
    signature_html: SafeString | None = None
    signature_text: str = ""
    long: bool = False
    sought: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing on the conversation's line of time."""

    kind: str  # message, note or event
    at: datetime
    pk: int = 0
    author: str = ""
    by_us: bool = False
    channel: str = ""
    body: Body | None = None
    files: tuple[Attachment, ...] = ()
    is_automatic: bool = False
    is_withdrawn: bool = False
    is_thanks: bool = False  # a mere thank-you: it opened nothing
    is_refused: bool = False  # it came too late for the ticket
    cc: tuple[str, ...] = ()  # who was copied by name
    can_be_told: bool = False  # an outgoing message: the next point tells how its delivery goes
    text: str = ""


@dataclass(frozen=True)
class Conversation:
    entries: tuple[Entry, ...]
    # The newest message a person wrote; a reply says that its author had seen it.
    seen: int
    left_out: int


def conversation(ticket: Ticket, *, people: dict[int, str], sought: str = "") -> Conversation:
    """Four queries: messages, notes, their files, and the events worth a line. The newest 200 entries.

    What holds words that are `sought` is folded nowhere.
    """
    stems = _stems(sought)
    messages = list(ticket.messages.select_related("author", "customer").order_by("-pk")[:MAX_ENTRIES])
    notes = list(ticket.notes.select_related("author").order_by("-pk")[:MAX_ENTRIES])
    files = _files(messages, notes)
    entries = [
        *(_said(message, files.get(("m", message.pk), []), stems) for message in messages),
        *(_noted(note, files.get(("n", note.pk), []), stems) for note in notes),
        *_happened(ticket, people),
    ]
    entries.sort(key=lambda entry: (entry.at, entry.kind == "event", entry.pk))
    kept = entries[-MAX_ENTRIES:]
    return Conversation(
        tuple(kept), max((message.pk for message in messages), default=0), len(entries) - len(kept)
    )


def last_said(ticket: Ticket) -> Entry | None:
    """The last message or note, whichever came later; three queries."""
    message = ticket.messages.select_related("author", "customer").order_by("-pk").first()
    note = ticket.notes.select_related("author").order_by("-pk").first()
    if note is not None and (message is None or note.at > message.at):
        message = None
    else:
        note = None
    files = [
        file
        for some in _files([message] if message else [], [note] if note else []).values()
        for file in some
    ]
    if message is not None:
        return _said(message, files, [])
    return _noted(note, files, []) if note is not None else None


def _stems(sought: str) -> list[str]:
    """The words of a question without their endings: rather too much is shown than too little."""
    words = (word for word in _WORD.findall(_CONDITION.sub(" ", sought)) if word.casefold() != "or")
    return [word.casefold()[: max(3, len(word) - 3)] for word in words]


def newest_message(ticket: Ticket) -> int:
    return ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def _files(messages: list[Message], notes: list[Note]) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = {}
    if messages or notes:
        wanted = Q(message__in=[m.pk for m in messages]) | Q(note__in=[n.pk for n in notes])
        for file in Attachment.objects.filter(wanted).order_by("pk"):
            key = ("m", file.message_id) if file.message_id else ("n", file.note_id or 0)
            found.setdefault(key, []).append(file)
    return found


def _said(message: Message, files: list[Attachment], stems: list[str]) -> Entry:
    by_us = message.direction == Direction.OUT
    theirs = (
        message.sender_name or message.sender_email or (str(message.customer) if message.customer else "")
    )
    ours = message.author.name if message.author else gettext("Helpdesk")
    body, inline = body_of(message.html, message.body, files, theirs=not by_us)
    return Entry(
        kind="message",
        at=message.at,
        pk=message.pk,
        author=ours if by_us else theirs or gettext("Customer"),
        by_us=by_us,
        channel=str(_CHANNELS.get(message.channel, message.channel)),
        body=unfolded(body, stems),
        files=tuple(file for file in files if file.pk not in inline),
        is_automatic=message.is_automatic,
        cc=tuple(message.cc or ()),
        is_thanks=bool(message.is_thanks),
        is_refused=message.refused_at is not None,
        is_withdrawn=message.withdrawn_at is not None,
        can_be_told=by_us and message.withdrawn_at is None,
    )


def _noted(note: Note, files: list[Attachment], stems: list[str]) -> Entry:
    return Entry(
        kind="note",
        at=note.at,
        pk=note.pk,
        author=note.author.name if note.author else gettext("Helpdesk"),
        by_us=True,
        body=unfolded(Body(None, note.body, None, "", long=_is_long(note.body)), stems),
        files=tuple(files),
    )


def _happened(ticket: Ticket, people: dict[int, str]) -> Iterable[Entry]:
    # The time bound lets PostgreSQL leave out the months before the ticket.
    events = Event.objects.filter(ticket=ticket, at__gte=ticket.opened_at, kind__in=TOLD).select_related("by")
    for event in events.order_by("-at", "-pk")[:MAX_ENTRIES]:
        yield Entry(kind="event", at=event.at, pk=event.pk, text=_told(event, people))


def _told(event: Event, people: dict[int, str]) -> str:
    if event.kind.startswith("clock."):
        return str(TOLD[event.kind])
    if event.kind == "call.logged":
        return f"{event.by.name} {TOLD[event.kind]}: {call_sentence(event.data)}"
    if event.kind == "side.written":
        said = _("%(who)s wrote in the side conversation “%(subject)s”")
        return str(said) % {"who": event.by.name, "subject": event.data["subject"]}
    if event.kind == "side.received":
        return str(_("An answer came in the side conversation “%(subject)s”")) % {
            "subject": event.data["subject"]
        }
    if event.kind == "ticket.assigned":
        return _assigned(event, people)
    if event.kind == "messages.moved":
        return gettext("%(name)s moved %(messages)s of the messages to #%(to)s") % {
            "name": event.by.name,
            "messages": len(event.data["messages"]),
            "to": event.data["to"],
        }
    if event.kind == "messages.arrived":
        return gettext("%(name)s moved %(messages)s messages here from #%(from)s") % {
            "name": event.by.name,
            "messages": len(event.data["messages"]),
            "from": event.data["from"],
        }
    reason = f": {event.data['reason']}" if event.data.get("reason") else ""
    return f"{event.by.name} {TOLD[event.kind]}{reason}"


def _assigned(event: Event, people: dict[int, str]) -> str:
    to = event.data.get("to")
    if to is None:
        return gettext("%(name)s gave the ticket back to everybody") % {"name": event.by.name}
    if to == event.by_id:
        return gettext("%(name)s took the ticket") % {"name": event.by.name}
    return gettext("%(name)s gave the ticket to %(get)s") % {
        "name": event.by.name,
        "get": people.get(to, "a colleague"),
    }


# --- words --------------------------------------------------------------------------------------------


def body_of(html: str, text: str, files: list[Attachment], *, theirs: bool = True) -> tuple[Body, set[int]]:
    """The words of a message, made harmless once more on the way out, and the pictures that stand among them."""
    if not html:
        trimmed = trim_text(text)
        own = part_signature(trimmed.visible) if theirs else Trimmed(trimmed.visible, "")
        long = _is_long(own.visible)
        return Body(None, own.visible, None, trimmed.quoted, None, own.quoted, long), set()
    pictures = {file.content_id: file.pk for file in files if _is_picture(file)}
    inline: set[int] = set()

    def place(found: re.Match[str]) -> str:
        pk = pictures.get(found[1])
        if pk is None:
            return 'src=""'
        inline.add(pk)
        return f'src="{reverse("attachment", kwargs={"pk": pk})}?inline"'

    trimmed = trim_html(sanitise(html, remote_images=False))
    own = part_signature_html(trimmed.visible)
    visible, quoted, signature = (
        mark_safe(_CID.sub(place, part))  # noqa: S308 — sanitised
        for part in (own.visible, trimmed.quoted, own.quoted)
    )
    long = len(_BLOCK.findall(visible)) > LONG_LINES or len(_TAG.sub("", visible)) > LONG_TEXT
    return Body(visible, "", quoted or None, "", signature or None, "", long), inline


def _is_long(text: str) -> bool:
    return len(text) > LONG_TEXT or text.count("\n") >= LONG_LINES


def unfolded(body: Body, stems: list[str]) -> Body:
    """Whole where it holds what somebody looks for."""
    if not stems:
        return body
    shown = f"{body.html or ''}{body.text}".casefold()
    folded = "".join(
        (body.quoted_html or "", body.quoted_text, body.signature_html or "", body.signature_text)
    ).casefold()
    return replace(
        body,
        long=body.long and not any(stem in shown for stem in stems),
        sought=any(stem in folded for stem in stems),
    )


def _is_picture(file: Attachment) -> bool:
    return bool(file.content_id) and file.content_type in SHOWN_INLINE


def attachment_for(user: User, pk: int) -> Attachment:
    """A file of a ticket this person may see. Raises NotFound."""
    visible = Ticket.objects.visible_to(user).values("pk")
    found = Attachment.objects.filter(
        Q(message__ticket__in=visible) | Q(note__ticket__in=visible), pk=pk
    ).first()
    if found is None:
        raise NotFound
    return found
