from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.analysis.models import OwnershipRule
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Department, Issue, Product, SuspectedCause, User
from helpdesk.permissions import may, require


class RuleExists(DomainError):
    """There is a rule for exactly this already. Remove it first."""

    code = "rule-exists"


@transaction.atomic
def add_ownership_rule(*, department: Department, issue: Issue | None = None, product: Product | None = None,
                       cause_class: str = "", person: User | None = None, deputy: User | None = None,
                       sponsor: User | None = None, by: User) -> OwnershipRule:  # fmt: skip
    """Say who owns causes in a branch of the taxonomy, of a product, of a kind. Raises RuleExists, Invalid."""
    require(by, "analysis.route")
    if cause_class and cause_class not in SuspectedCause.values:
        raise Invalid(_("There is no such kind of cause."), pointer="cause_class")
    for one, name in ((person or department.head, "person"), (deputy, "deputy")):
        if name == "person" and one is None:
            raise Invalid(
                _("%(department)s has no head: name a person.") % {"department": department}, pointer="person"
            )
        if one is not None and not (one.is_active and may(one, "analysis.own")):
            raise Invalid(
                _("%(name)s can't answer for a case: choose a department owner.") % {"name": one.name},
                pointer=name,
            )
    if sponsor is not None and not may(sponsor, "analysis.view"):
        raise Invalid(
            _("%(name)s can't look at cases: choose somebody who can.") % {"name": sponsor.name},
            pointer="sponsor",
        )
    try:
        with transaction.atomic():
            return OwnershipRule.objects.create(
                department=department,
                issue=issue,
                product=product,
                cause_class=cause_class,
                person=person,
                deputy=deputy,
                sponsor=sponsor,
            )
    except IntegrityError as error:
        raise RuleExists from error


@transaction.atomic
def remove_ownership_rule(*, rule: OwnershipRule, by: User) -> None:
    """From now on less precise rules decide; what was routed stays where it is."""
    require(by, "analysis.route")
    rule.delete()
