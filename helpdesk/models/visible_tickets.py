"""Who may know of which tickets: people of the house, and customers outside. Asked through `TicketQuerySet` alone."""

from typing import TYPE_CHECKING

from django.db.models import F, Q

from helpdesk.models.user import Role

if TYPE_CHECKING:
    from helpdesk.models.customer import Customer
    from helpdesk.models.user import User

NONE = Q(pk__in=[])


def seen_by(user: "User") -> Q:
    if not user.is_active:
        return NONE
    if user.role in {Role.ADMIN, Role.ANALYST}:
        return Q()
    if user.role == Role.CUSTOMER:
        return Q(customer_id=user.customer_id)
    # A program, or the hand of a rule, may be one department's.
    if user.role in {Role.API_CLIENT, Role.SYSTEM} and user.department_id is None:
        return Q()
    if user.role == Role.OWNER and user.department_id is not None:
        # An owner sees, besides the department's own tickets, those whose issue the department owns.
        return Q(department_id=user.department_id) | Q(primary_issue__owner_department_id=user.department_id)
    return Q(department_id=user.department_id) | Q(assignee_id=user.pk)


def seen_outside_by(customer: "Customer") -> Q:
    if customer.merged_into_id is not None or customer.anonymised_at is not None:
        return NONE
    own = Q(customer=customer)
    organisation = customer.member_of if customer.is_manager else None
    if organisation is None or organisation.managers_may == organisation.ManagersMay.NOTHING:
        return own
    joined = Q(customer__member_since=None) | Q(opened_at__gte=F("customer__member_since"))
    return own | Q(customer__member_of=organisation, customer__anonymised_at=None) & joined
