"""Reads of the help centre's visitors, and of those who ask whether it helps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from apps.output.articles.models import Article, ArticleText, Topic
from apps.output.articles.queries import text_in
from apps.output.help_centre.deflection import Deflection, Share, Visit, deflection, share_of
from apps.output.help_centre.models import ArticleUse, HelpSearch, HelpVisit
from apps.output.help_centre.searching import Hit, hit_of
from helpdesk.errors import NotFound

ON_HOME, LISTED = 5, 50
KINDS = ("sought", "opened", "said_yes", "said_no", "wrote", "settled")


@dataclass(frozen=True)
class Shelf:
    """A topic with its first articles."""

    slug: str
    name: str
    hits: list[Hit]
    total: int


def outside(*, known: bool) -> QuerySet[Article]:
    """What a visitor may read: published in one language at least."""
    shown = ArticleText.objects.published().filter(article=OuterRef("pk"))
    return Article.objects.for_visitors(known=known).filter(Exists(shown))


def shelves(*, language: str, known: bool, most: int = ON_HOME) -> list[Shelf]:
    """The topics that have articles, each with the first ones; three queries."""
    articles = outside(known=known).prefetch_related(_published()).order_by("pk")
    topics = Topic.objects.prefetch_related(Prefetch("articles", queryset=articles, to_attr="shown"))
    rows: list[tuple[Topic, list[Article]]] = [(topic, topic.shown) for topic in topics]
    return [
        Shelf(topic.slug, topic.name_in(language), hits_of(found[:most], language), len(found))
        for topic, found in rows
        if found
    ]


def shelf(slug: str, *, language: str, known: bool) -> Shelf:
    """One topic with all its articles; three queries. Raises NotFound."""
    found = next(
        (one for one in shelves(language=language, known=known, most=1_000) if one.slug == slug), None
    )
    if found is None:
        raise NotFound
    return found


def without_topic(*, language: str, known: bool) -> list[Hit]:
    """Two queries."""
    rows = outside(known=known).filter(topic=None).prefetch_related(_published()).order_by("pk")
    return hits_of(list(rows[:ON_HOME]), language)


def _published() -> "Prefetch[Any]":
    return Prefetch("texts", queryset=ArticleText.objects.published().defer("body", "search"))


def hits_of(articles: Sequence[Article], language: str) -> list[Hit]:
    return [hit_of(text) for article in articles if (text := text_in(article, [language]))]


@dataclass(frozen=True)
class ArticlePage:
    """An article as a visitor reads it."""

    article: Article
    text: ArticleText
    others: list[ArticleText]  # the languages it is also in
    updated_at: datetime | None


def article_page(pk: int, *, languages: Sequence[str], known: bool) -> ArticlePage:
    """In the first of these languages it is published in. Two queries. Raises NotFound."""
    texts = Prefetch("texts", queryset=ArticleText.objects.published().defer("search"))
    article = outside(known=known).select_related("topic").prefetch_related(texts).filter(pk=pk).first()
    text = text_in(article, languages) if article else None
    if article is None or text is None:
        raise NotFound
    others = [one for one in article.texts.all() if one.pk != text.pk]
    return ArticlePage(article, text, others, text.published_at)


def vote_of(article: Article, *, key: str) -> ArticleUse | None:
    """What this visit said of it; one query."""
    voted = ArticleUse.objects.filter(visit__key=key, article=article).exclude(helped=None)
    return voted.first() if key else None


# --- does it help? ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Words that were looked for, and how often."""

    query: str
    language: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class ArticleFigures:
    """How one article fares. `helped` is the share of yes among those who said anything."""

    article: Article
    title: str
    opened: int
    suggested: int
    yes: int
    no: int
    helped: Share | None
    wrote: int
    words: list[str]


@dataclass(frozen=True)
class HelpReport:
    """All that is known of whether the help centre helps, since a day. Seven queries."""

    deflection: Deflection
    searches: int
    in_vain: list[Asked]
    not_opened: list[Asked]
    wrote_anyway: list[Asked]
    articles: list[ArticleFigures]


