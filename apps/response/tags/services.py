"""A tag is given another name, becomes one with another, or is taken away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response.acting import Act
from apps.response.acting.values import tag as read_tag
from apps.response.bulk.models import BulkJob
from apps.response.bulk.services import MOST, begin_bulk
from apps.response.models import Macro, TicketView
from apps.response.rules.services import rename_in_rule
from apps.response.tags.models import TagChange
from apps.response.tags.naming import acts_with, conditions_with, query_with
from apps.response.tags.queries import Named, carrying, forget_counts, naming
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import User
from helpdesk.permissions import require

VERB = "response.tags"
LONGEST_QUERY = 500


class TagExists(DomainError):
    """There is such a tag already: the two would become one. Say so."""

    code = "tag-exists"
    status = 409


@transaction.atomic
def rename_tag(*, tag: str, into: str, merge: bool = False, by: User, at: datetime) -> TagChange:
    """Call a tag by another name, on tickets and wherever rules, macros and saved views name it.

    The tickets are left to jobs of `bulk`, which may be undone; whoever begins them does the small ones at once.
    Raises TagExists where the other name is in use and nobody said `merge`, Invalid, NotAllowed.
    """
    require(by, VERB)
    new = str(read_tag(into))
    if new == tag:
        raise Invalid(_("It is called so already."), pointer="into")
    if not merge and carrying(new, user=by).exists():
        raise TagExists(pointer="into")
    named = naming(tag)
    jobs = _jobs(tag, (Act("untag", tag), Act("tag", new)), named, by=by, at=at)
    return _kept(tag, new, jobs, _say_anew(named, tag, new, by=by, at=at), by=by, at=at)


@transaction.atomic
def remove_tag(*, tag: str, by: User, at: datetime) -> TagChange:
    """Take a tag off all its tickets. What names it stays as it is, and finds nothing. Raises Invalid, NotAllowed."""
    require(by, VERB)
    jobs = _jobs(tag, (Act("untag", tag),), naming(tag), by=by, at=at)
    return _kept(tag, "", jobs, Named(), by=by, at=at)


def _jobs(tag: str, acts: tuple[Act, ...], named: Named, *, by: User, at: datetime) -> list[BulkJob]:
    numbers = list(carrying(tag, user=by).order_by("pk").values_list("pk", flat=True))
    if not numbers and named.is_nothing:
        raise Invalid(_("No ticket carries this tag, and nothing names it."), pointer="tag")
    return [
        begin_bulk(acts=acts, numbers=numbers[first : first + MOST], by=by, at=at)
        for first in range(0, len(numbers), MOST)
    ]


def _say_anew(named: Named, tag: str, new: str, *, by: User, at: datetime) -> Named:
    """Those that could go along. A view grown too long for its question stays as it is."""
    for rule in named.rules:
        rename_in_rule(
            rule=rule,
            conditions=conditions_with(rule.group, tag, new),
            acts=acts_with(rule.acts, tag, new),
            by=by,
            at=at,
        )
    for macro in named.macros:
        macro.acts = acts_with(macro.acts, tag, new)
    Macro.objects.bulk_update(named.macros, ["acts"])
    views = [view for view in named.views if len(query_with(view.query, tag, new)) <= LONGEST_QUERY]
    for view in views:
        view.query = query_with(view.query, tag, new)
    TicketView.objects.bulk_update(views, ["query"])
    return Named(named.rules, named.macros, tuple(views))


def _kept(tag: str, into: str, jobs: list[BulkJob], went: Named, *, by: User, at: datetime) -> TagChange:
    change = TagChange.objects.create(
        tag=tag,
        into=into,
        tickets=sum(job.total for job in jobs),
        rules=len(went.rules),
        macros=len(went.macros),
        views=len(went.views),
        by=by,
        at=at,
    )
    change.jobs.set(jobs)
    transaction.on_commit(forget_counts)
    return change
