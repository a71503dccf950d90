"""What customers are given, what may be offered to them, and how much of it by whom."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.models import MONEY, GivenRemedy, Offer, RemedyCeiling
from apps.response.models.remedy import RANKS, rank_of
from apps.response.queries.guidance import guidance_of, offers_of
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.marked import inside
from helpdesk.models import Customer, Issue, Remedy, Role, Ticket, TicketIssue, User
from helpdesk.permissions import may, require
from helpdesk.rows import held
from helpdesk.sentences import Number
from helpdesk.signing import signed

TWICE_WITHIN = timedelta(seconds=60)
# What a ticket's issue is said to have been given, where it was several things: the one that tells most.
TELLING = (
    Remedy.REFUND, Remedy.CREDIT, Remedy.REPLACEMENT, Remedy.REPAIR, Remedy.GIFT, Remedy.APOLOGY,
    Remedy.EXPLANATION, Remedy.NONE,
)  # fmt: skip
MAX_WORDS = 200


class NotCoded(DomainError):
    """Say first what the ticket is about: a remedy belongs to an issue."""

    code = "not-coded"


class AboveAuthority(DomainError):
    """This is more than you may give."""

    code = "above-authority"
    status = 403


class StruckAlready(DomainError):
    """This was struck out before."""

    code = "struck-already"


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to give, checked against itself and not yet against anybody's authority."""

    ticket: Ticket
    coded: TicketIssue
    remedy: str
    amount: Decimal | None
    offer: Offer | None

    @property
    def issue(self) -> Issue:
        return self.coded.issue


@transaction.atomic
def give_remedy(
    *,
    ticket: Ticket,
    remedy: str,
    amount: Decimal | None = None,
    issue: Issue | None = None,
    offer: Offer | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> TicketIssue:
    """Record what the customer was given for an issue, the primary one unless another is named; further ones add up.

    The same by the same person within a minute is a second press and changes nothing. Raises NotCoded, Invalid, and
    AboveAuthority where it takes somebody's approval.
    """
    require(by, "response.solve", ticket)
    wanted = want(ticket, remedy=remedy, amount=amount, issue=issue, offer=offer)
    if _pressed_twice(wanted, by, at):
        return wanted.coded
    if refusal := above_authority(wanted, by=by, at=at):
        raise AboveAuthority(refusal, pointer="amount" if amount else "")
    record_given(wanted, reason=reason, by=by, at=at)
    return wanted.coded


def want(
    ticket: Ticket, *, remedy: str, amount: Decimal | None, issue: Issue | None, offer: Offer | None
) -> Wanted:
    """Lock the ticket and see whether it makes sense. Raises Invalid, NotCoded, TicketMerged."""
    if remedy not in Remedy.values:
        raise Invalid(
            _("Known remedies: %(values)s.") % {"values": ", ".join(Remedy.values)}, pointer="remedy"
        )
    if amount is not None and (amount < 0 or remedy not in MONEY):
        raise Invalid(
            _("An amount is positive, and belongs to a refund, credit or replacement."), pointer="amount"
        )
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    coded = ticket.issues.select_related("issue").filter(issue=issue or ticket.primary_issue).first()
    if coded is None:
        raise NotCoded
    if offer is not None and not _is_offered(offer, coded.issue, ticket, remedy):
        raise Invalid(_("This is not what is offered here any more. Look again."), pointer="offer")
    return Wanted(ticket, coded, remedy, amount, offer)


def _is_offered(offer: Offer, issue: Issue, ticket: Ticket, remedy: str) -> bool:
    """An offer of another issue, or for other customers, would widen what may be given."""
    return offer.remedy == remedy and offer in offers_of([issue], segment=ticket.segment)[issue.pk]


def _pressed_twice(wanted: Wanted, by: User, at: datetime) -> bool:
    same = GivenRemedy.objects.filter(
        ticket=wanted.ticket, issue=wanted.issue, remedy=wanted.remedy, amount=wanted.amount, given_by=by,
        struck_at=None, given_at__gt=at - TWICE_WITHIN,
    )  # fmt: skip
    return not by.is_machine and same.exists()


def above_authority(wanted: Wanted, *, by: User, at: datetime) -> str:
    """Why this person may not give it alone; empty where they may. Others who give the same customer money wait."""
    offer, amount = wanted.offer, wanted.amount or Decimal(0)
    if offer is not None and not offer.is_free_to(by.role):
        return _("“%(offer)s” is given by a %(role)s. Ask for approval.") % {
            "offer": offer, "role": inside(offer.get_alone_from_display()),
        }  # fmt: skip
    if not amount:
        return ""
    limit = _limit(wanted, by.role)
    if limit is not None and amount > limit:
        return _("You may give up to %(most)s for “%(issue)s”. Ask your lead to give more.") % {
            "most": _money(limit), "issue": wanted.issue,
        }  # fmt: skip
    return _above_ceiling(wanted, amount, by=by, at=at)


def _limit(wanted: Wanted, role: str) -> Decimal | None:
    if wanted.offer is not None:
        return wanted.offer.limit_of(role)
    guidance = guidance_of([wanted.issue]).get(wanted.issue.pk)
    return guidance.limit_of(role) if guidance else None


def _above_ceiling(wanted: Wanted, amount: Decimal, *, by: User, at: datetime) -> str:
    ceiling = RemedyCeiling.objects.first()
    if ceiling is None or rank_of(by.role) >= RANKS.index(Role.ADMIN):
        return ""
    # Whoever gives this customer something, or gives something in this person's name, waits until it is decided.
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=wanted.ticket.customer_id)
    held(by)
    if ceiling.per_customer is not None:
        had = GivenRemedy.objects.lately_to(wanted.ticket.customer_id, at=at).money()
        if had + amount > ceiling.per_customer:
            return _(
                "This customer was given %(had)s within 12 months, and %(most)s is the most without approval."
            ) % {
                "had": _money(had), "most": _money(ceiling.per_customer),
            }  # fmt: skip
    if ceiling.per_day is not None:
        had = given_by_person(by, at=at)
        if had + amount > ceiling.per_day:
            return _("You have given %(had)s today, and %(most)s is the most in a day without approval.") % {
                "had": _money(had), "most": _money(ceiling.per_day),
            }  # fmt: skip
    return ""


