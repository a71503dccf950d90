"""What colleagues suggest: made, backed, answered; and everybody it concerns is told what became of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from apps.analysis.models import Case
from apps.analysis.services import open_case
from apps.staff.models import Suggestion, Voice
from apps.staff.models.suggestion import MAX_TITLE, TRANSITIONS, SuggestionState
from apps.staff.services.suggestion_news import tell
from helpdesk.errors import DomainError, Invalid, NotAllowed
from helpdesk.marked import inside
from helpdesk.models import Department, Issue, Product, Ticket, User
from helpdesk.permissions import may, require
from helpdesk.rows import held
from helpdesk.sentences import Number, said
from helpdesk.services import AddIssue, codes_in_drafts, draft_changes

MAX_WORDS = 5_000
MAX_LABEL = 120


class SuggestionAnswered(DomainError):
    """This suggestion was answered meanwhile. Look at it again."""

    code = "suggestion-answered"


class OwnSuggestion(DomainError):
    """It is yours: your voice counts already."""

    code = "own-suggestion"


@transaction.atomic
def suggest(
    *, title: str, problem: str, remedy: str = "", issue: Issue | None = None, product: Product | None = None,
    department: Department | None = None, ticket: Ticket | None = None, by: User, at: datetime,
) -> Suggestion:  # fmt: skip
    """Write down what goes wrong, as somebody who works here sees it. Raises Invalid for missing or endless words, a
    retired issue, and a ticket its writer may not see."""
    require(by, "staff.suggest")
    words = _words(title, problem, remedy)
    _must_be_theirs(issue, ticket, by)
    return Suggestion.make(
        **words, issue=issue, product=product, department=department, ticket=ticket, by=by, at=at
    )


@transaction.atomic
def edit_suggestion(
    *, suggestion: Suggestion, title: str, problem: str, remedy: str = "", issue: Issue | None = None,
    product: Product | None = None, department: Department | None = None, ticket: Ticket | None = None, by: User,
    at: datetime,
) -> Suggestion:  # fmt: skip
    """Say it better, while it waits; the history keeps the words before. Raises NotAllowed for somebody else's,
    SuggestionAnswered, Invalid."""
    require(by, "staff.suggest")
    row = _locked(suggestion)
    if row.suggested_by_id != by.pk and not may(by, "staff.answer"):
        raise NotAllowed(
            gettext("Only %(name)s, leads and analysts change these words.") % {"name": row.suggested_by.name}
        )
    if not row.is_waiting:
        raise SuggestionAnswered
    words = _words(title, problem, remedy)
    _must_be_theirs(issue, ticket if ticket != row.ticket else None, by)
    row.write(**words, issue=issue, product=product, department=department, ticket=ticket, by=by, at=at)
    return row


@transaction.atomic
def back_suggestion(*, suggestion: Suggestion, by: User, at: datetime) -> Voice:
    """Say that one sees the same; twice is once. Raises OwnSuggestion, SuggestionAnswered when it was declined or is
    part of another: back that one."""
    require(by, "staff.suggest")
    row = _locked(suggestion)
    if row.suggested_by_id == by.pk:
        raise OwnSuggestion
    if row.state in (SuggestionState.DECLINED, SuggestionState.MERGED):
        raise SuggestionAnswered
    voice, made = Voice.objects.get_or_create(suggestion=row, user=by, defaults={"at": at})
    if made:
        row.record("suggestion.backed", by=by, at=at)
    return voice


@transaction.atomic
def withdraw_voice(*, suggestion: Suggestion, by: User, at: datetime) -> None:
    """Take one's voice back; without one nothing happens."""
    require(by, "staff.suggest")
    row = _locked(suggestion)
    removed, _ = Voice.objects.filter(suggestion=row, user=by).delete()
    if removed:
        row.record("suggestion.unbacked", by=by, at=at)


