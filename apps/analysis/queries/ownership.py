"""Who owns the cause of a case, why, and who accepted cases like it before."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F
from django.utils.translation import gettext as _

from apps.analysis.acceptance import Accepted, likely_owners
from apps.analysis.models import Case, CauseState, OwnershipRule
from helpdesk.models import Department, Issue, Product, Role, SuspectedCause, TicketIssue, User
from helpdesk.sentences import Share, Words, said

# Agents' guesses name the kind of cause while nobody has verified one: enough of them, and most of them.
LEAST_GUESSES, MOST_OF_THEM = 5, 0.5


@dataclass(frozen=True)
class Owner:
    """A department, the one person there, who stands in, and why it is them."""

    department: Department
    person: User
    deputy: User | None = None
    why: Words = ""


@dataclass(frozen=True)
class Kinds:
    """The kinds of cause a case is taken to have, and how that is known."""

    classes: frozenset[str] = frozenset()
    known_by: Words = ""


@dataclass(frozen=True)
class Guess:
    """Which department accepted cases like this one, and how sure that makes it. Shown, never acted upon."""

    department: Department
    share: float
    at_least: float
    own: int
    cases: int
    place: str

    def __str__(self) -> str:
        where = _("in %(place)s") % {"place": self.place} if self.place else _("of all")
        return _(
            "%(department)s accepted %(own)s of %(cases)s cases %(where)s: %(share)s likely (at "
            "least %(at_least)s)"
        ) % {
            "department": self.department,
            "own": self.own,
            "cases": self.cases,
            "where": where,
            "share": f"{self.share:.0%}",
            "at_least": f"{self.at_least:.0%}",
        }


def owner_of(case: Case) -> Owner | None:
    """The most precise ownership rule that fits; else the issue's own owner; else the head of its department."""
    product = case.value if case.dimension == "product" else ""
    return owner_for(issue=case.issue, product=product, kinds=kinds_of(case))


def owner_for(*, issue: Issue | None, product: str, kinds: Kinds) -> Owner | None:
    """The same for any issue, product (its code) and kinds of cause."""
    return _by_rule(issue, product, kinds) or _by_issue(issue)


def rules_in_order() -> list[OwnershipRule]:
    """Every rule, the more precise one first: where several fit, the first of them counts."""
    rules = OwnershipRule.objects.select_related(
        "issue", "product", "department__head", "person", "deputy", "sponsor"
    )
    return sorted(rules.order_by("issue__path", "pk"), key=_precision, reverse=True)


def kinds_of(case: Case) -> Kinds:
    """The verified causes' kinds; while there is none, the kind most of its tickets' agents suspect."""
    verified = {cause.cause_class for cause in case.causes.all() if cause.state == CauseState.VERIFIED}
    if verified:
        return Kinds(frozenset(verified), said("verified"))
    tickets = case.evidence.filter(excluded_at=None).values("ticket")
    guesses = TicketIssue.objects.filter(ticket__in=tickets, is_primary=True).exclude(suspected_cause="")
    counted = Counter(dict(guesses.values_list("suspected_cause").annotate(n=Count("id")).order_by()))
    if counted.total() < LEAST_GUESSES:
        return Kinds()
    kind, number = counted.most_common(1)[0]
    if number <= MOST_OF_THEM * counted.total():
        return Kinds()
    return Kinds(
        frozenset({kind}),
        said(
            "suspected by agents in %(number)s of %(total)s",
            number=Share(number / counted.total()),
            total=counted.total(),
        ),
    )


def _by_rule(issue: Issue | None, product: str, kinds: Kinds) -> Owner | None:
    path = issue.path if issue else ""
    fitting = [rule for rule in rules_in_order() if _fits(rule, path, product, kinds.classes)]
    if not fitting:
        return None
    best = fitting[0]
    person = best.person or best.department.head
    return Owner(best.department, person, best.deputy, _why(best, kinds, len(fitting))) if person else None


