"""The pages of the account: signing in by a letter, my requests, my details."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.intake.knocks import knock
from apps.output.account import queries, services
from apps.output.account.forms import AddressForm, DetailsForm, SignInForm
from apps.output.account.middleware import drop_cookie, set_cookie
from apps.output.account.models import CustomerSession, SignInLink
from apps.output.customers import services as customers
from apps.output.organisations.views_outside import key_of, shares
from helpdesk.acting import done, tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest, customer_at
from helpdesk.models import Customer, User

LETTERS_AN_HOUR, ASKED_AN_HOUR, ADDRESSES_AN_HOUR = 5, 30, 5
View = Callable[..., HttpResponse]


class CustomerRequest(PageRequest):
    """A page's request of a customer who signed in."""

    customer: Customer
    customer_session: CustomerSession


def for_customers(view: View) -> View:
    """Whoever is not signed in is asked to; what the page says is for nobody's cache."""

    @wraps(view)
    @never_cache
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if customer_at(request) is None:
            return redirect("account_sign_in")
        return unlisted(view(request, *args, **kwargs))

    return answered


def unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- in and out ---------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: PageRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether we know the address or not."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda said: _ask(request, said["email"])):
        return render(request, "output/account_sent.html", {"email": form.cleaned_data["email"]})
    context = {"form": form}
    return render(request, "output/account_sign_in.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, email: str) -> None:
    knock("sign-in", request.META.get("REMOTE_ADDR", ""), limit=ASKED_AN_HOUR)
    knock("sign-in-letter", email, limit=LETTERS_AN_HOUR)
    services.ask_for_link(email=email, by=User.objects.system(), at=timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind the link. To open it signs nobody in and uses nothing up: scanners of mail open every link."""
    at = timezone.now()
    if request.method != "POST":
        return _offered(request, is_usable=SignInLink.usable(key, at).exists())
    before: CustomerSession | None = getattr(request, "customer_session", None)
    try:
        session, secret = services.enter(secret=key, by=User.objects.system(), at=at)
    except services.LinkUsed:
        return _offered(request, is_usable=False)
    if before is not None:
        services.leave(session=before, by=User.objects.system(), at=at)
    rotate_token(request)
    answer = redirect("my_requests")
    set_cookie(answer, secret)
    _speak(answer, session.customer.language)
    return answer


def _offered(request: HttpRequest, *, is_usable: bool) -> HttpResponse:
    context, status = {"is_usable": is_usable}, 200 if is_usable else 404
    return unlisted(render(request, "output/account_enter.html", context, status=status))


def _speak(response: HttpResponse, language: str) -> None:
    """The pages read in the customer's language from now on, until they choose another at the foot of a page."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )  # fmt: skip


@require_POST
@for_customers
def sign_out(request: CustomerRequest) -> HttpResponse:
    services.leave(session=request.customer_session, by=User.objects.system(), at=timezone.now())
    return _out(request, _("You have signed out."))


@require_POST
@for_customers
def sign_out_everywhere(request: CustomerRequest) -> HttpResponse:
    services.leave_everywhere(customer=request.customer, by=User.objects.system(), at=timezone.now())
    return _out(request, _("You have signed out everywhere."))


def _out(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    answer = redirect("portal")
    drop_cookie(answer)
    return answer


# --- what is mine -------------------------------------------------------------------------------------


@require_GET
@for_customers
def my_requests(request: CustomerRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    only = request.GET.get("only", "")
    only = only if only in queries.FILTERS else ""
    found = queries.requests_of(
        request.customer, text=text, only=only, page=request.GET.get("page", ""), at=timezone.now()
    )
    return render(request, "output/my_requests.html", {"found": found, "text": text, "only": only})


@require_GET
@for_customers
def my_organisation(request: CustomerRequest) -> HttpResponse:
    """The pages of a manager, without the letter that others need: they are signed in already."""
    if not shares(request.customer):
        raise NotFound
    return redirect("organisation_tickets", key=key_of(request.customer))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def my_details(request: CustomerRequest) -> HttpResponse:
    row = request.customer
    known = {"name": row.name, "language": row.language, "time_zone": row.time_zone}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and done(form, lambda said: services.tell_of_oneself(
        customer=row, **said, by=User.objects.system(), at=timezone.now()
    )):  # fmt: skip
        language = form.cleaned_data["language"]
        with translation.override(language if language in dict(settings.LANGUAGES) else None):
            messages.success(request, translation.gettext("Kept."))
        answer = redirect("my_details")
        _speak(answer, language)
        return answer
    return _details(request, form, AddressForm())


@require_POST
@for_customers
def add_own_address(request: CustomerRequest) -> HttpResponse:
    """The answer is the same whether the address is somebody else's or nobody's."""
    form = AddressForm(request.POST)
    if done(form, lambda said: _claim(request, said["email"])):
        messages.success(
            request, _("We have written to it. It stands here once you have answered our letters.")
        )
        return redirect("my_details")
    row = request.customer
    known = {"name": row.name, "language": row.language, "time_zone": row.time_zone}
    return _details(request, DetailsForm(initial=known), form)


def _claim(request: CustomerRequest, email: str) -> None:
    knock("own-address", str(request.customer.pk), limit=ADDRESSES_AN_HOUR)
    customers.claim_address(
        customer=request.customer, email=email, by=User.objects.system(), at=timezone.now()
    )


@require_POST
@for_customers
def name_primary(request: CustomerRequest, pk: int) -> HttpResponse:
    address = next((row for row in queries.own_addresses_of(request.customer) if row.pk == pk), None)
    if address is None:
        raise NotFound
    tried(
        request,
        lambda: customers.make_primary(address=address, by=User.objects.system(), at=timezone.now()),
        _("We write there from now on."),
    )
    return redirect("my_details")


def _details(request: CustomerRequest, form: DetailsForm, address: AddressForm) -> HttpResponse:
    context = {
        "form": form,
        "address": address,
        "addresses": queries.own_addresses_of(request.customer),
        "sessions": queries.sessions_of(request.customer, timezone.now()),
    }
    wrong = form.errors or address.errors
    return render(request, "output/my_details.html", context, status=422 if wrong else 200)
