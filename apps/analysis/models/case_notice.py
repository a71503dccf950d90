from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef

from apps.analysis.models.case_states import CaseState
from apps.analysis.models.plan import PROVEN, Verdict
from helpdesk import events

if TYPE_CHECKING:
    from apps.analysis.models.case import Case
    from helpdesk.models import User


WORDS = ("title", "text", "meanwhile")


class CaseNoticeQuerySet(models.QuerySet["CaseNotice"]):
    def standing(self) -> "CaseNoticeQuerySet":
        """What customers read now: of an open case, neither withdrawn nor proven gone since it was said."""
        proven = Verdict.objects.filter(
            case=OuterRef("case"), verdict__in=PROVEN, decided_at__gte=OuterRef("said_at")
        )
        return self.filter(~Exists(proven), withdrawn_at=None).exclude(case__state=CaseState.CLOSED)


class CaseNotice(models.Model):
    """What customers read of a case on the pages for help: that we know of it, in words made for them.

    One a case; what it said before is in the history of the case. It ends with the case, or with the proof.
    """

    case = models.OneToOneField("analysis.Case", models.CASCADE, related_name="notice")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2_000)
    # What customers can do until it is solved.
    meanwhile = models.TextField(max_length=1_000, blank=True)
    # The same in other languages: {"de": {"title": ..., "text": ..., "meanwhile": ...}}. Above is the desk's own.
    translations = models.JSONField(default=dict, blank=True)
    # The day by which we say more.
    news_on = models.DateField(null=True, blank=True)
    said_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseNoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-said_at", "-id"]

    def __str__(self) -> str:
        return self.title

    # Factories

    @classmethod
    def say(
        cls,
        *,
        case: "Case",
        title: str,
        text: str,
        meanwhile: str,
        translations: Mapping[str, Mapping[str, str]],
        news_on: date | None,
        by: "User",
        at: datetime,
    ) -> "CaseNotice":
        """Say it to customers; said again, these words stand in place of the earlier ones."""
        before = cls.objects.filter(case=case).first()
        words = {"title": title, "text": text, "meanwhile": meanwhile, "translations": dict(translations)}
        said = {**words, "news_on": news_on, "said_by": by, "said_at": at, "withdrawn_at": None}
        notice, _made = cls.objects.update_or_create(case=case, defaults=said)
        notice._record(
            before.words if before and before.withdrawn_at is None else "", notice.words, by=by, at=at
        )
        return notice

    # Mutators

    def withdraw(self, *, by: "User", at: datetime) -> None:
        self.withdrawn_at = at
        self.save(update_fields=["withdrawn_at"])
        self._record(self.words, "", by=by, at=at)

    def _record(self, before: str, after: str, *, by: "User", at: datetime) -> None:
        data = {"changed": {"customer_notice": [before, after]}, "note": after}
        events.record("case.noted", about=self.case.ref, by=by, at=at, data=data)

    # Properties

    @property
    def words(self) -> str:
        """All of it, as the history keeps it."""
        day = self.news_on.isoformat() if self.news_on else ""
        others = [words[name] for _language, words in sorted(self.translations.items()) for name in WORDS]
        return "\n".join(filter(None, (self.title, self.text, self.meanwhile, *others, day)))

    def said_in(self, language: str) -> Mapping[str, str]:
        """Its words as somebody reads them: in their language, else in the desk's own, never half in each."""
        own = {name: str(getattr(self, name)) for name in WORDS}
        return self.translations.get(language) or own
