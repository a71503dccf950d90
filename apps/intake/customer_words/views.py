"""The page on which a desk says in other languages what it calls things."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from apps.intake.customer_words import queries, services
from apps.intake.customer_words.forms import WordsForm
from helpdesk.acting import done
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def customer_words(request: PageRequest, language: str = "") -> HttpResponse:
    """All texts beside what stands for them in one language; those without come first."""
    require(request.user, services.VERB)
    language = language or list(queries.LANGUAGES)[-1]
    if language not in queries.LANGUAGES:
        raise NotFound
    said = sorted(queries.texts_and_words(language), key=lambda one: bool(one.words))
    form = WordsForm(request.POST if request.method == "POST" else None, language=language, said=said)
    changed: list[int] = []

    def keep(_given: dict[str, Any]) -> None:
        changed.append(
            services.say_to_customers(
                language=language, words=form.words(), by=request.user, at=timezone.now()
            )
        )

    if request.method == "POST" and done(form, keep):
        told = ngettext("%(count)s text changed.", "%(count)s texts changed.", changed[0])
        messages.success(request, told % {"count": changed[0]})
        return redirect("customer_words_in", language=language)
    context = {
        "form": form,
        "language": language,
        "languages": queries.LANGUAGES.items(),
        "missing": sum(not one.words for one in said),
    }
    return render(request, "intake/customer_words.html", context, status=422 if form.errors else 200)
