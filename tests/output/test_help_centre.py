"""The help centre outside: found, read, judged; and what is counted of it."""

import re
import time
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.intake.queries import request_key
from apps.output.articles import services as articles
from apps.output.articles.models import Article
from apps.output.help_centre import services
from apps.output.help_centre.asking import normalised
from apps.output.help_centre.deflection import Visit, deflection
from apps.output.help_centre.models import ArticleUse, HelpSearch, HelpVisit
from apps.output.help_centre.queries import deflection_since, help_report, outside
from apps.output.help_centre.reader import COOKIE as READS
from apps.output.help_centre.searching import search_articles, suggest_articles
from helpdesk.models import Customer, Event
from helpdesk.visits import COOKIE
from tests.factories import NOW, make_issue, make_ticket
from tests.output.test_articles import published

DAY = timedelta(days=1)
KEY, OTHER = "a" * 32, "b" * 32


def visitor(key=KEY) -> Client:
    """A browser that has been here before."""
    client = Client()
    client.cookies[COOKIE] = key
    return client


@pytest.fixture
def shelf(cast):
    """Three articles, one of them in German too, one for customers alone."""
    topic = articles.save_topic(slug="bills", names={"en": "Bills", "de": "Rechnungen"}, by=cast.lena, at=NOW)
    twice = published(
        cast.lena,
        words={"title": "I was charged twice", "body": "Reservations vanish after **two** days."},
        values={"topic": topic},
        issues=[make_issue()],
    )
    articles.draft_text(
        article=twice.article, language="de",
        words={"title": "Doppelt abgebucht", "body": "Vormerkungen verschwinden nach zwei Tagen."},
        by=cast.lena, at=NOW,
    )  # fmt: skip
    german = twice.article.texts.get(language="de")
    articles.publish_text(text=german, by=cast.lena, at=NOW)
    late = published(
        cast.lena, words={"title": "Where is my parcel?", "summary": "", "body": "Follow the link."}
    )
    club = published(
        cast.lena,
        words={"title": "Club prices", "summary": ""},
        values={"visibility": "customers", "topic": topic},
    )
    published(cast.lena, words={"title": "Our parcel tricks"}, values={"visibility": "staff"})
    return twice.article, late.article, club.article


# --- found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "titles", "loosely"),
    [
        ("charging reservation", "en", ["I was charged twice"], False),  # stemmed, title and body
        ("abgebuchte Vormerkung", "de", ["Doppelt abgebucht"], False),
        ("doppelt", "en", ["Doppelt abgebucht"], False),  # nothing in their language: as it stands
        ("parsel", "en", ["Where is my parcel?"], False),  # a slip of the pen
        ("parcel from the moon", "en", ["Where is my parcel?"], True),
        ("zebra", "en", [], True),
        ("club", "en", [], True),  # for customers alone
        ("' & | ! <-> (", "en", [], True),
    ],
)
def test_articles_are_found(shelf, text, language, titles, loosely, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = search_articles(text, among=outside(known=False), language=language)
    assert ([hit.title for hit in found.hits], found.loosely) == (titles, loosely)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Hello, yesterday you have charged my card twice, please help", ["I was charged twice"]),
        ("Hello, I like your shop and its club", []),
        ("twice", []),
    ],
)
def test_a_message_is_answered_by_articles_that_share_two_words_with_it(shelf, message, found):
    hits = suggest_articles(message, among=outside(known=False), language="en")
    assert [hit.title for hit in hits] == found


# --- read ---------------------------------------------------------------------------------------------


