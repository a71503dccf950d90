"""Telling customers before they ask: drafted, lots drawn when it starts, and sent at a pace to those who are told."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.awareness.holdout import is_held
from apps.awareness.merge_fields import unknown_fields
from apps.awareness.models.holdout import OptOut, Outreach, OutreachCustomer, OutreachKind
from apps.awareness.models.notice import Notice
from apps.awareness.models.wave import WaveState
from apps.awareness.queries.holdout import audience, words
from apps.awareness.services.waves import (
    MAX_AN_HOUR,
    MAX_BODY,
    MAX_SUBJECT,
    TURNS_AN_HOUR,
    NobodyToTell,
    NotADraft,
    WaveStands,
)
from apps.output.services import send_notice
from helpdesk.each import each
from helpdesk.errors import Invalid
from helpdesk.links import absolute
from helpdesk.models import Customer, Issue, Product, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Number

KNOWN_FIELDS = ("name", "issue", "help")
BATCH = 5_000
LEAST_HELD, MOST_HELD = 0.02, 0.5
STOP = gettext_lazy("You get this letter because you are our customer. No more letters you did not ask for:")


@transaction.atomic
def draft_outreach(
    *,
    kind: str,
    issue: Issue,
    subject: str,
    body: str,
    product: Product | None = None,
    segment: str = "",
    region: str = "",
    had_it_before: bool = False,
    held_back: float = 0.1,
    window_days: int = 28,
    an_hour: int = 500,
    notice: Notice | None = None,
    by: User,
    at: datetime,
) -> Outreach:
    """Prepare a letter to customers who are likely to ask. Raises Invalid."""
    require(by, "awareness.publish")
    if notice is not None:
        require(by, "awareness.publish", notice)
    fields = _checked(kind, subject, body, segment, region, held_back, window_days, an_hour)
    row = Outreach.objects.create(
        **fields, issue=issue, product=product, had_it_before=had_it_before, notice=notice, drafted_by=by,
        drafted_at=at, seed=secrets.token_hex(8),
    )  # fmt: skip
    row.record("outreach.drafted", by=by, at=at)
    return row


@transaction.atomic
def edit_outreach(
    *,
    outreach: Outreach,
    kind: str,
    issue: Issue,
    subject: str,
    body: str,
    product: Product | None = None,
    segment: str = "",
    region: str = "",
    had_it_before: bool = False,
    held_back: float = 0.1,
    window_days: int = 28,
    an_hour: int = 500,
    by: User,
    at: datetime,
) -> Outreach:
    """Better words, other customers, another share. Raises NotADraft once the lots are drawn, Invalid."""
    require(by, "awareness.publish")
    row = _locked(outreach)
    if not row.is_draft:
        raise NotADraft
    fields = _checked(kind, subject, body, segment, region, held_back, window_days, an_hour)
    fields |= {"issue": issue, "product": product, "had_it_before": had_it_before}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields])
    row.record("outreach.edited", by=by, at=at)
    return row


def _checked(
    kind: str,
    subject: str,
    body: str,
    segment: str,
    region: str,
    held_back: float,
    window_days: int,
    an_hour: int,
) -> dict[str, Any]:
    subject, body = " ".join(subject.split()), body.strip()
    if kind not in OutreachKind.values:
        raise Invalid(
            _("Choose one of: %(labels)s.") % {"labels": ", ".join(map(str, OutreachKind.labels))},
            pointer="kind",
        )
    for pointer, text, longest in (("subject", subject, MAX_SUBJECT), ("body", body, MAX_BODY)):
        if not text or len(text) > longest:
            raise Invalid(
                _("Between 1 and %(longest)s characters.") % {"longest": Number(longest, grouped=True)},
                pointer=pointer,
            )
        if strangers := unknown_fields(text, KNOWN_FIELDS):
            known = ", ".join(f"{{{name}}}" for name in KNOWN_FIELDS)
            raise Invalid(
                _("Unknown: %(strangers)s. Known: %(known)s.")
                % {"strangers": ", ".join(strangers), "known": known},
                pointer=pointer,
            )
    if not LEAST_HELD <= held_back <= MOST_HELD:
        raise Invalid(
            _("Between 2 % and half: without them nobody sees what it prevented."), pointer="held_back"
        )
    if not 7 <= window_days <= 182:
        raise Invalid(_("Between a week and half a year."), pointer="window_days")
    if not 1 <= an_hour <= MAX_AN_HOUR:
        raise Invalid(
            _("Between 1 and %(max_an_hour)s an hour.") % {"max_an_hour": Number(MAX_AN_HOUR, grouped=True)},
            pointer="an_hour",
        )
    return {
        "kind": kind, "subject": subject, "body": body, "segment": segment.strip(), "region": region.strip(),
        "held_back": held_back, "window_days": window_days, "an_hour": an_hour,
    }  # fmt: skip


@transaction.atomic
def start_outreach(*, outreach: Outreach, by: User, at: datetime) -> Outreach:
    """Let it go out, or go on. Whom it is for is settled, and the lots are drawn, when it starts the first time.

    Raises NobodyToTell when nobody would be told or nobody held back, WaveStands.
    """
    require(by, "awareness.publish")
    row = _locked(outreach)
    if row.state not in (WaveState.DRAFT, WaveState.STOPPED):
        raise WaveStands
    if row.is_draft:
        told, held = _draw(row, at)
        if not told or not held:
            raise NobodyToTell(
                _("Too few customers can be written to: nobody would be told, or nobody held back.")
            )
        row.move(WaveState.SENDING, by=by, at=at, told=told, held=held, seed=row.seed)
    else:
        row.move(WaveState.SENDING, by=by, at=at)
    return row


def _draw(outreach: Outreach, at: datetime) -> tuple[int, int]:
    """A lot for every customer; returns how many are told and how many held back."""
    numbers, held = list(audience(outreach, at).values_list("pk", flat=True)), 0
    for begin in range(0, len(numbers), BATCH):
        lots = [
            OutreachCustomer(
                outreach=outreach, customer_id=number, key=secrets.token_urlsafe(24),
                held=is_held(outreach.seed, number, outreach.held_back),
            )
            for number in numbers[begin : begin + BATCH]
        ]  # fmt: skip
        OutreachCustomer.objects.bulk_create(lots)
        held += sum(lot.held for lot in lots)
    return len(numbers) - held, held


@transaction.atomic
def stop_outreach(*, outreach: Outreach, by: User, at: datetime) -> Outreach:
    """No more of it leaves; what left has left, and the lots stay. Raises WaveStands."""
    require(by, "awareness.publish")
    row = _locked(outreach)
    if row.state != WaveState.SENDING:
        raise WaveStands
    row.move(WaveState.STOPPED, by=by, at=at)
    return row


def send_outreaches(*, by: User, at: datetime) -> int:
    """A minute's share of every outreach that goes out; returns how many letters went to the outbox.

    Any number may run at once, and any may be killed: a letter and its mark are one transaction, and its key is its
    customer's. Raises the faults once each had its turn.
    """
    require(by, "awareness.publish")
    going = Outreach.objects.filter(state=WaveState.SENDING).order_by("pk").values_list("pk", flat=True)
    return sum(each(list(going), lambda number: _send_some(number, by=by, at=at)))


@transaction.atomic
def _send_some(number: int, *, by: User, at: datetime) -> int:
    row = (
        Outreach.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("issue")
        .filter(pk=number, state=WaveState.SENDING)
        .first()
    )
    if row is None:
        return 0
    waiting = row.drawn.filter(held=False, sent_at=None, unsent="").select_related("customer")
    lots = list(waiting.order_by("pk")[: max(round(row.an_hour / TURNS_AN_HOUR), 1)])
    refused = set(
        OptOut.objects.filter(customer__in=[lot.customer_id for lot in lots]).values_list(
            "customer", flat=True
        )
    )
    sent = sum(_send(row, lot, lot.customer_id in refused, by=by, at=at) for lot in lots)
    if not waiting.exists():
        row.move(WaveState.SENT, by=by, at=at)
    return sent


def _send(outreach: Outreach, lot: OutreachCustomer, refused: bool, *, by: User, at: datetime) -> bool:
    customer = lot.customer
    if (reason := _reason_to_keep(customer, refused, at)) != "":
        lot.unsent = reason
        lot.save(update_fields=["unsent"])
        return False
    stop = absolute("stop_letters", key=lot.key)
    text = f"{words(outreach.body, outreach, customer)}\n\n-- \n{STOP}\n{stop}"
    lot.delivery = send_notice(
        to=customer.email or "", subject=words(outreach.subject, outreach, customer), text=text,
        html="".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n")), about=f"outreach:{outreach.pk}",
        key=f"outreach:{outreach.pk}:{customer.pk}", by=by, at=at,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip
    lot.sent_at = at
    lot.save(update_fields=["delivery", "sent_at"])
    return True


def _reason_to_keep(customer: Customer, refused: bool, at: datetime) -> str:
    """Why the letter stays here, although the lots were drawn; empty: it leaves."""
    if refused:
        return _("wants no letters")
    if not customer.email or customer.anonymised_at is not None:
        return _("no address")
    if customer.left_on is not None:
        return _("is no customer any more")
    return _("mail comes back") if customer.bounces(at) else ""


@transaction.atomic
def opt_out(*, lot: OutreachCustomer, by: User, at: datetime) -> None:
    """This customer gets no letters they did not ask for any more. Asked twice it is one."""
    require(by, "awareness.publish")
    row = OptOut(customer_id=lot.customer_id, outreach_id=lot.outreach_id, at=at)
    OptOut.objects.bulk_create([row], ignore_conflicts=True)


def _locked(outreach: Outreach) -> Outreach:
    return held(outreach, "issue")