def _money(amount: Decimal) -> Number:
    return Number(float(amount), digits=2, grouped=True)


def given_by_person(user: User, *, at: datetime) -> Decimal:
    """The money somebody gave on the day of this moment; what was approved does not count."""
    since = datetime.combine(at.date(), time(), at.tzinfo)
    rows = GivenRemedy.objects.standing().filter(given_by=user, given_at__gte=since, approval=None)
    return rows.money()


def record_given(wanted: Wanted, *, reason: str, by: User, at: datetime) -> GivenRemedy:
    """Write it down; whether it may be is settled."""
    guidance = guidance_of([wanted.issue]).get(wanted.issue.pk)
    row = GivenRemedy.objects.create(
        ticket=wanted.ticket, issue=wanted.issue, offer=wanted.offer, remedy=wanted.remedy, amount=wanted.amount,
        reason=" ".join(reason.split())[:MAX_WORDS], guidance_version=guidance.version if guidance else None,
        given_by=by, given_at=at,
    )  # fmt: skip
    _show(wanted.ticket)
    wanted.coded.refresh_from_db()
    events.record("remedy.given", ticket=wanted.ticket, by=by, at=at, data=_data(row))
    return row


@transaction.atomic
def strike_remedy(*, given: GivenRemedy, why: str, by: User, at: datetime) -> GivenRemedy:
    """It was written down wrongly: it stays to be read and counts no more. Whoever gave it may, and leads.

    Raises Invalid without a reason, StruckAlready.
    """
    require(by, "response.solve", given.ticket)
    why = " ".join(why.split())[:MAX_WORDS]
    if not why:
        raise Invalid(_("Say why it is struck out."), pointer="why")
    ticket = held(given.ticket)
    row = held(given)
    if row.is_struck:
        raise StruckAlready
    if row.given_by_id != by.pk and not may(by, "response.manage"):
        raise AboveAuthority(_("Whoever gave it strikes it out, or a lead does."))
    row.struck_at, row.struck_by, row.struck_why = at, by, why
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    _show(ticket)
    events.record("remedy.struck", ticket=ticket, by=by, at=at, data=_data(row) | {"why": why})
    return row