def test_visitors_read_without_a_script_in_their_language(shelf):
    twice, late, club = shelf
    home = Client().get("/help/", headers={"accept-language": "de"}).content.decode()
    assert "Doppelt abgebucht" in home
    assert "Rechnungen" in home
    assert "Club prices" not in home
    page = Client().get(f"/help/articles/{twice.pk}/")
    assert "<strong>two</strong>" in page.content.decode()
    assert page["Cache-Control"] == "private, no-cache"
    german = Client().get(f"/help/articles/{twice.pk}/?language=de").content.decode()
    assert 'lang="de" dir="ltr">Doppelt abgebucht' in german
    other = Client().get(f"/help/articles/{late.pk}/", headers={"accept-language": "de"}).content.decode()
    assert 'lang="en" dir="ltr">Where is my parcel?' in other
    assert Client().get(f"/help/articles/{club.pk}/").status_code == 404
    assert "Charged" not in Client().get("/help/topics/bills/").content.decode()
    assert Client().get("/help/topics/none/").status_code == 404


def test_customers_who_are_signed_in_read_what_is_for_them(cast, shelf, sign_in):
    assert sign_in(cast.zoe_account).get(f"/help/articles/{shelf[2].pk}/").status_code == 200


def test_the_page_of_a_request_opens_what_is_for_customers_for_a_day(cast, shelf, monkeypatch):
    club, client = f"/help/articles/{shelf[2].pk}/", Client()
    page = client.get(f"/help/r/{request_key(make_ticket(cast))}/").content.decode()
    link = re.search(r'href="(/help/\?request=[^"]+)"', page)[1]
    assert client.get(club).status_code == 404
    answer = client.get(link)
    # The key stands in no address from here on.
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert answer.cookies[READS]["httponly"] is True
    assert "Club prices" in client.get("/help/").content.decode()
    assert client.get(club)["X-Robots-Tag"] == "noindex"
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 86_000)
    assert client.get(club).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 86_500)
    assert client.get(club).status_code == 404
    client.get(link)
    assert client.get(club).status_code == 200


def test_nothing_but_that_is_opened_by_the_key_of_a_request(cast, shelf):
    own, other = make_ticket(cast, subject="My own affair"), make_ticket(cast)
    client = Client()
    client.get(f"/help/?request={request_key(own)}")
    staff = Article.objects.get(visibility="staff")
    for place in (f"/help/articles/{staff.pk}/", f"/articles/{shelf[2].pk}/", "/help/mine/"):
        assert client.get(place).status_code != 200
    assert client.get(f"/help/r/{other.pk}/").status_code == 404
    mark = client.cookies[READS].value
    for held in (f"/help/r/{mark}/", f"/help/o/{mark}/", f"/help/sign-in/{mark}/"):
        assert Client().get(held).status_code in (302, 404, 410)
    home = client.get("/help/").content.decode()
    assert not [word for word in (cast.zoe.email, cast.zoe.name, own.subject) if word in home]


@pytest.mark.parametrize("key", ["", "1", "1.wrong", "{pk}:x", "{key}x", "{other}", "9" * 5_000])
def test_a_key_that_is_none_opens_nothing(cast, shelf, key):
    ticket, client = make_ticket(cast), Client()
    key = key.format(pk=ticket.pk, key=request_key(ticket), other=signing.dumps(ticket.pk))
    answer = client.get(f"/help/?request={key}")
    assert (answer.status_code, READS in answer.cookies) == (302, False)
    client.cookies[READS] = key if len(key) < 100 else "x"
    assert client.get(f"/help/articles/{shelf[2].pk}/").status_code == 404
    assert "Club prices" not in client.get("/help/").content.decode()


def test_the_key_of_somebody_who_was_erased_opens_nothing(cast, shelf):
    key = request_key(make_ticket(cast))
    Customer.objects.filter(pk=cast.zoe.pk).update(anonymised_at=NOW)
    assert READS not in Client().get(f"/help/?request={key}").cookies


def test_the_pages_need_the_same_queries_for_three_articles_and_for_twenty(cast, shelf):
    counts = []
    visitor().get("/help/search/?q=parcel")  # begins the visit
    for more in (0, 17):
        for _ in range(more):
            published(cast.lena, words={"title": "Another parcel"}, values={"topic": shelf[0].topic})
        with CaptureQueriesContext(connection) as queries:
            for place in ("/help/", "/help/topics/bills/", "/help/search/?q=parcel"):
                visitor().get(place)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- judged -------------------------------------------------------------------------------------------