def help_report(*, since: datetime) -> HelpReport:
    lists = searches_since(since)
    return HelpReport(
        deflection=deflection_since(since),
        searches=HelpSearch.objects.filter(at__gte=since).count(),
        in_vain=lists["in_vain"](),
        not_opened=lists["not_opened"](),
        wrote_anyway=lists["wrote_anyway"](),
        articles=article_figures(since),
    )


def searches_since(since: datetime) -> dict[str, Callable[[], list[Asked]]]:
    """What was looked for without a result, found and not opened, or before a request; one query each, when called."""
    asked = HelpSearch.objects.filter(at__gte=since)
    return {
        "in_vain": lambda: _asked(asked.filter(hits=0)),
        "not_opened": lambda: _asked(asked.filter(hits__gt=0, opened_at=None)),
        "wrote_anyway": lambda: _asked(asked.filter(visit__wrote_at__gte=F("at"))),
    }


def deflection_since(since: datetime) -> Deflection:
    """Of visits that began since then; one query, counted by the database."""
    uses = ArticleUse.objects.filter(visit=OuterRef("pk"))
    kinds = (
        HelpVisit.objects.filter(started_at__gte=since)
        .annotate(
            sought=Exists(HelpSearch.objects.filter(visit=OuterRef("pk")))
            | Exists(uses.filter(way=ArticleUse.Way.SUGGESTION)),
            opened=Exists(uses.exclude(opened_at=None)),
            said_yes=Exists(uses.filter(helped=True)),
            said_no=Exists(uses.filter(helped=False)),
            wrote=Q(wrote_at__isnull=False),
            settled=Q(settled_at__isnull=False),
        )
        .values(*KINDS)
        .annotate(n=Count("pk"))
        .order_by()
    )
    rows: list[dict[str, Any]] = list(kinds)
    return deflection((Visit(**{name: row[name] for name in KINDS}), row["n"]) for row in rows)


def _asked(rows: QuerySet[HelpSearch]) -> list[Asked]:
    """The fifty asked most; one query."""
    counted = rows.values("query", "language").annotate(times=Count("pk"), last_at=Max("at"))
    return [Asked(**row) for row in counted.order_by("-times", "-last_at", "query")[:LISTED]]


def article_figures(since: datetime) -> list[ArticleFigures]:
    """The articles that were opened or suggested, those opened most first; three queries."""
    counted = (
        ArticleUse.objects.filter(shown_at__gte=since)
        .values("article")
        .annotate(
            opened=Count("pk", filter=~Q(opened_at=None)),
            suggested=Count("pk", filter=Q(way=ArticleUse.Way.SUGGESTION)),
            yes=Count("pk", filter=Q(helped=True)),
            no=Count("pk", filter=Q(helped=False)),
            wrote=Count("pk", filter=Q(visit__wrote_at__gte=F("opened_at"))),
        )
        .order_by("-opened", "-suggested", "article")[:LISTED]
    )
    rows = list(counted)
    numbers = [row["article"] for row in rows]
    articles = {
        article.pk: article
        for article in Article.objects.filter(pk__in=numbers).prefetch_related(
            Prefetch("texts", queryset=ArticleText.objects.defer("body", "search"))
        )
    }
    said = _last_words(numbers, since)
    return [
        ArticleFigures(
            article=articles[row["article"]],
            title=_title(articles[row["article"]]),
            helped=share_of(row["yes"], row["yes"] + row["no"]),
            words=said.get(row["article"], []),
            **{name: row[name] for name in ("opened", "suggested", "yes", "no", "wrote")},
        )
        for row in rows
    ]


def _title(article: Article) -> str:
    text = text_in(article, [])
    return text.title if text and text.title else str(article)


def _last_words(articles: list[int], since: datetime, most: int = 3) -> dict[int, list[str]]:
    """What was said with a no, the last three of each article; one query."""
    said = ArticleUse.objects.filter(article__in=articles, voted_at__gte=since, helped=False).exclude(word="")
    found: dict[int, list[str]] = {}
    for number, word in said.order_by("-voted_at").values_list("article", "word")[:500]:
        if len(found.setdefault(number, [])) < most:
            found[number].append(word)
    return found
