"""Who owns the cause of a case."""

from dataclasses import dataclass

from apps.analysis.models import Case, OwnershipRule
from helpdesk.models import Department, User


@dataclass(frozen=True)
class Owner:
    """A department, the one person there, and who stands in."""

    department: Department
    person: User
    deputy: User | None = None


def owner_of(case: Case) -> Owner | None:
    """The most precise ownership rule that fits; else the issue's own owner; else the head of its department."""
    return _by_rule(case) or _by_issue(case)


def _by_rule(case: Case) -> Owner | None:
    path = case.issue.path if case.issue else ""
    product = case.value if case.dimension == "product" else ""
    verified = {cause.cause_class for cause in case.causes.all() if cause.state == "verified"}
    rules = OwnershipRule.objects.select_related("issue", "product", "department__head", "person", "deputy")
    fitting = [rule for rule in rules if _fits(rule, path, product, verified)]
    if not fitting:
        return None
    best = max(fitting, key=_precision)
    person = best.person or best.department.head
    return Owner(best.department, person, best.deputy) if person else None


def _fits(rule: OwnershipRule, path: str, product: str, classes: set[str]) -> bool:
    in_subtree = rule.issue is None or path == rule.issue.path or path.startswith(rule.issue.path + "/")
    of_product = rule.product is None or rule.product.code == product
    of_class = not rule.cause_class or rule.cause_class in classes
    return in_subtree and of_product and of_class


def _precision(rule: OwnershipRule) -> tuple[bool, bool, int]:
    """A known kind of cause says more than a product, and that more than the branch of the taxonomy."""
    depth = rule.issue.path.count("/") + 1 if rule.issue else 0
    return bool(rule.cause_class), rule.product is not None, depth


def _by_issue(case: Case) -> Owner | None:
    if case.issue is None or case.issue.owner_department is None:
        return None
    person = case.issue.owner or case.issue.owner_department.head
    return Owner(case.issue.owner_department, person) if person else None