def test_a_vote_counts_once_a_visit_and_the_last_one(shelf):
    client, place = visitor(), f"/help/articles/{shelf[0].pk}/helped/"
    assert client.post(place, {"helped": "yes"}).status_code == 302
    client.post(place, {"helped": "no", "word": " Which two  days? "})
    use = ArticleUse.objects.get()
    assert (use.helped, use.word, use.opened_at is not None) == (False, "Which two days?", True)
    page = client.get(f"/help/articles/{shelf[0].pk}/").content.decode()
    assert f"/help/new/?about=charged-twice&amp;article={shelf[0].pk}" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleUse.objects.create(visit=use.visit, article=shelf[0], way="search", shown_at=NOW)
    client.post(place, {"helped": "maybe"})
    assert Client().post(f"/help/articles/{shelf[2].pk}/helped/", {"helped": "yes"}).status_code == 404
    assert ArticleUse.objects.count() == 1


def test_a_first_page_and_a_colleague_are_not_counted(cast, shelf, sign_in):
    first = Client()
    first.get("/help/search/?q=parcel")
    assert not HelpSearch.objects.exists()
    first.get("/help/search/?q=parcel")
    assert HelpSearch.objects.get().query == "parcel"
    lena = sign_in(cast.lena)
    lena.cookies[COOKIE] = OTHER
    lena.get(f"/help/articles/{shelf[0].pk}/")
    lena.post(f"/help/articles/{shelf[0].pk}/helped/", {"helped": "yes"})
    assert HelpVisit.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  My   PARCEL ", "my parcel"),
        ("parcel of zoe@customer.test 123456 0049-30-12345", "parcel of"),
        ("error 404", "error 404"),
        ("a@b.test", ""),
        ("x" * 200, "x" * 120),
    ],
)
def test_what_was_looked_for_is_kept_without_addresses_and_numbers(text, kept):
    assert normalised(text) == kept


# --- written to us after all --------------------------------------------------------------------------


def test_a_visit_that_ends_in_a_request_is_known_and_its_ticket_is_not(cast, shelf, deliver_news):
    client = visitor()
    client.get("/help/search/?q=zebra")
    search = client.get("/help/search/?q=charged").context["noted"]
    client.get(f"/help/articles/{shelf[0].pk}/?search={search.pk}")
    sent = {"body": "Still charged twice", "email": "zoe@customer.test", "article": shelf[0].pk}
    assert client.post("/help/new/", sent).status_code == 302
    deliver_news()
    visit = HelpVisit.objects.get()
    assert visit.wrote_at is not None
    assert [row.query for row in HelpSearch.objects.exclude(opened_at=None)] == ["charged"]
    told = Event.objects.get(kind="request.sent")
    assert (told.data, told.ticket_id is not None) == ({"article": shelf[0].pk}, True)
    assert Event.objects.get(kind="visit.wrote").ticket_id is None
    report = help_report(since=NOW - DAY)
    assert [row.query for row in report.in_vain] == ["zebra"]
    assert {row.query for row in report.wrote_anyway} == {"zebra", "charged"}
    assert [(row.opened, row.wrote) for row in report.articles] == [(1, 1)]


def test_suggestions_are_shown_and_what_was_written_is_kept_nowhere(shelf):
    client = visitor()
    assert client.post("/help/suggestions/", {"body": "charged twice"}).content == b""
    page = client.post("/help/suggestions/", {"body": "You have charged my card twice"}).content.decode()
    assert "I was charged twice" in page
    use = ArticleUse.objects.get()
    assert (use.way, use.opened_at) == ("suggestion", None)
    client.get(f"/help/articles/{shelf[0].pk}/?suggested=1")
    use.refresh_from_db()
    assert (use.way, use.opened_at is not None) == ("suggestion", True)
    assert not HelpSearch.objects.exists()


