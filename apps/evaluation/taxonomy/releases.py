"""The releases there were, what waits for its time, and how far tickets are recoded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from apps.evaluation.taxonomy.wording import labels_now, sentences
from helpdesk.models import ChangeSet, Recoding, RecodingKind, TaxonomyRelease
from helpdesk.services.taxonomy_drafts import UNDO_FOR

A_PAGE = 20


@dataclass(frozen=True)
class Split:
    """An issue that was split: its tickets can be recoded by suggestion."""

    code: str
    label: str


@dataclass(frozen=True)
class Told:
    """One release in words."""

    release: TaxonomyRelease
    words: tuple[str, ...]
    recodings: tuple[Recoding, ...]
    splits: tuple[Split, ...]
    can_be_undone: bool
    undo_until: datetime


@dataclass(frozen=True)
class Planned:
    """A change set that waits for its time, or for a person because it could not be published."""

    change_set: ChangeSet
    words: tuple[str, ...]


@dataclass(frozen=True)
class Releases:
    planned: tuple[Planned, ...]
    releases: tuple[Told, ...]
    page: Page[Any]


def releases(*, at: datetime, page: str | None = None) -> Releases:
    """The newest first. Six queries: names, what waits (2), how many releases, a page of them, recodings."""
    labels = labels_now()
    waiting = ChangeSet.objects.waiting().select_related("planned_by").prefetch_related("changes")
    rows = (
        TaxonomyRelease.objects.select_related("published_by", "undoes", "undone_by")
        .prefetch_related("recodings__source", "recodings__target")
        .order_by("-number")
    )
    shown: Page[Any] = Paginator(rows, A_PAGE).get_page(page)
    return Releases(
        tuple(
            Planned(one, tuple(sentences((change.data for change in one.changes.all()), labels)))
            for one in waiting
        ),
        tuple(_told(release, labels, at) for release in shown),
        shown,
    )


def _told(release: TaxonomyRelease, labels: dict[str, str], at: datetime) -> Told:
    recodings = tuple(release.recodings.all())
    asked = {recoding.source.code for recoding in recodings if recoding.kind == RecodingKind.SUGGESTION}
    is_undone = hasattr(release, "undone_by")
    split = [data["code"] for data in release.changes if data["change"] == "split" and not is_undone]
    return Told(
        release,
        tuple(sentences(release.changes, labels)),
        recodings,
        tuple(Split(code, labels.get(code, code)) for code in split if code not in asked),
        can_be_undone=bool(release.reverse) and not is_undone and at - release.published_at <= UNDO_FOR,
        undo_until=release.published_at + UNDO_FOR,
    )
