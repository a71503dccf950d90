"""Articles stay beside the tickets they answer when the taxonomy changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from apps.output.articles.models import Article, SplitQuestion
from apps.output.articles.services.parts import ask_which
from apps.output.articles.services.rows import PUBLISH, tell
from helpdesk.models import Event, Issue, TaxonomyRelease, User
from helpdesk.permissions import require
from helpdesk.services.taxonomy_changes import SplitIssue, read

CARRIED = "article.carried"


@transaction.atomic
def carry_articles(*, release: TaxonomyRelease, by: User, at: datetime) -> int:
    """Let articles on an issue that this release merged or replaced answer the one it is read as, too; those on one
    that was split answer every part until somebody says which, and their authors are asked. Returns how many changed;
    twice is as good as once.

    The issue that went stays with its articles, for tickets that keep its code. A release that undoes another
    takes off what that one has brought, and asks no more.
    """
    require(by, PUBLISH)
    taken = _take_back(release, release.undoes, by=by, at=at) if release.undoes else 0
    parts = _parts_of(release)
    return taken + sum(
        _carry(source, onto, release, is_split=source.code in parts, by=by, at=at)
        for source, onto in _read_as(release, parts).items()
    )


def _take_back(release: TaxonomyRelease, undone: TaxonomyRelease, *, by: User, at: datetime) -> int:
    """Articles whose issue is in use again: without those that the undone release gave them."""
    back = _articles_on(Issue.objects.filter(release=release, valid_to=None))
    rows = {f"article:{article.pk}": article for article in back}
    told = Event.objects.filter(kind=CARRIED, about__in=rows, data__release=undone.pk)
    brought = {event.about: event.data["issues"] for event in told}
    SplitQuestion.objects.filter(release=undone).delete()
    count = 0
    for about, codes in sorted(brought.items()):
        article = rows[about]
        if gone := [issue for issue in article.issues.all() if issue.code in codes]:
            article.issues.remove(*gone)
            tell("article.changed", article, by=by, at=at, changed=["issues"])
            count += 1
    return count


def _read_as(release: TaxonomyRelease, parts: Mapping[str, tuple[str, ...]]) -> Mapping[Issue, list[Issue]]:
    """The issues that this release took out of use, each with those that stand in its place."""
    gone = Issue.objects.filter(release=release, valid_to__isnull=False).select_related("replaced_by")
    in_use = {issue.code: issue for issue in Issue.objects.filter(code__in=sum(parts.values(), ()))}
    found: dict[Issue, list[Issue]] = {}
    for issue in gone.order_by("pk"):
        if issue.code in parts:
            found[issue] = [in_use[code] for code in parts[issue.code]]
        elif issue.replaced_by is not None:
            found[issue] = [issue.replaced_by]
    return found


def _parts_of(release: TaxonomyRelease) -> dict[str, tuple[str, ...]]:
    """By code, the parts of what it split; an undo that was undone splits as the first release did."""
    while release.undoes is not None and release.undoes.undoes is not None:
        release = release.undoes.undoes
    changes = [read(data) for data in release.changes if data["change"] == "split"]
    return {change.code: change.parts for change in changes if isinstance(change, SplitIssue)}


def _carry(
    source: Issue, onto: list[Issue], release: TaxonomyRelease, *, is_split: bool, by: User, at: datetime
) -> int:
    count = 0
    for article in _articles_on([source]):
        if is_split and not ask_which(article, source, onto, release, by=by, at=at):
            continue  # the news came twice: what somebody has said meanwhile stands
        has = {issue.pk for issue in article.issues.all()}
        if new := [issue for issue in onto if issue.pk not in has]:
            article.issues.add(*new)
            codes = [issue.code for issue in new]
            tell(CARRIED, article, by=by, at=at, release=release.pk, issues=codes)
            count += 1
    return count


def _articles_on(issues: Iterable[Issue]) -> list[Article]:
    """Under their lock, with their issues as they are now."""
    numbers = Article.objects.filter(issues__in=issues).values("pk")
    rows = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=numbers)
    return list(rows.prefetch_related("issues").order_by("pk"))