def test_a_settled_visit_leads_to_nobody(cast, shelf):
    said = {"article": shelf[0], "way": "search", "search": None, "language": "en"}
    services.note_opening(key=KEY, customer=cast.zoe, at=NOW, **said)
    services.note_opening(key=OTHER, customer=None, at=NOW, **said)
    make_ticket(cast, at=NOW + DAY)
    assert services.settle_visits(at=NOW + 2 * DAY) == 0
    assert services.settle_visits(at=NOW + 3 * DAY) == 2
    assert services.settle_visits(at=NOW + 3 * DAY) == 0
    zoe, nobody = HelpVisit.objects.order_by("pk")
    assert (zoe.wrote_at, nobody.wrote_at) == (NOW + DAY, None)
    assert {(visit.key, visit.who) for visit in (zoe, nobody)} == {(None, "")}
    services.settle_visits(at=NOW + timedelta(days=401))
    assert not HelpVisit.objects.exists()


# --- counted honestly ---------------------------------------------------------------------------------

PLAIN = {"sought": True, "opened": True, "said_yes": False, "said_no": False, "wrote": False, "settled": True}


@pytest.mark.parametrize(
    ("visit", "counts"),
    [
        # visits, said it helped, did not write, said no, wrote, not over
        ({}, (1, 0, 1, 0, 0, 0)),
        ({"said_yes": True}, (1, 1, 1, 0, 0, 0)),
        ({"said_no": True}, (1, 0, 0, 1, 0, 0)),
        ({"said_yes": True, "said_no": True}, (1, 1, 1, 0, 0, 0)),
        ({"said_yes": True, "wrote": True}, (1, 0, 0, 0, 1, 0)),
        ({"wrote": True}, (1, 0, 0, 0, 1, 0)),
        ({"settled": False}, (0, 0, 0, 0, 0, 1)),
        ({"sought": False, "said_yes": True}, (0, 0, 0, 0, 0, 0)),
        ({"opened": False}, (0, 0, 0, 0, 0, 0)),
    ],
)
def test_each_kind_of_visit_is_counted_where_it_belongs(visit, counts):
    found = deflection([(Visit(**(PLAIN | visit)), 1)])
    assert (
        found.visits, found.said_helped, found.did_not_write, found.said_no, found.wrote, found.not_over
    ) == counts  # fmt: skip


def test_the_range_is_ordered_and_says_how_sure_it_is():
    found = deflection([(Visit(**PLAIN), 60), (Visit(**(PLAIN | {"said_yes": True})), 20),
                        (Visit(**(PLAIN | {"wrote": True})), 20)])  # fmt: skip
    assert (found.said_helped, found.did_not_write, found.visits) == (20, 80, 100)
    assert found.lower.low < 0.2 < found.lower.high < found.upper.low < 0.8 < found.upper.high
    assert deflection([]).lower is None


def test_the_database_counts_what_the_engine_defines(shelf):
    for number, (key, helped) in enumerate(((KEY, True), (OTHER, False), ("c" * 32, None))):
        client = visitor(key)
        client.get("/help/search/?q=charged")
        client.get(f"/help/articles/{shelf[0].pk}/")
        if helped is not None:
            client.post(f"/help/articles/{shelf[0].pk}/helped/", {"helped": "yes" if helped else "no"})
        assert HelpVisit.objects.count() == number + 1
    HelpVisit.objects.update(settled_at=NOW, key=None)
    found = deflection_since(NOW - DAY)
    assert (found.visits, found.said_helped, found.did_not_write, found.said_no) == (3, 1, 2, 1)


def test_the_report_is_for_those_who_may_read_it(cast, shelf, sign_in):
    visitor().get("/help/search/?q=zebra")
    page = sign_in(cast.nils).get("/articles/report/").content.decode()
    assert "zebra" in page
    assert sign_in(cast.ana).get("/articles/report/").status_code == 403
    assert Article.objects.count() == 4
