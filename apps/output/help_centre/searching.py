"""Which articles answer what somebody typed.

Method: PostgreSQL's full text, stemmed in the language of each article and as the words stand. A search wants all its
words, or a title like it (trigrams, for a slip of the pen); where nothing has all of them, those that have some are
shown, and the search counts as one without a result. A message that is being written is compared by the words it shares
with title and summary: two at least. One query each, however many articles there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import (
    SearchConfig,
    SearchQuery,
    SearchQueryField,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, QuerySet, Value, When

from apps.output.articles.languages import config_of, name_of
from apps.output.articles.models import Article, ArticleText
from helpdesk.search import InCommon, search_query, words_in

SHOWN, SUGGESTED = 20, 3
LONGEST, LONGEST_MESSAGE = 200, 2_000
LIKE = 0.4  # of a title, by trigrams of its nearest words
IN_COMMON = 2  # words a message shares with an article that is suggested


class AnyWord(Func):
    """A tsquery for some of the words, where `plainto_tsquery` wants all of them."""

    template = "replace(plainto_tsquery(%(expressions)s)::text, ' & ', ' | ')::tsquery"
    output_field = SearchQueryField()


class Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


@dataclass(frozen=True)
class Hit:
    """An article as a list shows it."""

    article: int
    title: str
    summary: str
    language: str
    language_name: str
    direction: str


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    # Nothing has all of the words; these have some.
    loosely: bool


def search_articles(text: str, *, among: QuerySet[Article], language: str) -> Found:
    """At most twenty, those in the reader's language first; one query."""
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    if not text:
        return Found([], loosely=False)
    whole = SearchQuery(text, config=config_of(language), search_type="websearch") | search_query(text)
    some = AnyWord(SearchConfig(config_of(language)), Value(text))
    rows = (
        ArticleText.objects.published()
        .filter(article__in=among)
        .annotate(
            likeness=TrigramWordSimilarity(text, "title"),
            some=Matches(F("search"), some),
            whole=Case(
                When(Q(search=whole), then=2),
                When(likeness__gte=LIKE, then=1),
                default=0,
                output_field=IntegerField(),
            ),
            rank=SearchRank(F("search"), some),
        )
        .filter(Q(search=whole) | Q(likeness__gte=LIKE) | Q(some=True, language=language))
        .order_by("-whole", "-rank", "-likeness", "article")
    )
    found = list(rows.defer("body", "search")[: 4 * SHOWN])
    sure = [row for row in found if row.whole]
    return Found(_hits(sure or found, language)[:SHOWN], loosely=not sure)


def suggest_articles(message: str, *, among: QuerySet[Article], language: str) -> list[Hit]:
    """At most three for words somebody is still writing; one query."""
    message = message.replace("\0", "")[:LONGEST_MESSAGE]
    config = SearchConfig(config_of(language))
    said = words_in(Value(message), config_of(language))
    heads = Func(Func(F("search"), Value("{a,b}"), function="ts_filter"), function="tsvector_to_array")
    rows = (
        ArticleText.objects.published()
        .filter(article__in=among, language=language)
        .annotate(common=InCommon(heads, said), rank=SearchRank(F("search"), AnyWord(config, Value(message))))
        .filter(common__gte=IN_COMMON)
        .order_by("-common", "-rank", "article")
    )
    return _hits(list(rows.defer("body", "search")[:SUGGESTED]), language)


def _hits(rows: Sequence[Any], language: str) -> list[Hit]:
    """Each article once: where several of its languages were found, in the reader's."""
    own = {row.article_id: row for row in rows if row.language == language}
    once = {row.article_id: own.get(row.article_id, row) for row in rows}
    return [hit_of(row) for row in once.values()]


def hit_of(text: ArticleText) -> Hit:
    return Hit(
        text.article_id, text.title, text.summary, text.language, name_of(text.language), text.direction
    )