@transaction.atomic
def take_up_suggestion(
    *, suggestion: Suggestion, case: Case | None = None, issue: Issue | None = None, answer: str = "", by: User,
    at: datetime,
) -> Suggestion:  # fmt: skip
    """Make a root-cause case of it, or link it to one that is open. From then on the case says what becomes of it.

    Raises SuggestionAnswered, Invalid where neither issue nor ticket nor case is named, NotFound for a case that its
    reader may not see.
    """
    require(by, "staff.answer")
    if case is not None:
        require(by, "analysis.case", case)
        # Held until the suggestion stands with it: one that closes meanwhile would tell nobody how it ended.
        case = held(case)
    row = _answerable(suggestion, SuggestionState.TAKEN_UP)
    if case is None:
        case = _opened(row, issue or row.issue, by=by, at=at)
    elif not case.is_open:
        raise Invalid(
            gettext("%(number)s is closed. Name an open case, or none to open one.")
            % {"number": case.number},
            pointer="case",
        )
    row.answer_with(SuggestionState.TAKEN_UP, answer=answer.strip(), case=case, by=by, at=at)
    tell(row, said("It is looked into as %(number)s.", number=case.number), by=by, at=at)
    return row


@transaction.atomic
def propose_issue(
    *,
    suggestion: Suggestion,
    label: str,
    under: Issue | None = None,
    answer: str = "",
    by: User,
    at: datetime,
) -> Suggestion:
    """Say that the taxonomy lacks an issue for it. Who publishes the taxonomy puts it into the draft; when that is who
    proposes, it stands there at once. Raises SuggestionAnswered, Invalid."""
    require(by, "staff.answer")
    row = _answerable(suggestion, SuggestionState.PROPOSED)
    label = " ".join(label.split())
    if not label or len(label) > MAX_LABEL:
        raise Invalid(
            gettext("The customers' words for it, in 1 to %(max_label)s characters.")
            % {"max_label": MAX_LABEL},
            pointer="label",
        )
    row.answer_with(SuggestionState.PROPOSED, answer=answer.strip(), label=label, under=under, by=by, at=at)
    if may(by, "taxonomy.publish"):
        draft_proposed(suggestion=row, by=by, at=at)
    tell(row, said("It is proposed as a new issue: “%(label)s”.", label=label), by=by, at=at)
    return row


@transaction.atomic
def draft_proposed(*, suggestion: Suggestion, by: User, at: datetime) -> Suggestion:
    """Put the proposed issue into the draft of the taxonomy. Raises SuggestionAnswered when it is not proposed, or
    stands there already; Invalid what the draft refuses."""
    require(by, "taxonomy.publish")
    row = _locked(suggestion)
    if row.state != SuggestionState.PROPOSED or row.proposed_code:
        raise SuggestionAnswered
    code = _free_code(row.proposed_label)
    parent = row.proposed_under.code if row.proposed_under else ""
    change = AddIssue(
        code=code, label=row.proposed_label, parent=parent, definition=row.problem, examples=(row.title,),
        owner_department=row.department,
    )  # fmt: skip
    draft_changes(changes=[change], by=by, at=at)
    row.note_draft(code, by=by, at=at)
    return row


@transaction.atomic
def mind_draft(*, by: User, at: datetime) -> int:
    """Proposed issues that are neither in the taxonomy nor in a draft of it any more wait again to be put there;
    returns how many. Twice is once."""
    require(by, "staff.answer")
    rows = Suggestion.objects.select_for_update(of=("self",), no_key=True)
    drafted = rows.filter(state=SuggestionState.PROPOSED, issue=None).exclude(proposed_code="").order_by("pk")
    there = {*codes_in_drafts(), *Issue.objects.filter(valid_to=None).values_list("code", flat=True)}
    gone = [row for row in drafted if row.proposed_code not in there]
    for row in gone:
        row.forget_draft(by=by, at=at)
    return len(gone)


@transaction.atomic
def merge_suggestion(
    *, suggestion: Suggestion, into: Suggestion, answer: str = "", by: User, at: datetime
) -> Suggestion:
    """It says what another one says: its voices count there. Raises SuggestionAnswered, Invalid for itself, and for
    one that is declined or part of another."""
    require(by, "staff.answer")
    pair = {suggestion.pk, into.pk}
    locked = Suggestion.objects.select_for_update(of=("self",), no_key=True).select_related("suggested_by")
    rows = {row.pk: row for row in locked.filter(pk__in=pair).order_by("pk")}
    row, target = rows[suggestion.pk], rows[into.pk]
    _must_lead_to(row, SuggestionState.MERGED)
    if row == target:
        raise Invalid(gettext("A suggestion is not part of itself."), pointer="into")
    if target.state in (SuggestionState.MERGED, SuggestionState.DECLINED):
        raise Invalid(gettext("Name one that waits or was taken up."), pointer="into")
    row.answer_with(SuggestionState.MERGED, answer=answer.strip(), into=target, by=by, at=at)
    for part in Suggestion.objects.select_for_update(of=("self",), no_key=True).filter(merged_into=row):
        part.answer_with(SuggestionState.MERGED, answer=part.answer, into=target, by=by, at=at)
    tell(
        row,
        said("It is part of another now: “%(title)s”. Your voice counts there.", title=target.title),
        by=by,
        at=at,
    )
    return row


