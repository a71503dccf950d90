"""Tags while one types them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.response.queries.tags import tags_like
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import require

MAX_LENGTH = 400


@login_required
@require_GET
def complete_tags(request: PageRequest) -> HttpResponse:
    """What could stand where the caret is, in a list with commas."""
    require(request.user, "response.classify")
    text = request.GET.get("q", "")[:MAX_LENGTH]
    caret = min(number_in(request.GET.get("at", "")) or 0, len(text))
    head, _, word = text[:caret].rpartition(",")
    rest = text[caret:].partition(",")[2]
    others = frozenset(tag.strip() for tag in f"{head},{rest}".split(","))
    before = f"{head}, " if head else ""
    options = [
        {"tag": tag, "fill": f"{before}{tag.name}, {rest.lstrip()}", "at": len(f"{before}{tag.name}, ")}
        for tag in tags_like(word, user=request.user, besides=others)
    ]
    return render(request, "response/_tags_found.html", {"options": options})
