"""What visits leave behind: searches, opened articles, votes. Nobody is signed in here, and nobody is known."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.output.articles.models import Article
from apps.output.help_centre.asking import normalised
from apps.output.help_centre.models import MAX_WORD, VISIT_LASTS, ArticleUse, HelpSearch, HelpVisit
from helpdesk.errors import Invalid
from helpdesk.models import Customer, Ticket

KEPT_FOR = timedelta(days=400)
SETTLED_AT_ONCE = 1_000


@transaction.atomic
def note_search(
    *, key: str, query: str, hits: int, language: str, customer: Customer | None, at: datetime
) -> HelpSearch | None:
    """Remember what was looked for; None where nothing is left of it that says nothing of a person."""
    if not (query := normalised(query)):
        return None
    visit = _visit(key, language, customer, at)
    search, _made = HelpSearch.objects.get_or_create(
        visit=visit, query=query, defaults={"language": language, "hits": hits, "at": at}
    )
    return search


@transaction.atomic
def note_opening(
    *,
    key: str,
    article: Article,
    way: str,
    search: int | None,
    language: str,
    customer: Customer | None,
    at: datetime,
) -> ArticleUse:
    """An article was opened, from a search of this visit where one is named."""
    visit = _visit(key, language, customer, at)
    if search is not None:
        HelpSearch.objects.filter(pk=search, visit=visit, opened_at=None).update(opened_at=at)
    return _opened(visit, article, way, language, at)


@transaction.atomic
def note_suggestions(
    *, key: str, articles: Iterable[int], language: str, customer: Customer | None, at: datetime
) -> None:
    """These were shown while somebody wrote; what they wrote is kept nowhere."""
    visit = _visit(key, language, customer, at)
    rows = [
        ArticleUse(
            visit=visit, article_id=number, language=language, way=ArticleUse.Way.SUGGESTION, shown_at=at
        )
        for number in articles
    ]
    ArticleUse.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def say_whether_it_helped(
    *,
    key: str,
    article: Article,
    helped: bool,
    word: str = "",
    language: str,
    customer: Customer | None,
    at: datetime,
) -> ArticleUse:
    """One vote a visit and article: a second one takes the place of the first. Raises Invalid."""
    word = " ".join(word.replace("\0", "").split())
    if len(word) > MAX_WORD:
        raise Invalid(_("At most %(most)s characters.") % {"most": MAX_WORD}, pointer="word")
    visit = _visit(key, language, customer, at)
    use = _opened(visit, article, ArticleUse.Way.BROWSING, language, at)
    use.helped, use.word, use.voted_at = helped, word or use.word, at
    use.save(update_fields=["helped", "word", "voted_at"])
    return use


@transaction.atomic
def note_request(*, key: str, at: datetime) -> None:
    """Who holds this key wrote to us after all; the first time counts."""
    HelpVisit.objects.filter(key=key, wrote_at=None).update(wrote_at=at)


@transaction.atomic
def settle_visits(*, at: datetime) -> int:
    """Visits whose three days are over: who was signed in and wrote in any way counts as having written; then nothing
    leads to anybody any more. What is older than 400 days goes. Returns how many were settled."""
    over = HelpVisit.objects.filter(settled_at=None, started_at__lte=at - VISIT_LASTS)
    visits = list(
        over.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")[:SETTLED_AT_ONCE]
    )
    wrote = _when_they_wrote(visits)
    for visit in visits:
        visit.wrote_at = visit.wrote_at or _first_within(visit, wrote.get(visit.who, []))
        visit.settled_at, visit.key, visit.who = at, None, ""
    HelpVisit.objects.bulk_update(visits, ["wrote_at", "settled_at", "key", "who"])
    HelpVisit.objects.filter(started_at__lt=at - KEPT_FOR).delete()
    return len(visits)


def _when_they_wrote(visits: list[HelpVisit]) -> dict[str, list[datetime]]:
    """Of visits of signed-in customers: by hash, when they opened tickets."""
    known = [visit for visit in visits if visit.who]
    if not known:
        return {}
    first, last = min(visit.started_at for visit in known), max(visit.started_at for visit in known)
    opened = Ticket.objects.filter(opened_at__range=(first, last + VISIT_LASTS))
    found: dict[str, list[datetime]] = {}
    for customer, moment in opened.order_by("opened_at").values_list("customer", "opened_at"):
        found.setdefault(_who(customer), []).append(moment)
    return found


def _first_within(visit: HelpVisit, moments: list[datetime]) -> datetime | None:
    end = visit.started_at + VISIT_LASTS
    return next((moment for moment in moments if visit.started_at <= moment <= end), None)


def _visit(key: str, language: str, customer: Customer | None, at: datetime) -> HelpVisit:
    who = _who(customer.pk) if customer else ""
    visit, _made = HelpVisit.objects.get_or_create(
        key=key, defaults={"language": language, "started_at": at, "who": who}
    )
    if who and not visit.who:
        visit.who = who
        visit.save(update_fields=["who"])
    return visit


def _who(customer: int) -> str:
    """A hash that leads to nobody without our secret, and is kept for three days."""
    told = f"help.visit:{customer}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()


def _opened(visit: HelpVisit, article: Article, way: str, language: str, at: datetime) -> ArticleUse:
    use, made = ArticleUse.objects.get_or_create(
        visit=visit,
        article=article,
        defaults={"language": language, "way": way, "shown_at": at, "opened_at": at},
    )
    if not made and use.opened_at is None:
        use.opened_at = at
        use.save(update_fields=["opened_at"])
    return use
