"""What may be chosen for an act on a form: values as the form sends them, and what they are called."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.response.acting.nouns import ME
from apps.response.models import Macro
from apps.response.queries import choices
from helpdesk.models import Issue, Product, TicketStatus

Options = Iterable[tuple[str, str]]


def people() -> Options:
    yield ME, _("Me")
    yield "", _("Nobody")
    yield from ((str(one.pk), one.name) for one in choices.people_who_answer())


def departments() -> Options:
    return ((str(one.pk), one.name) for one in choices.departments())


def colleagues() -> Options:
    return ((value, name) for value, name in people() if value not in (ME, ""))


def issues() -> Options:
    return ((one.code, one.path) for one in Issue.objects.filter(valid_to=None).leaves().order_by("path"))


def macros() -> Options:
    rows = Macro.objects.filter(is_active=True, owner=None).order_by("name")
    return ((str(one.pk), one.name) for one in rows.only("name"))


def products() -> Options:
    yield "", _("Not known")
    yield from ((one.code, one.name) for one in Product.objects.filter(is_active=True).order_by("name"))


def states() -> Options:
    rows = TicketStatus.objects.filter(retired_at=None)
    return ((one.key, one.label) for one in rows)
