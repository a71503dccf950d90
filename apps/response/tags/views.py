"""The pages of tags: which there are, and one that is renamed, merged or taken away."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.response.bulk.services import do_at_once
from apps.response.tags import services
from apps.response.tags.forms import RenameTagForm
from apps.response.tags.models import TagChange
from apps.response.tags.queries import affected, counted, tag_changes, tag_rows, tags_found
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import require

A_PAGE, CHANGES_SHOWN = 50, 20


@login_required
@require_GET
def tag_list(request: PageRequest) -> HttpResponse:
    """Every tag with how many tickets carry it and what names it, and what was changed."""
    require(request.user, services.VERB)
    words, at = request.GET.get("q", "")[:60], timezone.now()
    page = Paginator(tags_found(words, at=at), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": tag_rows(page.object_list),
        "words": words,
        "counted_at": counted(at=at).at,
        "changes": list(tag_changes()[:CHANGES_SHOWN]),
        "current_section": "tag_list",
    }
    return render(request, "response/tags.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def one_tag(request: PageRequest) -> HttpResponse:
    """What a tag touches, and the forms that rename it and take it away. Its name stands behind the question mark."""
    require(request.user, services.VERB)
    tag = request.GET.get("tag", "")[:60]
    if not tag:
        raise NotFound
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, tag)
    form = RenameTagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(
                request,
                lambda: services.rename_tag(tag=tag, **form.cleaned_data, by=request.user, at=timezone.now()),
            )
        except services.TagExists as error:
            form.data = {"into": request.POST["into"], "merge": "on"}  # the next press says it
            form.add_error("into", error.detail)
        except DomainError as error:
            form.add_error("into", error.detail)
    return _show(request, tag, form)


def _removed(request: PageRequest, tag: str) -> HttpResponse:
    try:
        return _done(request, lambda: services.remove_tag(tag=tag, by=request.user, at=timezone.now()))
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("tag_list")


def _show(request: PageRequest, tag: str, form: RenameTagForm) -> HttpResponse:
    found = affected(tag, user=request.user)
    context = {"tag": tag, "affected": found, "form": form, "current_section": "tag_list"}
    return render(request, "response/tag.html", context, status=422 if form.errors else 200)


def _done(request: PageRequest, change: Callable[[], TagChange]) -> HttpResponse:
    """The few tickets at once; of many, the page of the work that goes on."""
    made = change()
    jobs = [do_at_once(job=job, at=timezone.now()) for job in made.jobs.all()]
    going_on = [job for job in jobs if job.is_at_work]
    if going_on:
        messages.info(request, _("It is being done. You may leave this page."))
        return redirect("bulk_job", pk=going_on[0].pk)
    said = ngettext("Done, on %(n)s ticket.", "Done, on %(n)s tickets.", made.tickets)
    offers = " ".join(f"more:{url}" for url in _more(made))
    messages.success(request, said % {"n": made.tickets}, extra_tags=offers)
    return redirect("tag_list")


def _more(made: TagChange) -> list[str]:
    return [reverse("bulk_job", kwargs={"pk": job.pk}) for job in made.jobs.all()[:1]]