def _data(row: GivenRemedy) -> dict[str, object]:
    return {
        "issue": row.issue_id, "remedy": row.remedy, "amount": None if row.amount is None else str(row.amount),
        "given": row.pk, "reason": row.reason,
    }  # fmt: skip


def _show(ticket: Ticket) -> None:
    """Say on each issue of the ticket what was given for it in all, where the costs read it. What was given for an
    issue that the ticket no longer has belongs to its primary one."""
    coded = list(ticket.issues.all())
    known = {row.issue_id for row in coded}
    given: dict[int, list[GivenRemedy]] = {}
    for one in GivenRemedy.objects.filter(ticket=ticket, struck_at=None):
        given.setdefault(one.issue_id if one.issue_id in known else ticket.primary_issue_id or 0, []).append(
            one
        )
    for row in coded:
        rows = given.get(row.issue_id, [])
        kinds, amounts = {one.remedy for one in rows}, [one.amount for one in rows if one.amount is not None]
        row.remedy = next((kind for kind in TELLING if kind in kinds), "")
        row.remedy_amount = sum(amounts, Decimal(0)) if amounts else None
        row.save(update_fields=["remedy", "remedy_amount"])


@transaction.atomic
@signed
def save_offer(
    *,
    issue: Issue,
    remedy: str,
    words: str,
    segment: str = "",
    alone_from: str = Role.AGENT,
    agent_limit: Decimal = Decimal(0),
    lead_limit: Decimal = Decimal(0),
    position: int = 0,
    offer: Offer | None = None,
    by: User,
    at: datetime,
) -> Offer:
    """Say what may be given for an issue, or change it. Raises Invalid."""
    require(by, "response.manage")
    if remedy not in Remedy.values or remedy == Remedy.NONE:
        raise Invalid(_("Say what is given."), pointer="remedy")
    if alone_from not in RANKS:
        raise Invalid(_("One of %(ranks)s.") % {"ranks": ", ".join(RANKS)}, pointer="alone_from")
    if not words.strip():
        raise Invalid(_("Say in a few words what is offered."), pointer="words")
    if not 0 <= agent_limit <= lead_limit:
        raise Invalid(_("A lead may give at least as much as an agent."), pointer="lead_limit")
    if lead_limit and remedy not in MONEY:
        raise Invalid(_("Limits are for money: a refund, a credit, a replacement."), pointer="agent_limit")
    row = offer or Offer(issue=issue)
    row.remedy, row.words, row.segment = remedy, " ".join(words.split())[:MAX_WORDS], segment.strip()
    row.alone_from, row.position = alone_from, position
    row.agent_limit, row.lead_limit = agent_limit, lead_limit
    row.save()
    data = {"issue": row.issue_id, "offer": row.pk, "words": row.words}
    events.record("offer.saved", about=f"offer:{row.pk}", by=by, at=at, data=data)
    return row


@transaction.atomic
@signed
def retire_offer(*, offer: Offer, by: User, at: datetime) -> None:
    """It is not given any more; what was given stays. Again is as good as once."""
    require(by, "response.manage")
    row = held(offer)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        data = {"issue": row.issue_id, "offer": row.pk, "words": row.words}
        events.record("offer.retired", about=f"offer:{row.pk}", by=by, at=at, data=data)


@transaction.atomic
@signed
def set_remedy_ceiling(
    *, per_day: Decimal | None, per_customer: Decimal | None, by: User, at: datetime
) -> RemedyCeiling:
    """How much may be given in all without asking; None is no ceiling. Raises Invalid."""
    require(by, "response.manage")
    for name, most in (("per_day", per_day), ("per_customer", per_customer)):
        if most is not None and most < 0:
            raise Invalid(_("Nothing, or an amount."), pointer=name)
    row = RemedyCeiling.objects.select_for_update(of=("self",), no_key=True).first() or RemedyCeiling(pk=1)
    row.per_day, row.per_customer = per_day, per_customer
    row.save()
    return row
