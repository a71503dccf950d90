"""Do reviewers mean the same? Several score the same answers, each without seeing the others."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.evaluation.models import (
    CalibrationItem,
    CalibrationMark,
    CalibrationSession,
    Criterion,
    Scorecard,
    Scoring,
)
from apps.evaluation.quality.queries.calibration import hears_discussion
from apps.evaluation.quality.services.reviews import Marks, NoScorecard, authors_of, check_marks
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.models import Department, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held

MOST_ITEMS = 20


class NotOnThePanel(DomainError):
    """You do not sit on this panel."""

    code = "not-on-the-panel"
    status = 403


class AlreadyScored(DomainError):
    """You have scored this answer. It stays as it is, for you may have seen the others' since."""

    code = "already-scored"


class SessionClosed(DomainError):
    """This calibration is closed: everybody has seen everything."""

    code = "session-closed"


class NotEverybodyHasScored(DomainError):
    """Somebody on the panel has not scored this answer yet. Wait, or close the calibration first."""

    code = "not-everybody-has-scored"


class ScoreFirst(DomainError):
    """You have not scored every answer yet. Score them first: what was discussed would tell you how."""

    code = "score-first"


@transaction.atomic
def open_calibration(
    *,
    title: str,
    tickets: Sequence[Ticket],
    panel: Sequence[User],
    department: Department | None = None,
    by: User,
    at: datetime,
) -> CalibrationSession:
    """Ask several reviewers to score the same answers by the form in use.

    Raises Invalid for a panel of one, for a ticket that nobody answered or that somebody on the panel may not see
    or has answered; NoScorecard; NotAllowed for another department's.
    """
    require(by, "evaluation.review")
    if not may(by, "helpdesk.configure") and (department is None or department.pk != by.department_id):
        raise NotAllowed(_("You calibrate in your own department. Ask an administrator for the others."))
    if not title.strip():
        raise Invalid(_("Give it a name."), pointer="title")
    _check_panel(panel)
    used = Scorecard.objects.in_use(department.pk if department else None).first()
    if used is None:
        raise NoScorecard
    authors = _check_tickets(tickets, panel, by)
    session = CalibrationSession.objects.create(
        title=title.strip(), department=department, scorecard=used, opened_by=by, opened_at=at
    )
    session.panel.set(panel)
    CalibrationItem.objects.bulk_create(
        CalibrationItem(session=session, place=place, ticket=ticket, agent_id=authors[ticket.pk])
        for place, ticket in enumerate(tickets, 1)
    )
    session.record("calibration.opened", by=by, at=at)
    return session


@transaction.atomic
def score_item(*, item: CalibrationItem, marks: Marks, by: User, at: datetime) -> Scoring:
    """Score one answer of a session, for good. Raises NotOnThePanel, SessionClosed, AlreadyScored, Invalid."""
    session = _locked(item.session, by)
    if not session.panel.filter(pk=by.pk).exists():
        raise NotOnThePanel
    if not session.is_open:
        raise SessionClosed
    require(by, "response.view", item.ticket)
    if item.scorings.filter(reviewer=by).exists():
        raise AlreadyScored
    scoring = Scoring.objects.create(item=item, reviewer=by, scored_by=by, scored_at=at)
    _write(scoring, session, marks)
    return scoring


@transaction.atomic
def agree_on_item(*, item: CalibrationItem, marks: Marks, by: User, at: datetime) -> Scoring:
    """Write down what the panel agreed on; saying it again replaces it. Raises NotOnThePanel, NotEverybodyHasScored,
    Invalid."""
    session = _locked(item.session, by)
    _require_voice(session, by)
    seats = session.panel.count()
    if session.is_open and item.scorings.exclude(reviewer=None).count() < seats:
        raise NotEverybodyHasScored
    item.scorings.filter(reviewer=None).delete()
    scoring = Scoring.objects.create(item=item, reviewer=None, scored_by=by, scored_at=at)
    _write(scoring, session, marks)
    return scoring


@transaction.atomic
def note_discussion(*, session: CalibrationSession, words: str, by: User) -> CalibrationSession:
    """What was discussed, before or after closing. Raises NotOnThePanel, and ScoreFirst to who would read it too
    early."""
    session = _locked(session, by)
    _require_voice(session, by)
    if not hears_discussion(session, by):
        raise ScoreFirst
    session.discussion = words.strip()
    session.save(update_fields=["discussion"])
    return session


@transaction.atomic
def close_calibration(*, session: CalibrationSession, by: User, at: datetime) -> CalibrationSession:
    """Show everybody everything; nobody scores any more. Raises SessionClosed, NotAllowed for who has not opened it."""
    session = _locked(session, by)
    if not session.is_open:
        raise SessionClosed
    if by.pk != session.opened_by_id and not may(by, "helpdesk.configure"):
        raise NotAllowed(_("Who opened a calibration closes it, or an administrator."))
    session.close(by=by, at=at)
    return session


def _check_panel(panel: Sequence[User]) -> None:
    if len({one.pk for one in panel}) < 2:
        raise Invalid(_("A panel is two reviewers or more."), pointer="panel")
    for one in panel:
        if not may(one, "evaluation.review"):
            raise Invalid(_("%(one)s does not review answers.") % {"one": one}, pointer="panel")


def _check_tickets(tickets: Sequence[Ticket], panel: Sequence[User], by: User) -> dict[int, int]:
    """Who answered each of them most. Raises Invalid."""
    numbers = [ticket.pk for ticket in tickets]
    if not 1 <= len(set(numbers)) <= MOST_ITEMS:
        raise Invalid(_("From 1 to %(most_items)s tickets.") % {"most_items": MOST_ITEMS}, pointer="tickets")
    if len(set(numbers)) < len(numbers):
        raise Invalid(_("Name each ticket once."), pointer="tickets")
    for one in {person.pk: person for person in (*panel, by)}.values():
        seen = set(Ticket.objects.visible_to(one).filter(pk__in=numbers).values_list("pk", flat=True))
        if hidden := sorted(set(numbers) - seen):
            raise Invalid(
                _("%(one)s does not see ticket #%(hidden)s.") % {"one": one, "hidden": hidden[0]},
                pointer="tickets",
            )
    found = {ticket.pk: authors_of(ticket) for ticket in tickets}
    for number, authors in found.items():
        if not authors:
            raise Invalid(
                _("Nobody has answered ticket #%(number)s yet.") % {"number": number}, pointer="tickets"
            )
        if own := [one for one in panel if one.pk in authors]:
            raise Invalid(
                _("%(own)s answered ticket #%(number)s: nobody scores their own.")
                % {"own": own[0], "number": number},
                pointer="tickets",
            )
    return {number: max(authors, key=lambda author: authors[author]) for number, authors in found.items()}


def _locked(session: CalibrationSession, by: User) -> CalibrationSession:
    require(by, "evaluation.review", session)
    return held(session, "scorecard")


def _require_voice(session: CalibrationSession, by: User) -> None:
    """On the panel, or who opened it."""
    if by.pk != session.opened_by_id and not session.panel.filter(pk=by.pk).exists():
        raise NotOnThePanel


def _write(scoring: Scoring, session: CalibrationSession, marks: Marks) -> None:
    criteria = list(Criterion.objects.filter(scorecard=session.scorecard_id))
    check_marks(criteria, marks)
    for one in criteria:
        if one.code not in marks:
            raise Invalid(_("Answer it, or say that it does not apply."), pointer=one.code)
    CalibrationMark.objects.bulk_create(
        CalibrationMark(
            scoring=scoring, criterion=one, value=marks[one.code].value, note=marks[one.code].note
        )
        for one in criteria
    )
