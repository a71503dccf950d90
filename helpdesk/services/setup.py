"""The first minute of a new helpdesk."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helpdesk import events
from helpdesk.errors import DomainError
from helpdesk.locales import as_read_by
from helpdesk.models import Department, IssueKind, Role, User
from helpdesk.services.taxonomy import publish_taxonomy
from helpdesk.services.taxonomy_changes import AddIssue


class AlreadySetUp(DomainError):
    """This helpdesk already has an administrator. Sign in, or ask that person for an account."""

    code = "already-set-up"


@transaction.atomic
def create_first_admin(
    *, name: str, email: str, password: str, company: str, language: str = "", at: datetime
) -> User:
    """Make the first administrator of an empty helpdesk and the department that takes every ticket at first.

    What is laid out for them is named in their language, which is the company's at first. Raises AlreadySetUp when
    any person exists.
    """
    with connection.cursor() as cursor:  # two browsers on the set-up page must not both win
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first admin'))")
    if User.objects.exclude(role=Role.SYSTEM).exists():
        raise AlreadySetUp
    desk = Department.objects.create(name=company, slug="front-desk", is_default=True)
    admin = User.objects.create_user(
        email=email, name=name, password=password, role=Role.ADMIN, department=desk, language=language
    )
    desk.head = admin
    desk.save(update_fields=["head"])
    with as_read_by(admin):
        publish_taxonomy(changes=_four_others(), note=_("The four ways of having no code"), by=admin, at=at)
    events.record("house.opened", by=admin, at=at)
    return admin


def _four_others() -> list[AddIssue]:
    return [
        AddIssue(code="no-fitting-code", label=_("No fitting code"), kind=IssueKind.NO_CODE),
        AddIssue(code="not-enough-information", label=_("Not enough information"), kind=IssueKind.NOT_ENOUGH),
        AddIssue(code="not-yet-determined", label=_("Not yet determined"), kind=IssueKind.UNDETERMINED),
        AddIssue(code="no-problem", label=_("No problem"), kind=IssueKind.NO_PROBLEM),
    ]
