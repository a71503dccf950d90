import re
from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.output.articles.languages import LANGUAGES, is_right_to_left, name_of
from helpdesk.models import Department, Issue, Role, TaxonomyRelease, User
from helpdesk.models.attachment import place_of

MAX_TITLE, MAX_SUMMARY, MAX_BODY = 200, 300, 50_000
WORDS = ("title", "summary", "body")


class Topic(models.Model):
    """A shelf of the help centre: "Orders and delivery". Its name in each language the pages speak."""

    slug = models.SlugField(max_length=60, unique=True)
    # By language; a language without a name shows the first one there is.
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return self.name_in((get_language() or "en").partition("-")[0])

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or next(iter(self.names.values()), self.slug))


class Visibility(models.TextChoices):
    """Who may read an article once it is published."""

    EVERYBODY = "everybody", _("Everybody")
    CUSTOMERS = "customers", _("Customers we know")
    STAFF = "staff", _("Colleagues only")
    DEPARTMENT = "department", _("One department only")


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: User) -> "ArticleQuerySet":
        """What a colleague or a program may know of: all but other departments' own articles."""
        if not user.is_active or user.role == Role.CUSTOMER:
            return self.none()
        if user.role in {Role.ADMIN, Role.ANALYST} or (user.is_machine and user.department_id is None):
            return self
        return self.filter(~Q(visibility=Visibility.DEPARTMENT) | Q(department=user.department_id))

    def for_visitors(self, *, known: bool) -> "ArticleQuerySet":
        """What may be read outside; `known`: by a customer who signed in or came by a link of ours."""
        outside = [Visibility.EVERYBODY, *([Visibility.CUSTOMERS] if known else [])]
        return self.filter(visibility__in=outside)


@pghistory.track(append_only=True)
class Article(models.Model):
    """An answer that is written once for many: who may read it, what it is about, and until when it is believed.

    Its words stand in `ArticleText`, one row a language.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="articles")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.EVERYBODY)
    # Who looks after it; with DEPARTMENT also who alone reads it.
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    issues = models.ManyToManyField(Issue, blank=True, related_name="+")
    # The language it was written in first; the others are translations of it.
    source_language = models.CharField(max_length=10, choices=LANGUAGES)
    # Somebody should look then whether it is still true.
    look_again_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_article_of_a_department_names_it",
                condition=~Q(visibility="department") | Q(department__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Article {self.pk}"

    # Properties

    def is_visible_to(self, user: User) -> bool:
        return Article.objects.visible_to(user).filter(pk=self.pk).exists()

    @property
    def issues_in_use(self) -> list[Issue]:
        """What it answers now; issues that went out of use stay with it beside those they are read as."""
        return [issue for issue in self.issues.all() if issue.valid_to is None]

    @property
    def issues_retired(self) -> list[Issue]:
        return [issue for issue in self.issues.all() if issue.valid_to is not None]

    def is_due(self, on: date) -> bool:
        return self.look_again_on is not None and self.look_again_on <= on


class ArticleTextQuerySet(models.QuerySet["ArticleText"]):
    def published(self) -> "ArticleTextQuerySet":
        return self.filter(is_published=True)


class ArticleText(models.Model):
    """An article in one language as its readers see it: the published version, or the last one that was."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=LANGUAGES)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    summary = models.CharField(max_length=MAX_SUMMARY, blank=True)
    body = models.TextField(blank=True)
    # Of the version that is published, counted up at every publishing; 0: there was none yet.
    version = models.PositiveIntegerField(default=0)
    # The version of the source that this translation tells; 0 on the source itself.
    tells_version = models.PositiveIntegerField(default=0)
    is_published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    # Stemmed as the language is, and as it stands; written when a version is published.
    search = SearchVectorField(null=True, editable=False)

    objects: ClassVar = ArticleTextQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["language"]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="article_search"),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="article_title_like"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "language"], name="an_article_once_in_a_language"),
            models.CheckConstraint(
                name="a_published_article_has_a_version",
                condition=Q(is_published=False) | Q(version__gt=0, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    # Properties

    @property
    def language_name(self) -> str:
        return name_of(self.language)

    @property
    def direction(self) -> str:
        return "rtl" if is_right_to_left(self.language) else "ltr"

    def words(self) -> dict[str, str]:
        """All that it says, as a version keeps it."""
        return {name: str(getattr(self, name)) for name in WORDS}


class ArticleVersion(models.Model):
    """The words of one language as somebody wrote them: a published version, or the one draft of the next."""

    text = models.ForeignKey(ArticleText, models.CASCADE, related_name="versions")
    # Empty: the draft.
    number = models.PositiveIntegerField(null=True, blank=True)
    words = models.JSONField()
    # Of a translation: the version of the source it was written from.
    tells_version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Of a draft: its author asks for a look over; sent back with a reason, it is not asked for any more.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_why = models.CharField(max_length=500, blank=True)
    # Made from what a customer wrote: a person has to read it before it is published.
    from_ticket = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = [F("number").desc(nulls_first=True)]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["text", "number"], name="each_version_of_an_article_once"),
            models.UniqueConstraint(
                fields=["text"], condition=Q(number__isnull=True), name="one_draft_of_an_article"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words.get('title', '')}, {self.number or 'draft'}"


class ArticleFile(models.Model):
    """A picture in an article, or a file to load from it. It never changes: what looks different is another one.

    The words name it as `files/<number>`, in every language and version alike. Readers outside get those alone that a
    published text names.
    """

    SHELF = "articles"

    article = models.ForeignKey(Article, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    # Read from the bytes, where they are a picture that can hold no script; of all else nothing is believed.
    content_type = models.CharField(max_length=120)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="article_file_bytes")]

    def __str__(self) -> str:
        return self.name

    # Properties

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def place(self) -> str:
        return place_of(self.sha256, shelf=self.SHELF)

    @property
    def url(self) -> str:
        return reverse("article_file", kwargs={"pk": self.article_id, "file": self.pk})

    @property
    def markdown(self) -> str:
        """The line that puts it into the words; a picture says what its name says, until somebody writes more."""
        words = re.sub(
            r"[\[\]\\_-]+", " ", self.name.rpartition(".")[0] if self.is_picture else self.name
        ).strip()
        return f"{'!' if self.is_picture else ''}[{words}](files/{self.pk})"


class SplitQuestionQuerySet(models.QuerySet["SplitQuestion"]):
    def unanswered(self) -> "SplitQuestionQuerySet":
        return self.filter(answered_at=None)


class SplitQuestion(models.Model):
    """Which parts of an issue that was split an article answers: its author is asked once, and until somebody says so
    it answers them all."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="questions")
    # The issue that was split, and by which release; its parts as they were then.
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    release = models.ForeignKey(TaxonomyRelease, models.PROTECT, related_name="+")
    parts = models.ManyToManyField(Issue, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SplitQuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "issue", "release"], name="an_article_is_asked_once_of_a_split"
            ),
            models.CheckConstraint(
                name="who_says_which_parts_says_it_at_a_time",
                condition=Q(answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue} for {self.article}"

    # Properties

    def is_visible_to(self, user: User) -> bool:
        return self.article.is_visible_to(user)

    @property
    def parts_in_use(self) -> list[Issue]:
        """Those that can still be chosen: a part may have gone out of use since."""
        return [part for part in self.parts.all() if part.valid_to is None]
