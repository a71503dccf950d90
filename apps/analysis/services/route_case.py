from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.analysis.deadlines import due_in
from apps.analysis.models import Case, CaseState
from apps.analysis.queries.ownership import Owner, best_guess, owner_of
from apps.analysis.services.access import locked, must_be_in, must_be_said
from apps.analysis.services.notify import revoke_links, tell_owner
from apps.analysis.services.open_case import weigh_money
from apps.analysis.services.stand_in import away_words, who_stands_in
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Department, Issue, Severity, User
from helpdesk.permissions import may, require
from helpdesk.queries import Away, away_at
from helpdesk.sentences import said
from helpdesk.templatetags.helpdesk import money


class NotReady(DomainError):
    """Something must be written down before the case can go to an owner."""

    code = "not-ready"


class NobodyOwnsIt(DomainError):
    """No ownership rule, issue owner or department head fits. Name the department and the person."""

    code = "nobody-owns-it"


@transaction.atomic
def describe_case(
    *,
    case: Case,
    title: str,
    statement: str,
    is_text: str,
    is_not_text: str,
    severity: int,
    issue: Issue | None = None,
    money_note: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Write down what the case is about: what, where, since when, how many; what it is, and what it is not.

    Raises WrongState once the work has begun, Invalid for an empty title or an unknown severity.
    """
    require(by, "analysis.case", case)
    case = locked(case)
    must_be_in(
        case,
        CaseState.NEW,
        CaseState.ASSESS,
        CaseState.ROUTED,
        CaseState.INVESTIGATING,
        to=_("describing it"),
    )
    if severity not in Severity.values:
        raise Invalid(_("Severity is 1 (critical) to 4 (low)."), pointer="severity")
    fields: dict[str, Any] = {
        "title": must_be_said(title, "title", _("The title"))[:200],
        "statement": statement.strip(),
        "is_text": is_text.strip(),
        "is_not_text": is_not_text.strip(),
        "severity": severity,
    }
    if money_note is not None and case.money_likely is None:
        fields["money_note"] = money_note.strip()
    if issue is not None and issue.pk != case.issue_id:
        fields["issue"] = issue
    case.change(by=by, at=at, **fields)
    if "issue" in fields:
        weigh_money(case=case, by=by, at=at)


@transaction.atomic
def route_case(
    *,
    case: Case,
    department: Department | None = None,
    owner: User | None = None,
    deputy: User | None = None,
    by: User,
    at: datetime,
) -> None:
    """Hand the case to the one person who can have its cause removed, with a letter and three days to answer.

    Without names the ownership rules decide, then the issue's owner, then the department's head. Who is away is told
    all the same, and so is who stands in. Raises WrongState, NotReady while something is not written down,
    NobodyOwnsIt, Invalid for a person who can't answer.
    """
    require(by, "analysis.route", case)
    case = locked(case)
    must_be_in(case, CaseState.ASSESS, CaseState.ROUTED, to=_("routing"))
    if missing := _missing(case):
        raise NotReady(
            _("Before %(number)s can go to an owner, write down: %(missing)s.")
            % {"number": case.number, "missing": ", ".join(missing)}
        )
    found = _owner(case, department, owner, deputy)
    for person, pointer in ((found.person, "owner"), (found.deputy, "deputy")):
        if person is not None and not may(person, "analysis.own"):
            raise Invalid(
                _("%(name)s can't answer for a case: choose a department owner.") % {"name": person.name},
                pointer=pointer,
            )
    if case.state == CaseState.ROUTED:  # somebody else, before the first one answered
        case.move(
            CaseState.ASSESS,
            due_on=due_in(CaseState.ASSESS, at),
            by=by,
            at=at,
            note=said("handed to somebody else"),
        )
    revoke_links(case=case, at=at)
    if case.needs_arbitration:
        case.change(
            needs_arbitration=False,
            is_arbitrated=True,
            by=by,
            at=at,
            note=said("decided by the case manager"),
        )
    due_on = due_in(CaseState.ROUTED, at)
    assert due_on is not None  # noqa: S101 (routed has a clock)
    away = away_at(at)
    stand_in = who_stands_in(owner=found.person, deputy=found.deputy, department=found.department, away=away)
    case.route(
        department=found.department, owner=found.person, deputy=found.deputy, stand_in=stand_in, reason=found.why,
        due_on=due_on, by=by, at=at,
    )  # fmt: skip
    _tell(case, due_on, away, by=by, at=at)


def _missing(case: Case) -> list[str]:
    checks = {
        _("the statement (what, where, since when, how many)"): case.statement,
        _("what it is"): case.is_text,
        _("what it is not"): case.is_not_text,
        _("the issue"): case.issue_id or case.evidence.filter(excluded_at=None).exists(),
        _("the money at risk, or why it is not known"): case.money_likely is not None or case.money_note,
    }
    return [name for name, given in checks.items() if not given]


def _owner(case: Case, department: Department | None, owner: User | None, deputy: User | None) -> Owner:
    if owner is not None:
        chosen = department or owner.department
        if chosen is None:
            raise Invalid(
                _("%(name)s belongs to no department. Name one.") % {"name": owner.name}, pointer="department"
            )
        return Owner(chosen, owner, deputy, said("named by hand"))
    if department is not None:
        if department.head is None:
            raise Invalid(
                _("%(department)s has no head. Name a person there.") % {"department": department},
                pointer="owner",
            )
        return Owner(
            department,
            department.head,
            deputy,
            said("named by hand; head of %(department)s", department=str(department)),
        )
    found = owner_of(case)
    if found is None:
        guess = best_guess(case)
        raise NobodyOwnsIt(f"{_(NobodyOwnsIt.__doc__ or '')} {guess}." if guess else "")
    return found if deputy is None else replace(found, deputy=deputy)


def _tell(case: Case, due_on: date, away: Away, *, by: User, at: datetime) -> None:
    customers = case.evidence.filter(excluded_at=None).values("ticket__customer").distinct().count()
    is_away = case.owner is not None and case.owner in away

    def words() -> tuple[str, list[str]]:
        lines = [
            *([away_words(case.owner, case.stand_in, away)] if case.owner and is_away else []),
            case.statement,
            (
                _("%(customers)s customers so far. %(money_words)s")
                % {"customers": customers, "money_words": money_words(case)}
            ).strip(),
            (
                _(
                    "Please answer by %(due_on)s: accept it with a date, say whose it is if it is not yours, "
                    "ask for what is missing, say since when it is fixed, or accept the risk."
                )
                % {"due_on": date_format(due_on, "l, j F")}
            ),
        ]
        return _("%(title)s: your answer is due") % {"title": case.title}, lines

    tell_owner(case, words, by=by, at=at)


def money_words(case: Case) -> str:
    """“$ 61,000 at risk a quarter ($ 41,000 to $ 88,000).”"""
    if case.money_likely is None or case.money_low is None or case.money_high is None:
        return ""
    between = _("%(money_low)s to %(money_high)s") % {
        "money_low": money(case.money_low),
        "money_high": money(case.money_high),
    }
    return _("%(money_likely)s at risk a quarter (%(between)s).") % {
        "money_likely": money(case.money_likely),
        "between": between,
    }
