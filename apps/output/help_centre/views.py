"""The help centre outside: search, topics, articles, and one question below each. It works without a script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.intake.knocks import knock
from apps.intake.queries import popular_issues
from apps.output.articles.languages import main_part
from apps.output.articles.markup import html_of
from apps.output.articles.queries import files_of
from apps.output.help_centre import services
from apps.output.help_centre.models import MAX_WORD, ArticleUse
from apps.output.help_centre.queries import (
    article_page,
    outside,
    shelf,
    shelves,
    vote_of,
    without_topic,
)
from apps.output.help_centre.reader import Reader, for_this_reader, reader_of, remember_customer
from apps.output.help_centre.searching import search_articles, suggest_articles
from helpdesk.asked import KnownIssue, known_issues, known_like
from helpdesk.errors import DomainError
from helpdesk.http import number_in
from helpdesk.models import Issue
from helpdesk.visits import new_key

VOTES_AN_HOUR, SUGGESTIONS_AN_HOUR = 60, 600
SHORTEST = 20  # letters of a message that articles are suggested for


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if "request" in request.GET:
        # From the page of a request: its key goes no further than this address.
        return remember_customer(redirect("portal"), request.GET["request"], secure=request.is_secure())
    reader = reader_of(request)
    context = {
        "issues": popular_issues(timezone.now()),
        "known": known_issues(timezone.now()),
        "shelves": shelves(language=reader.language, known=reader.is_known),
        "others": without_topic(language=reader.language, known=reader.is_known),
    }
    return for_this_reader(request, render(request, "output/help_centre/home.html", context), reader)


@require_GET
def search_help(request: HttpRequest) -> HttpResponse:
    reader, text = reader_of(request), request.GET.get("q", "")
    found = search_articles(text, among=outside(known=reader.is_known), language=reader.language)
    noted = None
    if reader.is_counted and text.strip():
        noted = services.note_search(
            key=reader.key, query=text, hits=0 if found.loosely else len(found.hits), language=reader.language,
            customer=reader.customer, at=timezone.now(),
        )  # fmt: skip
    context = {"found": found, "text": text.replace("\0", "")[:200], "noted": noted}
    response = for_this_reader(request, render(request, "output/help_centre/search.html", context), reader)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def help_topic(request: HttpRequest, slug: str) -> HttpResponse:
    reader = reader_of(request)
    context = {"shelf": shelf(slug, language=reader.language, known=reader.is_known)}
    return for_this_reader(request, render(request, "output/help_centre/topic.html", context), reader)


@require_GET
def help_article(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    wanted = [main_part(request.GET.get("language", "")), reader.language]
    page = article_page(pk, languages=wanted, known=reader.is_known)
    if reader.is_counted:
        ways = ArticleUse.Way
        search = number_in(request.GET.get("search", ""))
        way = ways.SUGGESTION if "suggested" in request.GET else ways.SEARCH if search else ways.BROWSING
        services.note_opening(
            key=reader.key, article=page.article, way=way, search=search, language=page.text.language,
            customer=reader.customer, at=timezone.now(),
        )  # fmt: skip
    context = {
        "page": page,
        "html": html_of(page.text.body, files_of(page.article)),
        "vote": vote_of(page.article, key=reader.key),
        "reader": reader,
        "about": page.article.issues.filter(valid_to=None).values_list("code", flat=True).first() or "",
        "max_word": MAX_WORD,
    }
    response = for_this_reader(request, render(request, "output/help_centre/article.html", context), reader)
    if page.article.visibility != "everybody":
        response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def vote_on_article(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no, and a word if they like. After a no the way to a person is the next thing they see."""
    reader = reader_of(request)
    page = article_page(pk, languages=[main_part(request.POST.get("language", ""))], known=reader.is_known)
    answer, key = request.POST.get("helped", ""), reader.key or new_key()
    back = f"{reverse('help_article', kwargs={'pk': pk})}?language={page.text.language}#helped"
    if reader.is_colleague or answer not in ("yes", "no"):
        return redirect(back)
    try:
        knock("vote", request.META.get("REMOTE_ADDR", ""), limit=VOTES_AN_HOUR)
        services.say_whether_it_helped(
            key=key, article=page.article, helped=answer == "yes", word=request.POST.get("word", ""),
            language=page.text.language, customer=reader.customer, at=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect(back)
    if request.POST.get("word"):
        messages.success(request, _("Thank you. We read it."))
    return for_this_reader(request, redirect(back), reader, key)


@require_POST
def suggest_help(request: HttpRequest) -> HttpResponse:
    """Below a message that is being written: what we know already, and three articles at most. By POST, so that its
    words stand in no log."""
    reader, text = reader_of(request), request.POST.get("body", "")
    if len(text.strip()) < SHORTEST:
        return for_this_reader(request, HttpResponse(), reader)
    try:
        knock("suggest", request.META.get("REMOTE_ADDR", ""), limit=SUGGESTIONS_AN_HOUR)
    except DomainError:  # it must not get into anybody's way: no suggestion, no word about it
        return for_this_reader(request, HttpResponse(), reader)
    hits = suggest_articles(text, among=outside(known=reader.is_known), language=reader.language)
    key = reader.key or new_key()
    if hits and not reader.is_colleague:
        services.note_suggestions(
            key=key, articles=[hit.article for hit in hits], language=reader.language,
            customer=reader.customer, at=timezone.now(),
        )  # fmt: skip
    context = {"hits": hits, "about": _known(text, chosen=request.POST.get("issue", ""), reader=reader)}
    response = render(request, "output/help_centre/_suggestions.html", context)
    return for_this_reader(request, response, reader, key)


def _known(text: str, *, chosen: str, reader: Reader) -> list[KnownIssue]:
    """But what stands beside the issue they chose already."""
    known = known_like(text, language=reader.language, at=timezone.now())
    issue = Issue.objects.filter(code=chosen.replace("\0", "")).first() if known and chosen else None
    return [one for one in known if issue is None or not one.is_about(issue.path)]
