"""The pages of the taxonomy: tree, table, work queue, one change of one node, the draft, the releases."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from apps.evaluation.queries import window
from apps.evaluation.taxonomy import services as own
from apps.evaluation.taxonomy.effect import Effect, effect
from apps.evaluation.taxonomy.files import MAX_BYTES, as_csv, as_json, exported, read_lines
from apps.evaluation.taxonomy.forms import ACTS, AddForm, ChangeForm, ImportForm, PublishForm, acts_for
from apps.evaluation.taxonomy.packs import packs
from apps.evaluation.taxonomy.releases import releases
from apps.evaluation.taxonomy.tree import read_tree, rows
from apps.evaluation.taxonomy.work import work_queue
from helpdesk import services
from helpdesk.acting import done, refuse, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import ChangeSet, DraftChange, Issue, Recoding, TaxonomyRelease
from helpdesk.permissions import require

A_PAGE = 20
MONTHS = 6  # the work queue looks back as far as the page of coding quality does

View = Callable[..., HttpResponse]


def for_publishers(view: View) -> View:
    """Only for those who may publish, to read as well: drafts are not for everybody's eyes."""

    @login_required
    @wraps(view)
    def guarded(request: PageRequest, **kwargs: object) -> HttpResponse:
        require(request.user, "taxonomy.publish")
        return view(request, **kwargs)

    return guarded


@for_publishers
@require_GET
def taxonomy(request: PageRequest) -> HttpResponse:
    """The tree, to be walked by arrow keys."""
    with_retired = "retired" in request.GET
    tree = read_tree(at=timezone.now(), retired=with_retired)
    return _show(request, "tree", {"tree": tree, "retired": with_retired})


@for_publishers
@require_GET
def taxonomy_table(request: PageRequest) -> HttpResponse:
    """Every node with its tickets, owner, validity and last coding."""
    with_retired, sort = "retired" in request.GET, request.GET.get("sort", "")
    nodes = rows(read_tree(at=timezone.now(), retired=with_retired), sort=sort)
    return _show(request, "table", {"nodes": nodes, "sort": sort, "retired": with_retired})


@for_publishers
@require_GET
def taxonomy_work(request: PageRequest) -> HttpResponse:
    """What should be looked at, most tickets first."""
    found = work_queue(window(months=MONTHS, at=timezone.now()))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return _show(request, "work", {"tasks": list(page), "page": page})


@for_publishers
def add_issue(request: PageRequest) -> HttpResponse:
    """A new node, for the draft."""
    given = request.POST if request.method == "POST" else None
    form = AddForm(given, initial={"parent": request.GET.get("parent", "")})
    if form.is_valid() and _draft(request, form):
        return redirect("taxonomy_draft")
    return render(request, "evaluation/taxonomy/add.html", {"form": form}, status=422 if form.errors else 200)


@for_publishers
def change_issue(request: PageRequest, code: str, act: str) -> HttpResponse:
    """One change of one node, for the draft."""
    node = get_object_or_404(Issue.objects.select_related("parent", "owner", "owner_department"), code=code)
    acts = acts_for(node, is_branch=node.children.filter(valid_to=None).exists())
    if act not in ACTS:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = ACTS[act](given, node=node, initial={"into": request.GET.get("into", "")})
    if form.is_valid() and _draft(request, form):
        return redirect("taxonomy_draft")
    tabs = [{"label": ACTS[one].title, "url": _act_url(node, one), "current": one == act} for one in acts]
    context = {"form": form, "node": node, "tabs": tabs}
    return render(request, "evaluation/taxonomy/change.html", context, status=422 if form.errors else 200)


@for_publishers
def taxonomy_draft(request: PageRequest) -> HttpResponse:
    """The draft, what it would do, and the form that publishes it."""
    draft, at = ChangeSet.objects.draft(), timezone.now()
    if draft is None:
        return _show(request, "draft", {"change_set": None})
    found = effect(draft, by=request.user, at=at)
    given = request.POST if request.method == "POST" else None
    form = _publish_form(given, draft, found)
    if form.is_valid() and _publish(request, draft, form):
        return redirect("taxonomy_releases")
    context = {"change_set": draft, "effect": found, "form": form}
    return _show(request, "draft", context, status=422 if form.errors else 200)


