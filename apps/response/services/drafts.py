"""What somebody is writing is kept until it is sent, whatever happens to their page.

A save names the composer that wrote it, its revision, and the draft it goes on with as it stood when it was read. So an
older save never takes the place of a newer one, and two who go on with the same draft leave two.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.intake.files import File, check_files
from apps.intake.uploads import Stored, keep
from apps.response.addresses import addresses_in
from apps.response.models import Draft, DraftKind, Macro, MacroUse
from helpdesk.errors import Invalid, NotFound
from helpdesk.models import Attachment, Message, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.sentences import Number

# Twice what can be sent: what is too long to send must not be lost for that.
MAX_TEXT = 400_000
MAX_DRAFTS, MAX_FILES = 20, 20
# In which a save that was late would otherwise bring back words that were sent.
LATE = timedelta(days=2)
VERBS = {DraftKind.REPLY: "response.reply", DraftKind.NOTE: "response.note"}


@dataclass(frozen=True, slots=True)
class Composer:
    """The page that writes, and how often it has written."""

    writer: str
    revision: int


@dataclass(frozen=True, slots=True)
class Read:
    """The draft that a composer found, as it stood then."""

    draft: int
    revision: int


@transaction.atomic
def save_draft(
    *,
    ticket: Ticket,
    kind: str,
    text: str,
    files: Sequence[Stored] = (),
    macro: int | None = None,
    cc: Sequence[str] | None = None,
    composer: Composer,
    goes_on_with: Read | None = None,
    by: User,
    at: datetime,
) -> Draft:
    """Keep what is being written. Returns the composer's draft as it is now, which may be newer than what came in.

    Raises Invalid for a text that is far too long, and for more drafts of one ticket than anybody writes.
    """
    require(by, VERBS[DraftKind(kind)], ticket)
    if len(text) > MAX_TEXT or len(files) > MAX_FILES:
        raise Invalid(
            _("At most %(max_text)s characters and %(max_files)s files are kept.")
            % {"max_text": Number(MAX_TEXT, grouped=True), "max_files": MAX_FILES},
            pointer="text",
        )
    mine = _lock(ticket, kind, by)
    own = next((draft for draft in mine if draft.writer == composer.writer), None)
    if own is not None and own.revision >= composer.revision:
        return own
    draft = own or _found_again(mine, goes_on_with, composer) or _new(ticket, kind, by, mine)
    draft.writer, draft.revision = composer.writer, composer.revision
    draft.text, draft.at = text.replace("\0", ""), at
    draft.files = [asdict(file) for file in files]
    draft.cc = None if cc is None else [one[:254] for one in addresses_in(cc)[:MAX_FILES]]
    draft.macro = Macro.objects.filter(pk=macro).first() if macro else None
    draft.save()
    return draft


def _lock(ticket: Ticket, kind: str, user: User) -> list[Draft]:
    """This person's drafts on the ticket, held until the transaction ends: the first save has no row to lock yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"draft {user.pk} {ticket.pk} {kind}"])
    return list(Draft.objects.filter(user=user, ticket=ticket, kind=kind).order_by("pk"))


def _found_again(drafts: Sequence[Draft], read: Read | None, composer: Composer) -> Draft | None:
    """The draft that was read, if nobody has written in it since. Its revision must rise, whoever writes."""
    if read is None or composer.revision <= read.revision:
        return None
    return next((one for one in drafts if (one.pk, one.revision) == (read.draft, read.revision)), None)


def _new(ticket: Ticket, kind: str, user: User, drafts: Sequence[Draft]) -> Draft:
    if sum(not draft.is_empty for draft in drafts) >= MAX_DRAFTS:
        raise Invalid(
            _("You have %(max_drafts)s drafts on this ticket. Discard some of them.")
            % {"max_drafts": MAX_DRAFTS},
            pointer="text",
        )
    return Draft(user=user, ticket=ticket, kind=kind, revision=0)


@transaction.atomic
def discard_draft(*, draft: Draft, by: User, at: datetime) -> None:
    """Its author does not want it any more. Raises NotFound for somebody else's."""
    require(by, VERBS[DraftKind(draft.kind)])
    for mine in _lock(draft.ticket, draft.kind, by):
        if mine.pk == draft.pk:
            return _empty(mine, mine.revision, at)
    raise NotFound


def settle_drafts(
    *,
    ticket: Ticket,
    kind: str,
    sent: str,
    files: Sequence[File],
    composer: Composer | None,
    by: User,
    at: datetime,
) -> None:
    """These words and files were sent, in the same transaction: drafts that hold nothing else are emptied."""
    words, contents = _words(sent), {sha256(file.content).hexdigest() for file in files}
    mine = _lock(ticket, kind, by)
    if composer is not None and not any(draft.writer == composer.writer for draft in mine):
        # Its first save may still be on its way here.
        mine.append(Draft(user=by, ticket=ticket, kind=kind, writer=composer.writer, revision=0))
    for draft in mine:
        if composer is not None and draft.writer == composer.writer:
            _empty(draft, max(draft.revision, composer.revision), at)
        elif (
            not draft.is_empty
            and _words(draft.text) in words
            and contents >= {file["sha256"] for file in draft.files}
        ):
            _empty(draft, draft.revision, at)


def _empty(draft: Draft, revision: int, at: datetime) -> None:
    draft.text, draft.files, draft.revision, draft.at = "", [], revision, at
    draft.macro, draft.cc = None, None
    draft.save()


def _words(text: str) -> str:
    return " ".join(text.split())


def write_again(*, message: Message, at: datetime) -> None:
    """A reply that was taken back is a draft of its author's again, with its files."""
    author = message.author
    if author is None or not (author.is_staff_member and may(author, "response.reply")):
        return
    files = Attachment.objects.filter(message=message).order_by("pk")
    kept = [Stored(file.name, file.content_type, file.size, file.sha256) for file in files]
    Draft.objects.update_or_create(
        user=author, ticket_id=message.ticket_id, kind=DraftKind.REPLY, writer=f"taken-back-{message.pk}",
        defaults={
            "text": message.body,
            "files": [asdict(file) for file in kept],
            "macro_id": MacroUse.objects.filter(message=message).values_list("macro", flat=True).first(),
            "cc": message.cc,
            "at": at,
        },
    )  # fmt: skip


def keep_file(*, ticket: Ticket, kind: str, file: File, by: User) -> Stored:
    """A file that is added to what is being written; it is sent with the words, or never. Raises FileTooLarge."""
    require(by, VERBS[DraftKind(kind)], ticket)
    check_files([file])
    return keep(file)


@transaction.atomic
def forget_settled_drafts(*, at: datetime) -> int:
    """Drop empty rows once no late save can bring their words back. What is written stays until it is sent."""
    rows = Draft.objects.filter(~Q(text__regex=r"\S"), files=[], at__lt=at - LATE)
    return rows.delete()[0]
