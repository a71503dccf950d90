"""Satisfaction follow-up: ask after solving, sparingly, and let the answer feed the money model."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.control.models import FollowUp, Survey
from apps.control.queries import usual_problems
from apps.control.queries_asking import ask_limits
from apps.control.services.asking import draw_surveys
from apps.output.services import send_notice
from helpdesk import events
from helpdesk.each import each
from helpdesk.errors import DomainError, Invalid
from helpdesk.links import absolute
from helpdesk.locales import as_written_to
from helpdesk.models import Outcome, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

ASK_AFTER = timedelta(days=1)
CHANGE_WITHIN_DAYS = 14
CHANGED_MIND = "The customer changed the answer."
MOST_PROBLEMS = 8  # in a list that people read to its end


class SurveyClosed(DomainError):
    """Your answer has been counted and can't be changed any more. Reply to the ticket to tell us more."""

    code = "survey-closed"


@transaction.atomic
def plan_survey(*, ticket: Ticket, at: datetime) -> Survey:
    """Ask this ticket's customer a day after it was solved, unless it is open again by then."""
    survey, created = Survey.objects.get_or_create(
        ticket=ticket, defaults={"key": secrets.token_urlsafe(32), "send_at": at + ASK_AFTER}
    )
    if not created and survey.sent_at is None:
        # Opened again and solved again: it is another ticket to ask about, and drawn anew.
        survey.send_at, survey.skipped = at + ASK_AFTER, ""
        survey.drawn_in = survey.rule = survey.chance = None
        survey.save(update_fields=["send_at", "skipped", "drawn_in", "rule", "chance"])
    return survey


def send_due_surveys(*, by: User, at: datetime, seed: int = 0) -> int:
    """Draw this day's surveys, send those whose hour has come, or write down why not; returns how many were dealt with.

    Many workers may send at once. Raises the faults once all had their turn.
    """
    draw_surveys(seed=seed, by=by, at=at)
    numbers = list(Survey.objects.due(at).order_by("send_at", "pk").values_list("pk", flat=True))
    shown = usual_problems(at=at) if numbers else []
    return sum(each(numbers, lambda number: _ask(number, shown, by=by, at=at)))


@transaction.atomic
def _ask(number: int, shown: Sequence[int], *, by: User, at: datetime) -> bool:
    """Deal with one survey; False when somebody else has it, or another survey of the same customer, in hand."""
    # The customer is locked with the survey: two surveys of one person are looked at one after the other, so the
    # second finds that they were asked lately. Nobody waits; what was skipped is due at the next run.
    free = Survey.objects.due(at).select_for_update(
        of=("self", "ticket__customer"), skip_locked=True, no_key=True
    )
    survey = free.select_related("ticket__customer").filter(pk=number).first()
    if survey is None:
        return False
    survey.skipped = _reason_to_skip(survey, at=at)
    if not survey.skipped:
        survey.sent_at = at
        # What they came with is no news.
        survey.offered = [issue for issue in shown if issue != survey.ticket.primary_issue_id][:MOST_PROBLEMS]
        _send(survey, by=by, at=at)
    survey.save(update_fields=["skipped", "sent_at", "offered"])
    return True


class FollowedUp(DomainError):
    """Somebody has followed this up already. Read what came of it on the page."""

    code = "followed-up"


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, note: str, by: User, at: datetime) -> FollowUp:
    """Write down what came of getting in touch. Raises Invalid without words, FollowedUp the second time."""
    require(by, "response.reply", follow_up.survey.ticket)
    row = held(follow_up)
    if row.done_at is not None:
        raise FollowedUp
    if not note.strip():
        raise Invalid(_("Say what came of it."), pointer="note")
    row.done_at, row.done_by, row.note = at, by, note.strip()
    row.save(update_fields=["done_at", "done_by", "note"])
    data = {"follow_up": row.pk, "note": row.note}
    events.record("survey.followed_up", ticket=follow_up.survey.ticket, by=by, at=at, data=data)
    return row


@transaction.atomic
def answer_survey(
    *, survey: Survey, outcome: str, settled_at_first: bool | None = None, would_buy_again: bool | None = None,
    would_recommend: int | None = None, told_others: int | None = None, problems: Sequence[int] = (),
    comment: str = "", by: User, at: datetime,
) -> Survey:  # fmt: skip
    """Keep what the customer says, on the survey and on the ticket; for two weeks they may change their mind.

    Raises Invalid for an unknown outcome, a recommendation over ten or a problem that was not shown, SurveyClosed
    afterwards.
    """
    require(by, "control.answer_survey", survey.ticket)
    if outcome not in Outcome.values:
        raise Invalid(_("Choose one of the three answers."), pointer="outcome")
    if would_recommend is not None and not 0 <= would_recommend <= 10:
        raise Invalid(_("A number from 0 to 10."), pointer="would_recommend")
    survey = held(survey, "ticket")
    if not survey.is_open_to(at=at, days=CHANGE_WITHIN_DAYS):
        raise SurveyClosed
    if not set(problems) <= set(survey.offered):
        raise Invalid(_("Choose among the problems that are shown."), pointer="problems")
    survey.outcome, survey.would_buy_again, survey.told_others = outcome, would_buy_again, told_others
    survey.settled_at_first, survey.would_recommend = settled_at_first, would_recommend
    survey.problems, survey.comment = sorted(set(problems)), comment.strip()
    survey.answered_at = survey.answered_at or at
    survey.save(update_fields=["outcome", "would_buy_again", "told_others", "settled_at_first", "would_recommend",
                               "problems", "comment", "answered_at"])  # fmt: skip
    if outcome == Outcome.DISSATISFIED:
        FollowUp.objects.get_or_create(survey=survey, defaults={"opened_at": at})
    else:
        FollowUp.objects.filter(survey=survey, done_at=None).update(done_at=at, done_by=by, note=CHANGED_MIND)
    survey.ticket.answer_survey(
        outcome=outcome, would_buy_again=would_buy_again, told_others=told_others, by=by, at=at
    )
    return survey


def _reason_to_skip(survey: Survey, *, at: datetime) -> str:
    ticket, customer = survey.ticket, survey.ticket.customer
    if ticket.is_open:
        return "open again"
    if ticket.merged_into_id is not None:
        return "merged"
    if not customer.email or customer.anonymised_at or customer.bounces(at):
        return "no address"
    rest = timedelta(days=ask_limits().rest_days)
    lately = Survey.objects.filter(ticket__customer=customer, sent_at__gt=at - rest)
    return "asked lately" if lately.exists() else ""


def _send(survey: Survey, *, by: User, at: datetime) -> None:
    ticket, page = survey.ticket, absolute("survey", key=survey.key)
    with as_written_to(ticket.customer, language=ticket.language):
        choices = "\n".join(f"{outcome.label}: {page}?outcome={outcome.value}" for outcome in Outcome)
        subject = _("Were you happy with our answer? #%(number)s") % {"number": ticket.pk}
        text = _(
            "Hello %(name)s,\n\nwe think this is solved: %(subject)s\nWere you happy with how it was "
            "handled? Choose a line; the page asks before it counts.\n\n%(choices)s\n"
        ) % {"name": ticket.customer.name, "subject": ticket.subject, "choices": choices}
    send_notice(
        to=ticket.customer.email or "", subject=subject, text=text,
        ticket=ticket, key=f"survey:{survey.pk}", by=by, at=at,
    )  # fmt: skip
