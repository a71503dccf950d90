"""What `manage.py recompute` answers for pages: their figures again, as of any moment. See `config/figures.py`."""

from datetime import datetime, timedelta

from apps.analysis.deadlines import yesterday
from apps.analysis.figures import Asked
from apps.analysis.issue_figures import IssueAsked
from apps.analysis.models import Case
from apps.analysis.provenance import Address, Answer
from apps.analysis.queries.case_figures import WEEKS, case_figures
from apps.analysis.queries.changes import CASES, TICKETS, changes_since, counted_since
from apps.analysis.queries.department import department_from, department_page
from apps.analysis.queries.exposure import YEARS, exposure_page
from apps.analysis.queries.figures import figures
from apps.analysis.queries.issue_figures import issue_figures
from apps.analysis.queries.ledger import visible_ledger
from apps.analysis.queries.prospect import baseline_of
from helpdesk.models import Department, Issue, User


def analysis(address: Address, at: datetime) -> Answer:
    """The analysis page, its file and the figures API."""
    found = figures(Asked.read(address.asked), at=at)
    first = found.figures.first - (found.figures.last - found.figures.first) - timedelta(days=1)
    changed = (*changes_since(at, TICKETS), *counted_since(at, first, found.figures.last))
    return Answer(found.figures, found.provenance, changed=changed)


def issue(address: Address, at: datetime) -> Answer:
    """The page of one issue."""
    row = Issue.objects.filter(pk=address.number).first()
    if row is None:
        raise ValueError(f"there is no issue {address.number}")
    found = issue_figures(row, IssueAsked.read(address.asked), at=at)
    changed = (
        *changes_since(at, TICKETS), *changes_since(at, CASES),
        *counted_since(at, found.read.contacts.first, found.figures.last),
    )  # fmt: skip
    return Answer(found.figures, found.provenance, changed=changed)


def ledger(address: Address, at: datetime) -> Answer:
    """The prevention ledger of one person, or of all cases."""
    found, where = visible_ledger(_person(address), at=at)
    return Answer(found.figures, where, changed=changes_since(at, CASES))


def department(address: Address, at: datetime) -> Answer:
    """What a department has to do and how it answers. Cases are taken as they stand now."""
    user, slug = _person(address), address.name.partition(":")[2]
    row = Department.objects.filter(slug=slug).first()
    if row is None:
        raise ValueError(f"there is no department {slug}")
    page = department_page(row, user=user, at=at)
    where = department_from(page, user=user, at=at)
    return Answer(page.figures, where, changed=changes_since(at, CASES))


def _person(address: Address) -> User | None:
    """Who sees part of the cases only; None: all of them."""
    address.asks_for("person")
    person = address.asked.get("person")
    user = User.objects.filter(pk=int(person)).first() if person else None
    if person and user is None:
        raise ValueError(f"there is no person {person}")
    return user


def exposure(address: Address, at: datetime) -> Answer:
    """What rates are held against."""
    address.asks_for()
    page, last = exposure_page(at=at), yesterday(at)
    return Answer(
        page.figures, page.provenance, changed=counted_since(at, last - timedelta(days=YEARS - 1), last)
    )


def case(address: Address, at: datetime) -> Answer:
    """Who is concerned by a case, week by week, and what could be proven."""
    address.asks_for("prospect")
    row = Case.objects.select_related("issue").filter(pk=address.number).first()
    if row is None:
        raise ValueError(f"there is no case {address.number}")
    verdicts = list(row.verdicts.filter(decided_at__lte=at))
    # An address says whether it was shown then; without one, it is as on the page now.
    asked = "prospect" in address.asked if address.as_of else None
    found = case_figures(row, verdicts=verdicts, at=at, with_prospect=asked)
    first = min(baseline_of(row), yesterday(at) - timedelta(days=7 * WEEKS - 1))
    changed = (
        *changes_since(at, CASES, about=[row.ref]),
        *changes_since(at, TICKETS),
        *counted_since(at, first, yesterday(at)),
    )
    return Answer(found.figures, found.provenance, changed=changed)
