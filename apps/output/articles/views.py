"""The pages of those who write articles."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.articles import services
from apps.output.articles.forms import (
    AboutForm,
    NewArticleForm,
    PartsForm,
    RefuseForm,
    TopicForm,
    WordsForm,
)
from apps.output.articles.languages import LANGUAGES, main_part, name_of
from apps.output.articles.markup import html_of
from apps.output.articles.models import WORDS, Article, ArticleVersion, Topic
from apps.output.articles.queries import (
    FILTERS,
    TextShown,
    articles_found,
    changes_between,
    files_of,
    languages_left,
    texts_of,
    title_of,
    topics_counted,
    versions_of,
    visible_article,
    visible_text,
    votes_of,
    written_at,
)
from apps.output.articles.queries_parts import questions_on
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest, number_in
from helpdesk.permissions import may, require

READ = "output.articles"


@login_required
@require_GET
def articles(request: PageRequest) -> HttpResponse:
    require(request.user, READ)
    only, text = request.GET.get("only", ""), request.GET.get("q", "")
    rows, more = articles_found(text, user=request.user, only=only, on=timezone.localdate())
    context = {
        "rows": rows,
        "more": more,
        "text": text,
        "only": only,
        "filters": FILTERS.items(),
        "today": timezone.localdate(),
        "may_write": may(request.user, services.WRITE),
        "may_report": may(request.user, "output.help_report"),
    }
    return render(request, "output/articles/list.html", context)


@login_required
def add_article(request: PageRequest) -> HttpResponse:
    require(request.user, services.WRITE)
    initial = {"language": main_part(get_language() or "en"), "department": request.user.department_id}
    form = NewArticleForm(*_sent(request), initial=initial)
    made: list[Article] = []

    def add(given: dict[str, Any]) -> None:
        made.append(
            services.add_article(
                language=given["language"], words=_words(given), values=_values(given), issues=given["issues"],
                files=given["files"], by=request.user, at=timezone.now(),
            )
        )  # fmt: skip

    if request.method == "POST" and done(form, add):
        messages.success(request, _("Kept as a draft."))
        return redirect("article", pk=made[0].pk)
    context = {"form": form}
    return render(request, "output/articles/new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def article(request: PageRequest, pk: int) -> HttpResponse:
    """One article: its words in one language, the others it is in, and what it is about."""
    require(request.user, READ)
    row = visible_article(pk, user=request.user)
    texts = texts_of(row)
    asked = request.GET.get("language", row.source_language)
    shown = next((one for one in texts if one.text.language == asked), texts[0] if texts else None)
    words = _shown_words(shown.draft, shown.text.words()) if shown else {}
    yes, no = votes_of([row]).get(row.pk, (0, 0))
    context = {
        "article": row,
        "texts": texts,
        "shown": shown,
        "words": words,
        "html": html_of(words.get("body", ""), files_of(row)),
        "changes": changes_between(shown.text.words(), shown.draft.words)
        if shown and shown.draft and shown.text.version
        else [],
        "helped": yes,
        "not_helped": no,
        "left": languages_left(row),
        "refuse_form": RefuseForm(),
        "questions": questions_on(row),
        "is_due": row.is_due(timezone.localdate()),
        "may_write": may(request.user, services.WRITE),
        "may_publish": may(request.user, services.PUBLISH),
    }
    return render(request, "output/articles/article.html", context)


def _shown_words(draft: ArticleVersion | None, published: dict[str, str]) -> dict[str, str]:
    return draft.words if draft else published


@login_required
def edit_article(request: PageRequest, pk: int) -> HttpResponse:
    """Who reads it, and what it is about."""
    require(request.user, services.WRITE)
    row = visible_article(pk, user=request.user)
    stands = {name: getattr(row, name) for name in services.FIELDS} | {"issues": row.issues_in_use}
    form = AboutForm(request.POST if request.method == "POST" else None, initial=stands)
    if request.method == "POST" and done(
        form,
        lambda given: services.change_article(
            article=row, values=_values(given), issues=given["issues"], by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("article", pk=pk)
    context = {"form": form, "article": row, "title": title_of(row)}
    return render(request, "output/articles/about.html", context, status=422 if form.errors else 200)


@login_required
def article_parts(request: PageRequest, pk: int) -> HttpResponse:
    """Which parts of an issue that was split it answers; one question after the other."""
    require(request.user, services.WRITE)
    row = visible_article(pk, user=request.user)
    wanted = number_in(request.GET.get("question", ""))
    question = questions_on(row).filter(pk=wanted).first() if wanted else questions_on(row).first()
    if request.method == "POST":  # the one they saw, answered by somebody else meanwhile or not
        question = row.questions.filter(pk=number_in(request.POST.get("question", "")) or 0).first()
    if question is None:
        messages.info(request, _("Nothing is asked of this article any more."))
        return redirect("article", pk=pk)
    form = PartsForm(request.POST if request.method == "POST" else None, question=question, article=row)
    if request.method == "POST" and done(
        form,
        lambda given: services.say_parts(
            question=question, parts=given["parts"], by=request.user, at=timezone.now()
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("article_parts" if questions_on(row).exists() else "article", pk=pk)
    context = {"form": form, "article": row, "title": title_of(row), "question": question}
    return render(request, "output/articles/parts.html", context, status=422 if form.errors else 200)


@login_required
def edit_article_text(request: PageRequest, pk: int, language: str) -> HttpResponse:
    """The words in one language, an earlier draft or a new translation: kept as a draft, or kept and put on, says the
    button."""
    require(request.user, services.WRITE)
    row = visible_article(pk, user=request.user)
    texts = texts_of(row)
    shown = next((one for one in texts if one.text.language == language), None)
    words = _shown_words(shown.draft, shown.text.words()) if shown else {}
    source = next((one for one in texts if one.text.language == row.source_language), None)
    form = WordsForm(*_sent(request), initial=words | {"seen": written_at(shown)})
    act = request.POST.get("act", "")

    def keep(given: dict[str, Any]) -> None:
        services.draft_text(
            article=row, language=language, words=_words(given), files=given["files"], seen=given["seen"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        if act == "ask":
            text = visible_text(pk, language, user=request.user)
            services.ask_review(text=text, by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, keep):
        messages.success(request, _("Waits for a review.") if act == "ask" else _("Kept as a draft."))
        if act == "more":
            return redirect("edit_article_text", pk=pk, language=language)
        return redirect(f"{_address(pk)}?language={language}")
    files, theirs = files_of(row), _written_meanwhile(request, form, shown)
    context = {
        "form": form,
        "files": files,
        "theirs": theirs,
        "theirs_html": html_of(theirs.words["body"], files) if theirs else "",
        "article": row,
        "title": title_of(row),
        "language": language,
        "language_name": name_of(language),
        "source": source if source and source.text.language != language and source.text.version else None,
        "source_html": html_of(source.text.body, files) if source else "",
    }
    return render(request, "output/articles/text.html", context, status=422 if form.errors else 200)


def _written_meanwhile(
    request: PageRequest, form: WordsForm, shown: TextShown | None
) -> ArticleVersion | None:
    """The draft of a colleague that came between: it stands beside one's own, and a second press goes on from it."""
    seen = form.cleaned_data.get("seen") if form.is_bound and not form.is_valid() else None
    if seen is None or shown is None or shown.draft is None or shown.draft.made_at == seen:
        return None
    form.data = data = request.POST.copy()
    data["seen"] = written_at(shown)
    return shown.draft


