"""Cases and issues by name, for the palette."""

import re
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.analysis.queries.cases import found_cases
from helpdesk.models import Issue, User
from helpdesk.palette import MOST, Place
from helpdesk.permissions import may


def cases(text: str, user: User) -> Iterable[Place]:
    """By number (“RC-31”) or words. One query."""
    if not text or re.fullmatch(r"#\d*", text) or not may(user, "analysis.view"):
        return
    for case in found_cases(user, text)[:MOST]:
        yield Place(f"RC-{case.pk} {case.title}", _("Case"), reverse("case", kwargs={"number": case.pk}))


def issues(text: str, user: User) -> Iterable[Place]:
    """By label or code: the page of their numbers. One query."""
    if not text or text.startswith("#") or not may(user, "analysis.view"):
        return
    named = Issue.objects.filter(Q(label__icontains=text) | Q(code__icontains=text)).order_by("path")
    for issue in named[:MOST]:
        yield Place(issue.label, _("Issue"), reverse("issue_analysis", kwargs={"code": issue.code}))
