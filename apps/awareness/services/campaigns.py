"""Asking customers to tell us: a campaign is set up, its page opened and answered, and what it showed taken over."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from apps.analysis.deadlines import today
from apps.analysis.models import Assumption, EntryKind
from apps.analysis.services import EntryExists, add_entry, measure_multiplier, withdraw_entry
from apps.awareness.complaint_rate import FEWEST
from apps.awareness.models.campaign import (
    Campaign,
    CampaignProblem,
    CampaignReply,
    CampaignVisits,
    Via,
    Where,
)
from apps.awareness.queries.campaigns import complaint_rate
from apps.intake.files import File
from apps.intake.services import Contact, open_ticket
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Channel, Customer, Issue, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else on paper
KEY_LENGTH = 7
# Before there is nothing to compare with; a slip of the pen draws no chart of centuries.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MAX_NAME, MAX_QUESTION, MAX_ISSUES, LONGEST = 120, 1_000, 12, 366
MOST_REACHED = 2_000_000_000  # what the column holds


class NotRunning(DomainError):
    """Nobody is asked any more, or not yet. Write to us: we answer all the same."""

    code = "not-running"


class ListInUse(DomainError):
    """Customers have answered this list already: another one would be another question. Begin another campaign."""

    code = "list-in-use"


class TooFewAnswers(DomainError):
    """Too few customers with this problem have answered to say what share of them tells us."""

    code = "too-few-answers"


@transaction.atomic
def open_campaign(
    *,
    name: str,
    where: str,
    question: str,
    starts_on: date,
    ends_on: date,
    segment: str = "",
    region: str = "",
    reach: int | None = None,
    issues: Iterable[Issue] = (),
    days_back: int = 90,
    by: User,
    at: datetime,
) -> Campaign:
    """Set up a campaign with an address of its own, and enter its days into the calendar of what happened.

    Raises Invalid, and Invalid too where the calendar has the same already.
    """
    require(by, "awareness.publish")
    campaign = Campaign(
        key="".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH)), created_by=by, created_at=at,
        **_checked(name, where, question, starts_on, ends_on, segment, region, reach, days_back),
    )  # fmt: skip
    _enter(campaign, by=by, at=at)
    campaign.save(force_insert=True)
    campaign.issues.set(_list(issues, at))
    campaign.record("campaign.opened", by=by, at=at, where=campaign.where)
    return campaign


@transaction.atomic
def edit_campaign(
    *,
    campaign: Campaign,
    name: str,
    where: str,
    question: str,
    starts_on: date,
    ends_on: date,
    segment: str = "",
    region: str = "",
    reach: int | None = None,
    issues: Iterable[Issue] = (),
    days_back: int = 90,
    by: User,
    at: datetime,
) -> Campaign:
    """Other words, other days, another reach; its address stays. Raises Invalid, ListInUse."""
    require(by, "awareness.publish")
    campaign = held(campaign)
    fields = _checked(name, where, question, starts_on, ends_on, segment, region, reach, days_back)
    listed = set(campaign.issues.values_list("pk", flat=True))
    issues = _list(issues, at, kept=listed)
    others = {issue.pk for issue in issues} != listed
    if (others or days_back != campaign.days_back) and campaign.replies.exists():
        raise ListInUse(pointer="issues")
    before = (campaign.name, campaign.starts_on, campaign.ends_on, campaign.region)
    for field, value in fields.items():
        setattr(campaign, field, value)
    if before != (campaign.name, campaign.starts_on, campaign.ends_on, campaign.region):
        if campaign.entry is not None:
            withdraw_entry(entry=campaign.entry, by=by, at=at)
        _enter(campaign, by=by, at=at)
    campaign.save(update_fields=[*fields, "entry"])
    campaign.issues.set(issues)
    campaign.record("campaign.edited", by=by, at=at, before=before[0])
    return campaign


def _checked(
    name: str, where: str, question: str, starts_on: date, ends_on: date, segment: str, region: str,
    reach: int | None, days_back: int,
) -> dict[str, Any]:  # fmt: skip
    name, question = " ".join(name.split()), question.strip()
    for pointer, text, longest in (("name", name, MAX_NAME), ("question", question, MAX_QUESTION)):
        if not text or len(text) > longest:
            raise Invalid(
                gettext("Between 1 and %(longest)s characters.") % {"longest": Number(longest, grouped=True)},
                pointer=pointer,
            )
    if where not in Where.values:
        raise Invalid(
            gettext("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, Where.labels))},
            pointer="where",
        )
    if not EARLIEST <= starts_on <= LATEST:
        raise Invalid(
            gettext("Between %(year)s and %(year_2)s.") % {"year": EARLIEST.year, "year_2": LATEST.year},
            pointer="starts_on",
        )
    if ends_on < starts_on:
        raise Invalid(gettext("It can't end before it begins."), pointer="ends_on")
    if (ends_on - starts_on).days >= LONGEST:
        raise Invalid(gettext("At most a year: what is asked for longer is no campaign."), pointer="ends_on")
    if reach is not None and not 1 <= reach <= MOST_REACHED:
        raise Invalid(
            gettext("Between one and %(most_reached)s, or leave it empty.")
            % {"most_reached": Number(MOST_REACHED, grouped=True)},
            pointer="reach",
        )
    if not 7 <= days_back <= LONGEST:
        raise Invalid(gettext("Between a week and a year."), pointer="days_back")
    return {
        "name": name, "where": where, "question": question, "starts_on": starts_on, "ends_on": ends_on,
        "segment": segment.strip(), "region": region.strip(), "reach": reach, "days_back": days_back,
    }  # fmt: skip


def _list(issues: Iterable[Issue], at: datetime, *, kept: Collection[int] = ()) -> Sequence[Issue]:
    """What was asked already is asked on, though its issue is retired meanwhile: another list is another question."""
    chosen = list(issues)
    if gone := [issue for issue in chosen if issue.pk not in kept and not _is_in_use(issue, at)]:
        raise Invalid(
            gettext("“%(gone)s” is not in use. Choose another issue.") % {"gone": gone[0]}, pointer="issues"
        )
    if len(chosen) > MAX_ISSUES:
        raise Invalid(
            gettext("At most %(max_issues)s: nobody reads a longer list.") % {"max_issues": MAX_ISSUES},
            pointer="issues",
        )
    return chosen


def _is_in_use(issue: Issue, at: datetime) -> bool:
    return issue.valid_from <= at.date() and (issue.valid_to is None or at.date() < issue.valid_to)


def _enter(campaign: Campaign, *, by: User, at: datetime) -> None:
    try:
        campaign.entry = add_entry(
            kind=EntryKind.ASKED, day=campaign.starts_on, until=campaign.ends_on, region=campaign.region,
            words=gettext("Campaign “%(name)s”") % {"name": campaign.name}, by=by, at=at,
        )  # fmt: skip
    except EntryExists as error:
        raise Invalid(
            gettext("There is a campaign of this name on these days already."), pointer="name"
        ) from error


# --- customers


def count_visit(*, campaign: Campaign, via: str, at: datetime) -> None:
    """Somebody opened its page: counted by day and way, and not who it was."""
    key = {"campaign": campaign, "day": today(at), "via": via if via in Via.values else Via.LINK}
    rows = CampaignVisits.objects
    if not rows.filter(**key).update(number=F("number") + 1):
        rows.bulk_create([CampaignVisits(**key)], ignore_conflicts=True)
        rows.filter(**key).update(number=F("number") + 1)


@transaction.atomic
def answer_campaign(
    *,
    campaign: Campaign,
    problems: Mapping[Issue, bool],
    body: str,
    contact: Contact | Customer | None,
    files: Sequence[File] = (),
    via: str = Via.LINK,
    by: User,
    at: datetime,
) -> CampaignReply:
    """Keep what a customer ticked (each problem: had they told us before?), and open a ticket for what they wrote.

    The ticket carries the campaign; it has the issue where one alone was ticked. Raises NotRunning, Invalid when
    nothing was said, or nobody is named to be answered, and what `open_ticket` raises.
    """
    require(by, "intake.open")
    # Held, so that its list is not exchanged while it is answered.
    campaign = held(campaign)
    if campaign.stands(today(at)) != "running":
        raise NotRunning
    offered = set(campaign.issues.values_list("pk", flat=True))
    if any(issue.pk not in offered for issue in problems):
        raise Invalid(gettext("Choose from the list."), pointer="problems")
    if not problems and not body.strip():
        raise Invalid(gettext("Say what happened, or choose from the list."), pointer="body")
    ticket = _ticket(campaign, problems, body, contact, files, by=by, at=at) if body.strip() else None
    reply = CampaignReply.objects.create(
        campaign=campaign, at=at, via=via if via in Via.values else Via.LINK, ticket=ticket
    )
    CampaignProblem.objects.bulk_create(
        [CampaignProblem(reply=reply, issue=issue, told=told) for issue, told in problems.items()]
    )
    return reply


def _ticket(
    campaign: Campaign, problems: Mapping[Issue, bool], body: str, contact: Contact | Customer | None,
    files: Sequence[File], *, by: User, at: datetime,
) -> Ticket:  # fmt: skip
    if contact is None:
        raise Invalid(gettext("Enter your e-mail address, so that we can answer."), pointer="email")
    only = next(iter(problems)) if len(problems) == 1 else None
    if only is not None and not _is_in_use(only, at):
        only = None  # retired while customers are asked: nobody is refused for it, and a colleague codes the ticket
    return open_ticket(
        subject="", body=body, customer=contact, issue=only, attachments=files, channel=Channel.FORM,
        campaign=campaign.key, by=by, at=at,
    )  # fmt: skip


# --- what it showed


@transaction.atomic
def take_over_rate(*, campaign: Campaign, issue: Issue, by: User, at: datetime) -> Assumption:
    """Set the multiplier of an issue from what customers answered: a new row beside the old ones, with its source.

    Raises TooFewAnswers, and NotAllowed to who may not set assumptions.
    """
    require(by, "analysis.assume")
    rate = complaint_rate(campaign, issue)
    if rate is None or not rate.can_be_proposed:
        raise TooFewAnswers(
            gettext(
                "At least %(fewest)s customers with the problem, one of whom told us, must have answered."
            )
            % {"fewest": FEWEST}
        )
    return measure_multiplier(
        told=rate.told_before, asked=rate.had, source=f"Campaign “{campaign.name}”, aided list",
        dated_on=min(campaign.ends_on, today(at)), issue=issue, segment=campaign.segment, by=by, at=at,
    )  # fmt: skip
