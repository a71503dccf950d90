"""Messages to the customers of a case, and the page where they say whether it is gone."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.models import Case
from apps.awareness import services
from apps.awareness.models.wave import Gone, Wave, WaveKind, WaveLetter
from apps.awareness.queries.waves import name_of, wave_page, waves_of
from apps.awareness.services.waves import MAX_AN_HOUR, MAX_BODY, MAX_QUESTION, MAX_SUBJECT
from apps.intake.language import LANGUAGES
from helpdesk.acting import done, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.numbers import WholeNumber
from helpdesk.permissions import require


class WaveForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=MAX_SUBJECT)
    body = forms.CharField(label=_("Text"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 10}))
    an_hour = WholeNumber(label=_("Letters an hour"), min_value=1, max_value=MAX_AN_HOUR)


class WaveTextForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=MAX_SUBJECT)
    body = forms.CharField(label=_("Text"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 10}))
    question = forms.CharField(
        label=_("Above the link to “is it gone?”"), required=False, max_length=MAX_QUESTION,
        help_text=_("Empty: in English."),
    )  # fmt: skip


class GoneForm(forms.Form):
    answer = forms.ChoiceField(label=_("Is it gone for you?"), choices=Gone.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("In your words (optional)"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@login_required
@require_GET
def case_waves(request: PageRequest, number: int) -> HttpResponse:
    """The box on a case: what its customers were told, what they answered, and how to tell them."""
    require(request.user, "awareness.publish")
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=number)
    context = {"case": case, "waves": waves_of(case), "kinds": WaveKind.choices}
    return render(request, "awareness/_waves.html", context)


@login_required
@require_POST
def draft_wave(request: PageRequest, number: int, kind: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=number)
    try:
        row = services.draft_wave(case=case, kind=kind, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.detail)
        return redirect("case", number=case.pk)
    return redirect("wave", pk=row.pk)


@login_required
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """One message: its words while it is a draft, how far it is afterwards, and the letters as they read."""
    require(request.user, "awareness.publish")
    row = _visible(request, pk)
    initial = {"subject": row.subject, "body": row.body, "an_hour": row.an_hour}
    form = WaveForm(request.POST if request.method == "POST" else None, initial=initial)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.edit_wave(wave=row, **given, **who)):
        messages.success(request, gettext("Saved."))
        return redirect("wave", pk=row.pk)
    language = request.GET.get("language", "")
    if row.is_draft and language in LANGUAGES.split():
        return redirect("wave_text", pk=row.pk, language=language)
    return _page(request, row, form)


@login_required
def wave_text(request: PageRequest, pk: int, language: str) -> HttpResponse:
    """The words in one more language, beginning with those that are there."""
    row = _visible(request, pk)
    if language not in LANGUAGES.split():
        raise Http404
    known = row.texts.filter(language=language).first()
    initial = {"subject": row.subject, "body": row.body}
    if known is not None:
        initial = {"subject": known.subject, "body": known.body, "question": known.question}
    form = WaveTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if not row.asks:
        del form.fields["question"]
    who: dict[str, Any] = {"wave": row, "language": language, "by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.write_wave_text(**given, **who)):
        messages.success(request, gettext("Saved."))
        return redirect("wave", pk=row.pk)
    return _page(request, row, form, language=language, is_known=known is not None)


@login_required
@require_POST
def remove_wave_text(request: PageRequest, pk: int, language: str) -> HttpResponse:
    return _act(request, pk, partial(services.remove_wave_text, language=language), gettext("Removed."))


def _page(
    request: PageRequest, row: Wave, form: forms.Form, *, language: str = "", is_known: bool = False
) -> HttpResponse:
    page = wave_page(row, at=timezone.now())
    written = {text.language for text in page.texts}
    others = [(code, name_of(code)) for code in LANGUAGES.split() if code not in written | {"en"}]
    tabs = [
        {"url": reverse("wave", args=[row.pk]), "label": gettext("For all others"), "current": not language},
        *[
            {
                "url": reverse("wave_text", args=[row.pk, code]),
                "label": name_of(code),
                "current": code == language,
            }
            for code in sorted(written | ({language} if language else set()))
        ],
    ]
    context = {
        "page": page, "wave": row, "form": form, "language": language, "is_known": is_known, "tabs": tabs,
        "others": sorted(others, key=lambda other: other[1].casefold()),
    }  # fmt: skip
    return render(request, "awareness/wave.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def start_wave(request: PageRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.start_wave, gettext("It goes out now."))


@login_required
@require_POST
def stop_wave(request: PageRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.stop_wave, gettext("Stopped."))


def _act(request: PageRequest, pk: int, service: Callable[..., Any], said: str) -> HttpResponse:
    row = _visible(request, pk)
    tried(request, lambda: service(wave=row, by=request.user, at=timezone.now()), said)
    return redirect("wave", pk=row.pk)


def gone(request: HttpRequest, key: str) -> HttpResponse:
    """The customer's word. A link only opens the page: mail scanners open every link, so the button counts. The page
    speaks the language of the letter, unless its reader chose another one here."""
    letters = WaveLetter.objects.select_related("wave", "ticket", "customer").filter(sent_at__isnull=False)
    letter = get_object_or_404(letters, key=key)
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or letter.language not in dict(settings.LANGUAGES):
        return _hear(request, letter)
    with override(letter.language):
        answer = _hear(request, letter)
    answer["Content-Language"] = letter.language
    return answer


def _hear(request: HttpRequest, letter: WaveLetter) -> HttpResponse:
    form = GoneForm(request.POST if request.method == "POST" else None, initial={"answer": letter.answer})
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_wave(
                letter=letter, **form.cleaned_data, by=User.objects.system(), at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            letter.refresh_from_db()
            return render(request, "awareness/gone_thanks.html", {"letter": letter})
    context = {"letter": letter, "form": form}
    return render(request, "awareness/gone.html", context, status=422 if form.errors else 200)


def _visible(request: PageRequest, pk: int) -> Wave:
    require(request.user, "awareness.publish")
    return get_object_or_404(Wave.objects.visible_to(request.user).select_related("case"), pk=pk)
