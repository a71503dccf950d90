"""Reads of those who write articles: the list, one article with all its languages, its versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.output.articles.languages import LANGUAGES, main_part
from apps.output.articles.markup import files_named
from apps.output.articles.models import (
    WORDS,
    Article,
    ArticleFile,
    ArticleText,
    ArticleVersion,
    Topic,
    Visibility,
)
from apps.output.help_centre.models import ArticleUse
from apps.response.queries.guidance import Change, line_of, lines_between
from helpdesk.errors import NotFound
from helpdesk.links import absolute
from helpdesk.models import Event, Issue, Ticket, User

SHOWN = 100
LABELS = {"title": _("Title"), "summary": _("In one sentence"), "body": _("The answer")}
FILTERS = {
    "": _("All"),
    "review": _("Wait for a review"),
    "draft": _("Drafts"),
    "published": _("Published"),
    "moved": _("Translations behind their source"),
    "due": _("To look at again"),
}


@dataclass(frozen=True)
class TextShown:
    """An article in one language, with its draft, and how it stands to its source."""

    text: ArticleText
    draft: ArticleVersion | None
    # The version of the source that is published now, and this translation tells an earlier one.
    behind: int

    @property
    def waits(self) -> bool:
        return self.draft is not None and self.draft.asked_at is not None

    @property
    def title(self) -> str:
        return self.text.title or (self.draft.words["title"] if self.draft else "")


@dataclass(frozen=True)
class Row:
    """One article of the list."""

    article: Article
    texts: list[TextShown]
    helped: int
    not_helped: int

    @property
    def title(self) -> str:
        return next((one.title for one in self.texts if one.title), str(self.article))


@dataclass(frozen=True)
class VersionShown:
    """One published version, and what it changed."""

    version: ArticleVersion
    changes: list[Change]


def in_full(rows: QuerySet[Article]) -> QuerySet[Article]:
    """With their words and drafts: three queries more, however many there are."""
    drafts = ArticleVersion.objects.filter(number=None).select_related("made_by", "asked_by", "refused_by")
    texts = ArticleText.objects.defer("search").prefetch_related(
        Prefetch("versions", queryset=drafts, to_attr="drafts")
    )
    return rows.select_related("topic", "department", "made_by").prefetch_related(
        Prefetch("texts", queryset=texts)
    )


def texts_of(article: Article) -> list[TextShown]:
    """From `in_full`; the source first."""
    texts = list(article.texts.all())
    source = next((text for text in texts if text.language == article.source_language), None)
    now = source.version if source is not None and source.is_published else 0
    shown = [TextShown(text, next(iter(_drafts(text)), None), _behind(text, source, now)) for text in texts]
    return sorted(shown, key=lambda one: (one.text is not source, one.text.language))


def title_of(article: Article) -> str:
    """From `in_full`: in the language it was written in, published or else drafted, or in another."""
    return next((one.title for one in texts_of(article) if one.title), str(article))


def files_of(article: Article) -> list[ArticleFile]:
    """One query; with what is needed to say who added them."""
    return list(article.files.select_related("made_by"))


def is_shown_outside(file: ArticleFile) -> bool:
    """Whether something published shows it: what stands in a draft alone is nobody else's."""
    bodies = ArticleText.objects.published().filter(article=file.article_id).values_list("body", flat=True)
    return file.pk in files_named(*bodies)


def written_at(shown: TextShown | None) -> str:
    """When the words were written that somebody goes on from; "" where there are none yet."""
    at = (shown.draft.made_at if shown.draft else shown.text.published_at) if shown else None
    return at.isoformat() if at else ""


def _drafts(text: ArticleText) -> list[ArticleVersion]:
    found: list[ArticleVersion] = getattr(text, "drafts", [])
    return found


def _behind(text: ArticleText, source: ArticleText | None, now: int) -> int:
    return now if text is not source and text.is_published and text.tells_version < now else 0


def articles_found(text: str, *, user: User, only: str = "", on: date) -> tuple[list[Row], bool]:
    """A hundred articles, the newest first, and whether there are more. Five queries."""
    rows = narrowed(Article.objects.visible_to(user), only=only, on=on)
    if text := " ".join(text.replace("\0", "").split())[:200]:
        said = Q(texts__title__icontains=text) | Q(texts__versions__words__title__icontains=text)
        rows = rows.filter(pk__in=Article.objects.filter(said).values("pk"))
    found = list(in_full(rows)[: SHOWN + 1])
    votes = votes_of(found[:SHOWN])
    shown = [Row(article, texts_of(article), *votes.get(article.pk, (0, 0))) for article in found[:SHOWN]]
    return shown, len(found) > SHOWN


def narrowed(rows: QuerySet[Article], *, only: str, on: date) -> QuerySet[Article]:
    drafts = ArticleVersion.objects.filter(number=None)
    match only:
        case "review":
            return rows.filter(pk__in=drafts.exclude(asked_at=None).values("text__article"))
        case "draft":
            return rows.filter(pk__in=drafts.values("text__article"))
        case "published":
            return rows.filter(pk__in=ArticleText.objects.published().values("article"))
        case "due":
            return rows.filter(look_again_on__lte=on)
        case "moved":
            return rows.filter(pk__in=_moved())
    return rows