@for_publishers
@require_POST
def withdraw_change(request: PageRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(DraftChange.objects.select_related("change_set"), pk=pk)
    return _act(
        request,
        lambda: services.withdraw_change(change=change, by=request.user, at=timezone.now()),
        _("Taken out of the draft."),
        then="taxonomy_draft",
    )


@for_publishers
@require_POST
def discard_change_set(request: PageRequest, pk: int) -> HttpResponse:
    change_set = get_object_or_404(ChangeSet, pk=pk)
    return _act(
        request,
        lambda: services.discard_change_set(change_set=change_set, by=request.user, at=timezone.now()),
        _("Discarded. Nothing was published."),
    )


@for_publishers
@require_POST
def take_up_again(request: PageRequest, pk: int) -> HttpResponse:
    change_set = get_object_or_404(ChangeSet, pk=pk)
    return _act(
        request,
        lambda: services.take_up_again(change_set=change_set, by=request.user),
        _("It is the draft again, and will not be published by itself."),
        then="taxonomy_draft",
    )


@for_publishers
@require_GET
def taxonomy_releases(request: PageRequest) -> HttpResponse:
    """What was published, what waits for its time, and how far tickets are recoded."""
    return _show(request, "releases", {"found": releases(at=timezone.now(), page=request.GET.get("page"))})


@for_publishers
@require_POST
def undo_release(request: PageRequest, number: int) -> HttpResponse:
    release = get_object_or_404(TaxonomyRelease, number=number)
    return _act(
        request,
        lambda: services.undo_release(release=release, by=request.user, at=timezone.now()),
        _("Undone by a release of its own. Recoded tickets get their codes back."),
    )


@for_publishers
@require_GET
def recoding_progress(request: PageRequest, pk: int) -> HttpResponse:
    """How far it is, for a page that looks again by itself; its end is said to who does not see it."""
    if not request.htmx:
        return redirect("taxonomy_releases")
    recoding = get_object_or_404(Recoding.objects.select_related("source"), pk=pk)
    answer = render(request, "evaluation/taxonomy/_recoding.html", {"recoding": recoding})
    if recoding.is_at_work:
        return answer
    words = _("Recoding “%(issue)s” has ended: %(n)s tickets.")
    said = words % {"issue": recoding.source.label, "n": recoding.recoded}
    return trigger_client_event(answer, "announce", {"text": said})


@for_publishers
@require_POST
def stop_recoding(request: PageRequest, pk: int) -> HttpResponse:
    recoding = get_object_or_404(Recoding, pk=pk)
    return _act(
        request,
        lambda: services.stop_recoding(recoding=recoding, by=request.user, at=timezone.now()),
        _("Stopped. What is recoded stays so."),
    )


@for_publishers
@require_POST
def recode_by_suggestion(request: PageRequest, code: str) -> HttpResponse:
    issue = get_object_or_404(Issue, code=code)
    return _act(
        request,
        lambda: own.recode_by_suggestion(issue=issue, by=request.user, at=timezone.now()),
        _("Its tickets are read now. Those the suggestion is not sure of keep their code."),
    )


@for_publishers
def taxonomy_files(request: PageRequest) -> HttpResponse:
    """Taxonomies to begin with, and the taxonomy as a file, out and in."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    found = _import(request, form) if form.is_valid() else None
    context = {"form": form, "packs": packs().values(), "found": found}
    return _show(request, "files", context, status=422 if form.errors else 200)


@for_publishers
@require_POST
def load_pack(request: PageRequest, name: str) -> HttpResponse:
    if name not in packs():
        raise Http404
    found = own.draft_lines(lines=packs()[name].lines, by=request.user, at=timezone.now())
    return _show(request, "files", {"form": ImportForm(), "packs": packs().values(), "found": found})


@for_publishers
@require_GET
def export_taxonomy(request: PageRequest, form: str) -> HttpResponse:
    """Everything there is, retired issues too."""
    latest = TaxonomyRelease.objects.first()
    number = latest.number if latest else 0
    written = as_csv(exported()) if form == "csv" else as_json(exported(), release=number)
    kind = "text/csv" if form == "csv" else "application/json"
    name = f'attachment; filename="taxonomy-{number}.{form}"'
    return HttpResponse(written, f"{kind}; charset=utf-8", headers={"Content-Disposition": name})


def _import(request: PageRequest, form: ImportForm) -> own.Imported | None:
    try:
        lines = read_lines(form.cleaned_data["file"].read(MAX_BYTES + 1))
        return own.draft_lines(lines=lines, by=request.user, at=timezone.now())
    except DomainError as error:
        form.add_error("file", error.detail)
        return None


def _draft(request: PageRequest, form: AddForm | ChangeForm) -> bool:
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if not done(form, lambda _given: services.draft_changes(changes=form.changes(), **who)):
        return False
    messages.success(request, _("It is in the draft. Look at what it would do."))
    return True


def _publish_form(given: object, draft: ChangeSet, found: Effect) -> PublishForm:
    first = {"version": draft.version, "note": draft.note}
    return PublishForm(given, initial=first, losing=found.losing, needs_number=found.needs_number)


def _publish(request: PageRequest, draft: ChangeSet, form: PublishForm) -> bool:
    given = form.cleaned_data
    asked = {
        "change_set": draft, "version": given["version"], "note": given["note"],
        "confirmed": given.get("confirmed"), "by": request.user, "at": timezone.now(),
    }  # fmt: skip
    try:
        if form.publish_at_given is not None:
            services.plan_change_set(**asked, publish_at=form.publish_at_given)
            messages.success(request, _("It will be published at that time."))
        else:
            release = services.publish_change_set(**asked)
            messages.success(request, _("Release %(n)s is published.") % {"n": release.number})
    except DomainError as error:
        refuse(form, error)
        return False
    return True


def _act(
    request: PageRequest, act: Callable[[], object], said: str, then: str = "taxonomy_releases"
) -> HttpResponse:
    """A button's act: done, or why not, said on the page it leads to."""
    tried(request, act, said)
    return redirect(then)


def _act_url(node: Issue, act: str) -> str:
    return reverse("change_issue", kwargs={"code": node.code, "act": act})


def _show(request: HttpRequest, page: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """One of the tabs: two queries for the tabs themselves, the latest release and the draft's size."""
    waiting = DraftChange.objects.filter(change_set__state="draft").count()
    tabs = [
        {"label": label, "url": reverse(name), "current": one == page, "count": count}
        for one, name, label, count in (
            ("tree", "taxonomy", _("Tree"), None),
            ("table", "taxonomy_table", _("Table"), None),
            ("work", "taxonomy_work", _("To look at"), None),
            ("draft", "taxonomy_draft", _("Draft"), waiting or None),
            ("releases", "taxonomy_releases", _("Releases"), None),
            ("files", "taxonomy_files", _("Packs and files"), None),
        )
    ]
    context |= {"tabs": tabs, "release": TaxonomyRelease.objects.first(), "current_section": "taxonomy"}
    return render(request, f"evaluation/taxonomy/{page}.html", context, status=status)
