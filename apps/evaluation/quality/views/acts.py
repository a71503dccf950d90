"""What the pages of quality share: their tabs, and the answer to a pressed button."""

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from helpdesk.acting import tried
from helpdesk.http import PageRequest
from helpdesk.permissions import may

TABS = (
    ("quality", gettext_noop("Team"), "evaluation.view"),
    ("quality_reviews", gettext_noop("Reviews"), "evaluation.answer_review"),
    ("quality_scorecards", gettext_noop("Scorecards"), "evaluation.answer_review"),
    ("quality_calibration", gettext_noop("Calibration"), "evaluation.review"),
)


def show(
    request: PageRequest, page: str, context: Mapping[str, object], *, tab: str, status: int = 200
) -> HttpResponse:
    """One of the pages of quality, with the tabs this person may press."""
    tabs = [
        {"label": _(label), "url": reverse(name), "current": name == tab}
        for name, label, verb in TABS
        if may(request.user, verb)
    ]
    section = "quality" if tab != "quality_reviews" else tab
    shown = {**context, "tabs": tabs, "current_section": section}
    return render(request, f"evaluation/quality/{page}.html", shown, status=status)


def press(
    request: PageRequest, act: Callable[[], object], said: str, then: str, **kwargs: int
) -> HttpResponse:
    """A button's act: done, or why not, said on the page it leads to."""
    tried(request, act, said)
    return redirect(reverse(then, kwargs=kwargs))