def _moved() -> list[int]:
    """Articles of which a published translation tells an earlier version of its source; one query."""
    texts = ArticleText.objects.published().select_related("article").defer("search", "body")
    by_article: dict[int, list[ArticleText]] = {}
    for text in texts:
        by_article.setdefault(text.article_id, []).append(text)
    moved = []
    for number, mates in by_article.items():
        source = next((text for text in mates if text.language == text.article.source_language), None)
        if source and any(text.tells_version < source.version for text in mates if text is not source):
            moved.append(number)
    return moved


def votes_of(articles: Iterable[Article]) -> dict[int, tuple[int, int]]:
    """How many each helped, and how many it did not; one query."""
    counted = (
        ArticleUse.objects.filter(article__in=list(articles))
        .values("article")
        .annotate(yes=Count("pk", filter=Q(helped=True)), no=Count("pk", filter=Q(helped=False)))
    )
    return {row["article"]: (row["yes"], row["no"]) for row in counted}


def visible_article(pk: int, *, user: User) -> Article:
    """Raises NotFound."""
    article = in_full(Article.objects.visible_to(user)).prefetch_related("issues").filter(pk=pk).first()
    if article is None:
        raise NotFound
    return article


def visible_text(pk: int, language: str, *, user: User) -> ArticleText:
    """Raises NotFound."""
    text = (
        ArticleText.objects.defer("search")
        .select_related("article__department")
        .filter(article__in=Article.objects.visible_to(user), article=pk, language=language)
        .first()
    )
    if text is None:
        raise NotFound
    return text


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What is different, in the order in which it is read."""
    pairs = [(name, str(before.get(name, "")), str(after.get(name, ""))) for name in WORDS]
    return [Change(str(LABELS[name]), lines_between(old, new)) for name, old, new in pairs if old != new]


def versions_of(text: ArticleText) -> list[VersionShown]:
    """The newest first, each against the one before; one query."""
    rows = list(text.versions.filter(number__isnull=False).select_related("made_by").order_by("-number"))
    older: list[Mapping[str, Any]] = [*(row.words for row in rows[1:]), {}]
    return [
        VersionShown(row, changes_between(words, row.words)) for row, words in zip(rows, older, strict=False)
    ]


def languages_left(article: Article) -> list[tuple[str, str]]:
    """Those it is not written in yet."""
    written = {text.language for text in article.texts.all()}
    return [(code, name) for code, name in LANGUAGES if code not in written]


def topics_counted() -> list[Topic]:
    """The shelves, each with `n` articles on it; one query."""
    return list(Topic.objects.annotate(n=Count("articles")))


@dataclass(frozen=True)
class Beside:
    """An article on an issue of a ticket, for the colleague who answers it."""

    article: Article
    text: ArticleText

    @property
    def address(self) -> str:
        """For customers; "" where they may not read it."""
        if self.article.visibility not in (Visibility.EVERYBODY, Visibility.CUSTOMERS):
            return ""
        return f"{absolute('help_article', pk=self.article.pk)}?language={self.text.language}"


def articles_on(issues: Sequence[Issue], *, language: str, user: User, most: int = 5) -> list[Beside]:
    """Published articles on these issues or one above them, the nearest first, in the language asked for where there is
    one; of an issue that went out of use also those on the one it is read as. Two queries."""
    read = [one for issue in issues for one in (issue, issue.replaced_by) if one is not None]
    near = [path for issue in read for path in line_of(issue)]
    if not near:
        return []
    texts = Prefetch("texts", queryset=ArticleText.objects.published().defer("search", "body"))
    found = (
        Article.objects.visible_to(user)
        .filter(issues__path__in=near)
        .distinct()
        .prefetch_related(texts, "issues")
    )
    ranked = sorted(found, key=lambda one: (_distance(one, near), -one.pk))
    picked = [Beside(one, text) for one in ranked if (text := text_in(one, [language]))]
    return picked[:most]


def _distance(article: Article, near: list[str]) -> int:
    """How far up: own issues stand before those above, deep paths before short ones."""
    paths = {issue.path for issue in article.issues.all()}
    return min(near.index(path) for path in near if path in paths)


def text_in(article: Article, languages: Sequence[str]) -> ArticleText | None:
    """Of the texts that were fetched, the one in the first of these languages, or in the article's own."""
    texts = {text.language: text for text in article.texts.all()}
    wanted = (*languages, article.source_language)
    return next((texts[code] for code in wanted if code in texts), next(iter(texts.values()), None))


@dataclass(frozen=True)
class BesideTicket:
    """What the help centre says of a ticket's issues, and what its customer read there before they wrote."""

    articles: list[Beside]
    read_before: str  # the title of what did not help them


def articles_beside(ticket: Ticket, *, user: User) -> BesideTicket:
    """In the ticket's language where there is one. Five queries at most."""
    issues = [
        row.issue for row in ticket.issues.select_related("issue__replaced_by").order_by("-is_primary", "pk")
    ]
    sent = Event.objects.filter(ticket=ticket, kind="request.sent").order_by("at").first()
    title = ""
    if sent is not None:
        texts = ArticleText.objects.filter(article=sent.data["article"], version__gt=0).exclude(title="")
        title = texts.values_list("title", flat=True).first() or ""
    language = main_part(ticket.language or "en")
    return BesideTicket(articles_on(issues, language=language, user=user), title)