@transaction.atomic
def decline_suggestion(*, suggestion: Suggestion, answer: str, by: User, at: datetime) -> Suggestion:
    """Say no, and why. Raises SuggestionAnswered, Invalid without a reason."""
    require(by, "staff.answer")
    row = _answerable(suggestion, SuggestionState.DECLINED)
    if not answer.strip():
        raise Invalid(gettext("Say why: who took the trouble to write deserves a reason."), pointer="answer")
    row.answer_with(SuggestionState.DECLINED, answer=answer.strip(), by=by, at=at)
    tell(row, said("We will not do it."), by=by, at=at)
    return row


@transaction.atomic
def reopen_suggestion(*, suggestion: Suggestion, answer: str = "", by: User, at: datetime) -> Suggestion:
    """A second look at one that was declined or merged. Raises SuggestionAnswered."""
    require(by, "staff.answer")
    row = _answerable(suggestion, SuggestionState.WAITING)
    row.answer_with(SuggestionState.WAITING, answer=answer.strip(), by=by, at=at)
    tell(row, said("It is looked at again."), by=by, at=at)
    return row


def _locked(suggestion: Suggestion) -> Suggestion:
    return held(suggestion, "suggested_by", "issue", "ticket", "proposed_under", "department")


def _answerable(suggestion: Suggestion, to: SuggestionState) -> Suggestion:
    row = _locked(suggestion)
    _must_lead_to(row, to)
    return row


def _must_lead_to(row: Suggestion, to: SuggestionState) -> None:
    if to not in TRANSITIONS[row.state]:
        raise SuggestionAnswered(
            gettext("It is %(state)s already. Look at it again.") % {"state": inside(row.get_state_display())}
        )


def _opened(row: Suggestion, issue: Issue | None, *, by: User, at: datetime) -> Case:
    tickets = [row.ticket] if row.ticket else []
    if not (issue or tickets):
        raise Invalid(gettext("Name the issue it is about, or an open case it belongs to."), pointer="issue")
    case = open_case(title=row.title, issue=issue, tickets=tickets, by=by, at=at)
    remedy = gettext(" Proposed remedy: %(remedy)s") % {"remedy": row.remedy} if row.remedy else ""
    note = gettext("From a suggestion of %(name)s.") % {"name": row.suggested_by.name} + remedy
    case.change(statement=case.statement or row.problem, note=note, by=by, at=at)
    return case


def _words(title: str, problem: str, remedy: str) -> dict[str, Any]:
    words = {"title": " ".join(title.split()), "problem": problem.strip(), "remedy": remedy.strip()}
    for pointer, longest, least in (
        ("title", MAX_TITLE, 1),
        ("problem", MAX_WORDS, 1),
        ("remedy", MAX_WORDS, 0),
    ):
        if not least <= len(words[pointer]) <= longest:
            raise Invalid(
                gettext("Between %(least)s and %(longest)s characters.")
                % {"least": least, "longest": Number(longest, grouped=True)},
                pointer=pointer,
            )
    return words


def _must_be_theirs(issue: Issue | None, ticket: Ticket | None, by: User) -> None:
    if issue is not None and issue.valid_to is not None:
        raise Invalid(gettext("This issue is not in use any more. Choose another, or none."), pointer="issue")
    if ticket is not None and not ticket.is_visible_to(by):
        raise Invalid(gettext("You see no ticket of this number."), pointer="ticket")


def _free_code(label: str) -> str:
    """A code nobody uses, and none that a suggestion has in the draft, from the words."""
    stem = slugify(label)[:60].strip("-") or "suggested-issue"
    there = Issue.objects.filter(code__startswith=stem).values_list("code", flat=True)
    drafted = Suggestion.objects.filter(proposed_code__startswith=stem).values_list(
        "proposed_code", flat=True
    )
    taken = {*there, *drafted}
    return next(
        code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}-{n}") not in taken
    )