def _sent(request: PageRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@login_required
@require_GET
def new_translation(request: PageRequest, pk: int) -> HttpResponse:
    """To the page of the language that was chosen in a list."""
    require(request.user, services.WRITE)
    language = request.GET.get("language", "")
    if language not in dict(LANGUAGES):
        return redirect("article", pk=pk)
    return redirect("edit_article_text", pk=pk, language=language)


@login_required
@require_GET
def article_versions(request: PageRequest, pk: int, language: str) -> HttpResponse:
    require(request.user, READ)
    text = visible_text(pk, language, user=request.user)
    context = {
        "text": text,
        "article": text.article,
        "versions": versions_of(text),
        "may_write": may(request.user, services.WRITE),
    }
    return render(request, "output/articles/versions.html", context)


@login_required
@require_POST
def act_on_article_text(request: PageRequest, pk: int, language: str) -> HttpResponse:
    """The buttons below a text: ask for a review, publish, send back, withdraw, discard, restore, confirm."""
    require(request.user, READ)
    text = visible_text(pk, language, user=request.user)
    act: dict[str, Any] = {"text": text, "by": request.user, "at": timezone.now()}
    given = WordsForm(request.POST)
    given.is_valid()
    number = request.POST.get("number", "")
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "ask": (lambda: services.ask_review(**act), _("Waits for a review.")),
        "publish": (
            lambda: services.publish_text(
                **act, seen=given.cleaned_data.get("seen"), read=request.POST.get("read") == "on"
            ),
            _("Published."),
        ),
        "refuse": (
            lambda: services.refuse_draft(**act, why=request.POST.get("why", "")),
            _("Sent back to its author."),
        ),
        "withdraw": (lambda: services.withdraw_text(**act), _("Nobody outside reads it any more.")),
        "discard": (lambda: services.discard_draft(**act), _("The draft is gone.")),
        "confirm": (lambda: services.confirm_translation(**act), _("Noted: it still says the same.")),
        "restore": (
            lambda: services.restore_version(**act, number=int(number) if number.isdecimal() else 0),
            _("Its words are the draft now."),
        ),
    }
    if found := deeds.get(request.POST.get("act", "")):
        tried(request, *found)
    if not Article.objects.filter(pk=pk).exists():
        return redirect("articles")
    return redirect(f"{_address(pk)}?language={language}")


@login_required
def topics(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """The shelves of the help centre, and a form for one of them or a new one."""
    require(request.user, services.PUBLISH)
    chosen = get_object_or_404(Topic, pk=pk) if pk else None
    initial = (
        {"slug": chosen.slug, "position": chosen.position}
        | {f"name_{code}": name for code, name in chosen.names.items()}
        if chosen
        else {}
    )
    form = TopicForm(request.POST if request.method == "POST" else None, initial=initial)
    by: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if chosen and request.POST.get("act") == "remove":
        tried(request, lambda: services.remove_topic(topic=chosen, **by), _("Removed."))
        return redirect("topics")
    if request.method == "POST" and done(
        form,
        lambda given: services.save_topic(
            topic=chosen, slug=given["slug"], names=form.names, position=given["position"], **by
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("topics")
    context = {"form": form, "chosen": chosen, "topics": topics_counted()}
    return render(request, "output/articles/topics.html", context, status=422 if form.errors else 200)


def _words(given: dict[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in WORDS}


def _values(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in services.FIELDS}


def _address(pk: int) -> str:
    return reverse("article", kwargs={"pk": pk})