def _fits(rule: OwnershipRule, path: str, product: str, classes: frozenset[str]) -> bool:
    in_subtree = rule.issue is None or path == rule.issue.path or path.startswith(rule.issue.path + "/")
    of_product = rule.product is None or rule.product.code == product
    of_class = not rule.cause_class or rule.cause_class in classes
    return in_subtree and of_product and of_class


def _precision(rule: OwnershipRule) -> tuple[bool, bool, int, int]:
    """A known kind of cause says more than a product, and that more than the branch of the taxonomy; of two that say
    as much, for kinds of cause that are both verified, the older."""
    depth = rule.issue.path.count("/") + 1 if rule.issue else 0
    return bool(rule.cause_class), rule.product is not None, depth, -rule.pk


def _why(rule: OwnershipRule, kinds: Kinds, fitting: int) -> Words:
    place = rule.place
    if rule.cause_class:
        place = said("%(place)s (%(known_by)s)", place=place, known_by=kinds.known_by)
    if fitting == 1:
        return said("by the rule for %(place)s", place=place)
    return said(
        "by the rule for %(place)s, the most precise of %(fitting)s that fit", place=place, fitting=fitting
    )


def _by_issue(issue: Issue | None) -> Owner | None:
    if issue is None or issue.owner_department is None:
        return None
    if issue.owner is not None:
        return Owner(
            issue.owner_department,
            issue.owner,
            why=said("no rule fits; owner of the issue “%(label)s”", label=issue.label),
        )
    head = issue.owner_department.head
    why = said(
        "no rule fits; head of %(owner_department)s, which owns the issue “%(label)s”",
        owner_department=str(issue.owner_department),
        label=issue.label,
    )
    return Owner(issue.owner_department, head, why=why) if head else None


def sponsors_of(case: Case) -> list[User]:
    """Who hears of a case that not even the head of the department answers: the sponsor its rule names, as long as it
    stands with that department; else the administrators."""
    product = case.value if case.dimension == "product" else ""
    path, classes = case.issue.path if case.issue else "", kinds_of(case).classes
    for rule in rules_in_order():
        is_it = rule.department_id == case.owner_department_id and _fits(rule, path, product, classes)
        if is_it and rule.sponsor is not None and rule.sponsor.is_active:
            return [rule.sponsor]
    return list(User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk"))


def guesses_for(*, issue: Issue | None, product: str, but: int | None = None) -> list[Guess]:
    """The departments that accepted cases like it, the likeliest first; two queries. `but`: leave this case out."""
    others = Case.objects.all() if but is None else Case.objects.exclude(pk=but)
    rows = others.filter(accepted_at__gte=F("routed_at"), owner_department__isnull=False)
    history = [
        Accepted(department, path or "", value if dimension == "product" else "")
        for department, path, dimension, value in rows.values_list(
            "owner_department_id", "issue__path", "dimension", "value"
        )
    ]
    found = likely_owners(history, path=issue.path if issue else "", product=product)
    departments = Department.objects.in_bulk([row.department for row in found])
    return [
        Guess(departments[row.department], row.share, row.at_least, row.own, row.cases, row.place)
        for row in found
    ]


def best_guess(case: Case) -> Guess | None:
    product = case.value if case.dimension == "product" else ""
    return next(iter(guesses_for(issue=case.issue, product=product, but=case.pk)), None)


@dataclass(frozen=True)
class Answer:
    """What the page "Who owns what" answers to a question of it."""

    owner: Owner | None
    guesses: list[Guess]


def who_would_own(*, issue: Issue | None, product: Product | None, cause_class: str) -> Answer:
    """To whom a case of these would go now, and who accepted such cases before."""
    kinds = (
        Kinds(frozenset({cause_class}), _("as asked")) if cause_class in SuspectedCause.values else Kinds()
    )
    code = product.code if product else ""
    return Answer(
        owner_for(issue=issue, product=code, kinds=kinds), guesses_for(issue=issue, product=code)[:3]
    )
