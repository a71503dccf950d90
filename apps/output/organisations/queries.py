"""Reads: the list of organisations, and all that is known of one."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Lower

from apps.output.organisations.models import OrganisationMerge, OrganisationNote
from helpdesk.models import Customer, Event, Organisation, OrganisationDomain, Ticket, User
from helpdesk.models.ticket_choices import OPEN_STATUSES

SHOWN = 50
MEMBERS, TICKETS, NOTES, HISTORY, MERGES = 50, 20, 20, 20, 10
# What the list can be narrowed down to, with how it is called there.
FILTERS = ("domain", "manager", "value")


@dataclass(frozen=True)
class Row:
    """One organisation of the list. Members are all, tickets those this person may know of."""

    organisation: Organisation
    domains: list[str]
    members: int
    value: Decimal | None
    tickets: int
    waiting: int


@dataclass(frozen=True)
class Found:
    rows: list[Row]
    more: bool
    segments: list[str]


def organisations_found(text: str, *, user: User, having: str = "", segment: str = "") -> Found:
    """Fifty organisations by name or domain, narrowed down as asked. Five queries."""
    visible = narrowed(Organisation.objects.visible_to(user), having=having, segment=segment)
    text = " ".join(text.replace("\0", "").split())[:200]
    rows: QuerySet[Any] = visible.order_by("name", "pk")
    if text:
        like = TrigramWordSimilarity(text, "name")
        rows = visible.filter(fitting(text)).annotate(likeness=like).order_by("-likeness", "name", "pk")
    found = list(rows[: SHOWN + 1])
    return Found(rows_of(found[:SHOWN], user), len(found) > SHOWN, _segments())


def narrowed(rows: QuerySet[Organisation], *, having: str, segment: str) -> QuerySet[Organisation]:
    if segment:
        rows = rows.filter(segment=segment)
    if having == "domain":
        rows = rows.filter(Exists(OrganisationDomain.objects.filter(organisation=OuterRef("pk"))))
    if having == "manager":
        rows = rows.filter(Exists(Customer.objects.filter(member_of=OuterRef("pk"), is_manager=True)))
    if having == "value":
        rows = rows.exclude(value=None)
    return rows


def fitting(text: str) -> Q:
    """By name, with a slip of the pen in it, or by the beginning of a domain."""
    domain = text.lower().rpartition("@")[2]
    by_domain = OrganisationDomain.objects.filter(domain__startswith=domain).values("organisation")
    return Q(name__iregex=re.escape(text)) | Q(name__trigram_word_similar=text) | Q(pk__in=by_domain)


def _segments() -> list[str]:
    named = Organisation.objects.filter(merged_into=None).exclude(segment="")
    return list(named.order_by("segment").values_list("segment", flat=True).distinct()[:50])


def rows_of(organisations: list[Organisation], user: User) -> list[Row]:
    members = Customer.objects.filter(member_of__in=organisations, merged_into=None, anonymised_at=None)
    worth: dict[int, Any] = {
        row["of"]: row
        for row in members.order_by().values(of=F("member_of_id")).annotate(n=Count("pk"), value=Sum("value"))
    }
    seen = Ticket.objects.visible_to(user).filter(customer__member_of__in=organisations).order_by()
    per_one = seen.values(of=F("customer__member_of_id")).annotate(
        n=Count("pk"), waiting=Count("pk", filter=Q(status__in=OPEN_STATUSES))
    )
    counted: dict[int, Any] = {row["of"]: row for row in per_one}
    domains: dict[int, list[str]] = {}
    for pk, domain in OrganisationDomain.objects.filter(organisation__in=organisations).values_list(
        "organisation", "domain"
    ):
        domains.setdefault(pk, []).append(domain)
    return [
        Row(
            organisation=one,
            domains=domains.get(one.pk, []),
            members=worth.get(one.pk, {}).get("n", 0),
            value=one.value if one.value is not None else worth.get(one.pk, {}).get("value"),
            tickets=counted.get(one.pk, {}).get("n", 0),
            waiting=counted.get(one.pk, {}).get("waiting", 0),
        )
        for one in organisations
    ]


# --- one organisation ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OrganisationPage:
    """Everything the page of an organisation shows. Nine queries beside its own, and one for each merge that might be
    undone."""

    row: Row
    segment: str  # its own, or the most frequent of its members
    domains: list[OrganisationDomain]
    members: list[Customer]
    hidden: int  # members of whom this person sees no ticket, or for whom there is no room
    tickets: list[Ticket]
    notes: list[OrganisationNote]
    history: list[Event]
    merges: list[tuple[OrganisationMerge, bool]]  # newest first, and whether each can be undone


def organisation_page(organisation: Organisation, *, user: User, at: datetime) -> OrganisationPage:
    row = rows_of([organisation], user)[0]
    known = Customer.objects.visible_to(user).filter(member_of=organisation, anonymised_at=None)
    members = list(known.order_by("-is_manager", "name", "pk")[:MEMBERS])
    newest = Ticket.objects.visible_to(user).filter(customer__member_of=organisation)
    notes = OrganisationNote.objects.filter(organisation=organisation).select_related("by")
    history = Event.objects.filter(about=f"organisation:{organisation.pk}").select_related("by")
    return OrganisationPage(
        row=row,
        segment=organisation.segment or _usual_segment(organisation),
        domains=list(organisation.domains.select_related("claimed_by")),
        members=members,
        hidden=max(row.members - len(members), 0),
        tickets=list(
            newest.select_related("department", "customer").defer("search").order_by("-opened_at")[:TICKETS]
        ),
        notes=list(notes[:NOTES]),
        history=list(history.order_by("-at", "-id")[:HISTORY]),
        merges=[(one, one.can_be_undone(at)) for one in merges_of(organisation)[:MERGES]],
    )


def merges_of(organisation: Organisation) -> QuerySet[OrganisationMerge]:
    return OrganisationMerge.objects.filter(kept=organisation).select_related("by", "gone")


def _usual_segment(organisation: Organisation) -> str:
    named = organisation.members.filter(merged_into=None).exclude(segment="").order_by()
    counted = named.values("segment").annotate(n=Count("pk")).order_by("-n", "segment").first()
    return counted["segment"] if counted else ""


def called(name: str, *, user: User) -> Organisation | None:
    """The one of this name that this person may know of."""
    return Organisation.objects.visible_to(user).alias(known=Lower("name")).filter(
        known=Lower(Value(" ".join(name.split())))
    ).first()  # fmt: skip


def merged_into(pk: int) -> int | None:
    found: int | None = Organisation.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    return found
