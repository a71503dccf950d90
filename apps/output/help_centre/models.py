from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.output.articles.models import Article

# How long a visit lasts, and how long after it somebody who writes counts as not helped.
VISIT_LASTS = timedelta(hours=72)
MAX_QUERY, MAX_WORD = 120, 300


class HelpVisit(models.Model):
    """Somebody in the help centre, for at most three days. Who it is nobody knows: the key is random, and it is taken
    off once the visit is settled."""

    key = models.CharField(max_length=32, unique=True, null=True)
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    # Of a customer who was signed in: a keyed hash of their number, kept until the visit is settled.
    who = models.CharField(max_length=64, blank=True)
    # They wrote to us: from the form in this visit, or otherwise within its three days.
    wrote_at = models.DateTimeField(null=True, blank=True)
    # Three days are over: what it came to changes no more.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["started_at"], name="help_visit_started"),
            models.Index(fields=["started_at"], name="help_visit_open", condition=Q(settled_at=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_settled_visit_is_nobodys", condition=Q(settled_at=None) | Q(key=None, who="")
            )
        ]

    def __str__(self) -> str:
        return f"Visit {self.pk}"


class HelpSearch(models.Model):
    """Something that was looked for in a visit; the same words twice in one visit are one search."""

    visit = models.ForeignKey(HelpVisit, models.CASCADE, related_name="searches")
    # In small letters, without addresses and long numbers.
    query = models.CharField(max_length=MAX_QUERY)
    language = models.CharField(max_length=10)
    hits = models.PositiveIntegerField()
    at = models.DateTimeField()
    # An article was opened from what it found.
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["at"], name="help_search_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "query"], name="a_search_once_in_a_visit")
        ]

    def __str__(self) -> str:
        return self.query


class ArticleUse(models.Model):
    """One article in one visit: suggested, opened, and whether it helped. A vote counts once, the last one."""

    class Way(models.TextChoices):
        """How they came upon it first."""

        BROWSING = "browsing", _("Browsing")
        SEARCH = "search", _("Search")
        SUGGESTION = "suggestion", _("Suggestion")

    visit = models.ForeignKey(HelpVisit, models.CASCADE, related_name="uses")
    article = models.ForeignKey(Article, models.CASCADE, related_name="uses")
    language = models.CharField(max_length=10)
    way = models.CharField(max_length=10, choices=Way.choices)
    shown_at = models.DateTimeField()
    # Empty: it was suggested only.
    opened_at = models.DateTimeField(null=True, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    word = models.CharField(max_length=MAX_WORD, blank=True)
    voted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["article", "-shown_at"], name="use_of_article")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "article"], name="an_article_once_in_a_visit"),
            models.CheckConstraint(
                name="who_votes_has_opened", condition=Q(helped=None) | Q(opened_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.article_id} in visit {self.visit_id}"
