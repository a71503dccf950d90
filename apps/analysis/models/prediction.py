from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.contrast import Finding as Found
from apps.analysis.places import place_words
from helpdesk import events
from helpdesk.sentences import Day, SentenceField, Words, in_a_row, said

if TYPE_CHECKING:
    from apps.analysis.models.cause import Cause
    from helpdesk.models import User


class PredictionKind(models.TextChoices):
    """What tickets can be asked."""

    PLACE = "place", _("It is there, and not elsewhere")
    DAY = "day", _("It began with something on a day")


class Finding(models.TextChoices):
    SUPPORTS = Found.SUPPORTS.value, _("Supports it")
    AGAINST = Found.AGAINST.value, _("Speaks against it")
    TOO_FEW = Found.TOO_FEW.value, _("Too few to tell")


class Prediction(models.Model):
    """What must show in the tickets if a cause is the true one, written down before anybody looked."""

    cause = models.ForeignKey("analysis.Cause", models.CASCADE, related_name="predictions")
    kind = models.CharField(max_length=5, choices=PredictionKind.choices)
    # Of a place: which one.
    dimension = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=120, blank=True)
    # Of a place: since when, if it matters. Of a day: the day.
    since = models.DateField(null=True, blank=True)
    # What happened on that day, where the calendar has it.
    entry = models.ForeignKey(
        "analysis.CalendarEntry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # So many days may pass until contacts show it.
    lag_days = models.PositiveSmallIntegerField(default=0)
    said_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="predictions_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.words)

    # Factories

    @classmethod
    def say(cls, *, cause: "Cause", by: "User", at: datetime, **fields: object) -> "Prediction":
        made = cls.objects.create(cause=cause, said_by=by, said_at=at, **fields)
        data = {"cause": cause.pk, "text": cause.text, "prediction": made.words}
        events.record("cause.predicted", about=cause.case.ref, by=by, at=at, data=data)
        return made

    # Properties

    @property
    def words(self) -> Words:
        """What is predicted, in the reader's language."""
        if self.kind == PredictionKind.DAY:
            if self.entry is not None:
                happened = in_a_row([Day(self.entry.day), self.entry.words], ": ")
                return said("It began with: %(entry)s", entry=happened)
            return said("It began about %(day)s", day=self._since)
        place = place_words(self.dimension, self.value)
        if self.since is None:
            return said("It is in %(place)s, and not elsewhere", place=place)
        return said("It is in %(place)s since %(day)s, and not elsewhere", place=place, day=self._since)

    @property
    def _since(self) -> Words:
        return Day(self.since) if self.since else ""


class Trial(models.Model):
    """What the tickets said of a prediction on one day: kept as it was found. Judging the cause is a person's act."""

    prediction = models.ForeignKey(Prediction, models.CASCADE, related_name="trials")
    finding = models.CharField(max_length=8, choices=Finding.choices)
    sentence = SentenceField()
    # The days of tickets looked at.
    first = models.DateField()
    last = models.DateField()
    tickets = models.FloatField()
    # Of a place: tickets inside, and those expected there.
    inside = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    # Odds ratio of a place, or new level over old; null where nothing could be told.
    ratio = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p = models.FloatField(null=True)
    dispersion = models.FloatField(null=True)
    # Of a day: the most likely one with its interval, and what the calendar has there.
    changed_on = models.DateField(null=True)
    changed_from = models.DateField(null=True)
    changed_until = models.DateField(null=True)
    entries = ArrayField(models.TextField(), default=list)
    # All that it was computed from (`trials.pack`); null in those made before trials kept it.
    record = models.BinaryField(null=True)
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=30)
    made_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="trials_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.sentence)

    # Factories

    @classmethod
    def keep(
        cls, *, prediction: Prediction, first: date, last: date, by: "User", at: datetime, **fields: object
    ) -> "Trial":
        made = cls.objects.create(
            prediction=prediction, first=first, last=last, made_by=by, made_at=at, **fields
        )
        data = {"cause": prediction.cause_id, "prediction": prediction.words, "finding": made.finding,
                "note": made.sentence}  # fmt: skip
        events.record("cause.tested", about=prediction.cause.case.ref, by=by, at=at, data=data)
        return made
