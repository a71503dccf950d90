"""What a rule's form offers for a value that people would otherwise have to know: short names, paths, keys."""

from apps.intake.custom_fields.checking import definitions
from apps.response.queries.completing import words_of
from apps.response.query.fields import OWN
from helpdesk.custom_fields import Kind
from helpdesk.models import Department, Issue, Product, Role, Status, TicketStatus, User

MOST = 100  # of the words that tickets carry, the most frequent
_NOBODY = (Role.CUSTOMER, Role.SYSTEM, Role.API_CLIENT)


def offered(field: str, user: User) -> list[tuple[str, str]]:
    """Each value with what it is called: all there are, or the words of the newest tickets; nothing where anything may
    be said. A query at most."""
    if field.startswith(OWN):
        return _of_own(field.removeprefix(OWN))
    match field:
        case "department" | "owner":
            return list(Department.objects.order_by("name").values_list("slug", "name"))
        case "issue":
            return list(Issue.objects.filter(valid_to=None).order_by("path").values_list("path", "label"))
        case "product":
            return list(Product.objects.filter(is_active=True).order_by("name").values_list("code", "name"))
        case "status":
            own = TicketStatus.objects.filter(retired_at=None).order_by("label").values_list("key", "label")
            return [*((value, str(label)) for value, label in Status.choices), *own]
        case "assignee":
            people = User.objects.filter(is_active=True).exclude(role__in=_NOBODY)
            return list(people.order_by("name").values_list("email", "name"))
        case "tag" | "region" | "segment":
            return [(word, "") for word in getattr(words_of(user), field)[:MOST]]
    return []


def _of_own(key: str) -> list[tuple[str, str]]:
    one = next((one for one in definitions() if one.key == key), None)
    choices = () if one is None else ("yes", "no") if one.kind == Kind.YES_NO else one.choices
    return [(choice, "") for choice in choices]
