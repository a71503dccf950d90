from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from apps.intake.encoders.minilm import MiniLM
from apps.intake.encoders.use import Multilingual
from helpdesk import events
from helpdesk.models import Issue, Message, TaxonomyRelease, Ticket, User
from helpdesk.sentences import SentenceField, Words


class MailState(models.TextChoices):
    """Where an incoming mail stands. Only `received` is unfinished; screened and quarantined mail can be restored."""

    RECEIVED = "received", _("Waiting to be read")
    DONE = "done", _("Taken")
    DUPLICATE = "duplicate", _("Same mail again")
    SCREENED = "screened", _("Screened out")
    QUARANTINED = "quarantined", _("Quarantined")


HELD_BACK = (MailState.SCREENED, MailState.QUARANTINED)


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def held_back(self) -> "InboundMailQuerySet":
        """What became no ticket and no answer: listed for people, who may restore it."""
        return self.filter(state__in=HELD_BACK)

    def waiting(self, before: datetime) -> "InboundMailQuerySet":
        """Stored but not read: the process that brought it died or the database went away."""
        return self.filter(state=MailState.RECEIVED, received_at__lt=before)


class InboundMail(models.Model):
    """One mail as it reached one mailbox: its raw bytes, stored before anything else, and what became of it."""

    mailbox = models.CharField(max_length=254)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    # Of the raw bytes: the same delivery tried again is the same row.
    sha256 = models.CharField(max_length=64)
    # Of what no relay changes: the same mail on another way is a duplicate. Null until it is read.
    fingerprint = models.CharField(max_length=80, null=True)
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.RECEIVED)
    # Why it was screened out, quarantined, or is a duplicate; shown to people.
    reason = SentenceField(blank=True)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    # Counted before each reading, so that a mail which kills its reader is set aside in the end.
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()

    objects: ClassVar = InboundMailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "sha256"], name="one_row_per_delivery"),
            models.UniqueConstraint(fields=["mailbox", "fingerprint"], name="one_mail_per_mailbox"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sender", "-received_at"], name="mail_of_sender"),
            models.Index(
                fields=["received_at"], name="mail_waiting", condition=Q(state=MailState.RECEIVED.value)
            ),
            models.Index(
                fields=["-id"],
                name="mail_held_back",
                condition=Q(state__in=[state.value for state in HELD_BACK]),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="states_of_a_mail",
                field="state",
                transitions=[
                    ("received", "done"),
                    ("received", "duplicate"),
                    ("received", "screened"),
                    ("received", "quarantined"),
                    ("screened", "done"),
                    ("quarantined", "done"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk} from {self.sender or 'nobody'}: {self.subject}"

    # Mutators

    def take(self, message: Message, *, reason: Words = "") -> None:
        """It became this message. The message's own event tells of it."""
        self.ticket_id, self.message, self.reason = message.ticket_id, message, reason
        self._settle(MailState.DONE, "ticket", "message")

    def note_report(self, ticket: Ticket | None, *, reason: Words) -> None:
        """It was a report of a machine, passed on as an event: nobody said anything."""
        self.ticket, self.reason = ticket, reason
        self._settle(MailState.DONE, "ticket")

    def note_duplicate(self, *, ticket_id: int | None, reason: Words) -> None:
        self.ticket_id, self.reason = ticket_id, reason
        self._settle(MailState.DUPLICATE, "ticket")

    def screen_out(self, reason: Words, *, by: User, at: datetime) -> None:
        """It is understood, and nothing for us to answer."""
        self.reason = reason
        self._settle(MailState.SCREENED)
        events.record("mail.screened", about=f"mail:{self.pk}", by=by, at=at, data={"reason": reason})

    def quarantine(self, reason: Words, *, by: User, at: datetime) -> None:
        """It could not be taken; a person has to look at it."""
        self.reason = reason
        self._settle(MailState.QUARANTINED)
        events.record("mail.quarantined", about=f"mail:{self.pk}", by=by, at=at, data={"reason": reason})

    def _settle(self, state: MailState, *fields: str) -> None:
        self.state = state
        self.save(update_fields=["state", "reason", "sender", "subject", *fields])

    # Properties

    @property
    def is_held_back(self) -> bool:
        return self.state in HELD_BACK


class SuggestionModel(models.Model):
    """One night's training of the issue suggestion: the model, and how good it was on tickets it had not seen."""

    data = models.BinaryField()
    # By what a process keeps the model it has read: no other model has it, in no other database.
    fingerprint = models.GeneratedField(
        expression=Func(
            Func("data", function="sha256"), Value("hex"), function="encode", output_field=models.TextField()
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    trained_at = models.DateTimeField()
    release = models.ForeignKey(TaxonomyRelease, models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=20)
    # Tickets coded by people; 0 means that it knows the taxonomy's own words only.
    trained_on = models.PositiveIntegerField()
    # The sentence encoder it was trained with; empty for one of words alone.
    encoder = models.CharField(max_length=80, blank=True)
    # Share of coded tickets, held out of training, whose issue it put first; null while there are too few to tell.
    accuracy = models.FloatField(null=True)
    # The same of blind tickets: what was suggested when they came, against what people gave who had not seen it.
    blind_accuracy = models.FloatField(null=True)
    blind_tickets = models.PositiveIntegerField(default=0)
    # The confidence from which nineteen in twenty are right; null when it is never so sure.
    auto_fill = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Model {self.pk} of {self.trained_at:%Y-%m-%d}, {self.trained_on} tickets"


class EncodedText(models.Model):
    """The vector of one text that the suggestion learns from: encoding costs more than all the rest of a night."""

    # Of the encoder's name and the text.
    digest = models.CharField(max_length=32, primary_key=True)
    vector = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["digest"]

    def __str__(self) -> str:
        return self.digest


class TextFit(models.Model):
    """How a ticket's text fits the taxonomy, by the model that read it; what fits no code is pooled for new issues."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="+")
    # Above 0 it fits no code: how much farther off it lies than four in five coded tickets. Null: too few to tell.
    novelty = models.FloatField(null=True)
    fits_no_code = models.BooleanField()
    # Its suggestions are hidden until a person has coded it: on these the model is measured.
    is_blind = models.BooleanField()
    model = models.ForeignKey(SuggestionModel, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket"], name="fits_no_code", condition=Q(fits_no_code=True)),
            models.Index(fields=["ticket"], name="blind_tickets", condition=Q(is_blind=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {'fits no code' if self.fits_no_code else 'fits'}"


class Suggestion(models.Model):
    """An issue the text of a ticket points to; a person settles it. A further one is named by one of its sentences."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    confidence = models.FloatField()
    # Named by one sentence, beside what the text as a whole points to.
    is_further = models.BooleanField(default=False)
    model = models.ForeignKey(SuggestionModel, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "rank"], name="one_suggestion_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.issue} ({self.confidence:.0%})"


class ImportRun(models.Model):
    """One file of tickets brought in from elsewhere, and how it went."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped by an error")

    source = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    imported = models.PositiveIntegerField(default=0)
    # Rows whose external id we had already.
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Import {self.pk} of {self.source}"


def _index_of(encoder: type[MiniLM] | type[Multilingual], name: str) -> HnswIndex:
    """Vectors of one encoder, found by cosine. The column holds several widths; an index holds one."""
    vector = Cast("vector", HalfVectorField(dimensions=encoder.dimensions))
    return HnswIndex(OpClass(vector, name="halfvec_cosine_ops"), name=name, condition=Q(encoder=encoder.name))


class TextVector(models.Model):
    """What a ticket says at first, as numbers whose directions are meanings: like tickets lie near each other."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="+")
    # Whose numbers they are: those of two encoders can't be compared.
    encoder = models.CharField(max_length=40)
    # Half precision: cosines change in the fourth digit, and a row of 512 still fits beside the others of its page.
    # Null: nothing it says is a word.
    vector = HalfVectorField(null=True)
    encoded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            _index_of(MiniLM, "text_vector_minilm"),
            _index_of(Multilingual, "text_vector_use"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} as {self.encoder} reads it"


MAX_CUSTOMER_WORDS = 200


class CustomerWords(models.Model):
    """What a text of this desk (an issue, a field, a choice, a state) is called for customers of a language.

    It belongs to the text and not to the row that has it: a text that is changed may say something else.
    """

    language = models.CharField(max_length=10)
    text = models.CharField(max_length=200)
    words = models.CharField(max_length=MAX_CUSTOMER_WORDS)

    class Meta:
        ordering: ClassVar = ["language", "text"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["language", "text"], name="a_text_once_in_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"
