"""Tags are counted, renamed, merged and taken away, with what names them."""

import pytest
from django.core.cache import cache

from apps.response.acting import read_acts
from apps.response.bulk.models import BulkJob
from apps.response.bulk.services import do_at_once, undo_bulk, work_on_bulk
from apps.response.macros.services import save_macro
from apps.response.models import Macro, TicketView
from apps.response.query.rewriting import values_in, with_value
from apps.response.rules.models import Rule, RuleEntry
from apps.response.services.ticket_views import save_view
from apps.response.tags.models import TagChange
from apps.response.tags.queries import affected
from apps.response.tags.services import TagExists, remove_tag, rename_tag
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Ticket
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries
from tests.response.ruling import all_of, line


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def ada(cast, sign_in):
    return sign_in(cast.ada)


@pytest.fixture
def naming(cast, rule):
    """A rule, a macro and a view that name the tag "vip"."""
    made = rule(
        conditions=all_of(line("tag", "is", "vip, loud")), acts=[{"act": "untag", "value": "vip"}], on=False
    )
    acts = read_acts([{"act": "tag", "value": "vip"}])
    macro = save_macro(name="Mark", acts=acts, by=cast.ana, is_own=True, at=NOW)
    view = save_view(name="Loud", query='is:open -tag:vip,loud tag:"vip" sort:due', by=cast.ana, at=NOW)
    return made, macro, view


def tags():
    return list(Ticket.objects.order_by("pk").values_list("tags", flat=True))


def do(change, at=NOW):
    return [do_at_once(job=job, at=at) for job in change.jobs.all()]


CASES = [
    ("tag:vip", "tag:gold"),
    ("-tag:vip", "-tag:gold"),
    ('tag:"vip" is:open', "tag:gold is:open"),
    ("(tag:loud,vip or TAG:vip) vip", "(tag:loud,gold or TAG:gold) vip"),
    ("tag:vip,gold", "tag:gold"),
    ("tag:viper", "tag:viper"),
    ('subject "tag:vip"', 'subject "tag:vip"'),
]


@pytest.mark.parametrize(("asked", "then"), CASES)
def test_a_question_is_asked_with_the_new_name(asked, then):
    assert with_value(asked, "tag", "vip", "gold") == then
    assert ("vip" in values_in(asked, "tag")) == (asked != then)
    assert with_value("tag:vip", "tag", "vip", "very loud") == 'tag:"very loud"'


def test_a_tag_is_renamed_on_tickets_and_wherever_it_is_named(cast, naming):
    make_ticket(cast, tags=["vip", "loud"])
    make_ticket(cast, tags=["VIP"])
    made, macro, view = naming
    RuleEntry.objects.create(rule=made, ticket=Ticket.objects.first(), at=NOW)
    change = rename_tag(tag="vip", into="Gold", by=cast.ada, at=NOW)
    (job,) = do(change)
    assert (job.state, tags()) == ("done", [["loud", "gold"], ["VIP"]])
    made, macro, view = Rule.objects.get(), Macro.objects.get(), TicketView.objects.get()
    assert made.conditions["lines"][0]["value"] == "gold, loud"
    assert made.acts == [{"act": "untag", "value": "gold"}]
    assert macro.acts == [{"act": "tag", "value": "gold"}]
    assert view.query == "is:open -tag:gold,loud tag:gold sort:due"
    assert RuleEntry.objects.exists()  # what it has dealt with stays dealt with
    assert (change.tickets, change.rules, change.macros, change.views) == (1, 1, 1, 1)
    undo_bulk(job=job, by=cast.ada, at=NOW)
    work_on_bulk(at=NOW)
    assert sorted(tags()[0]) == ["loud", "vip"]


def test_two_tags_become_one_only_when_somebody_says_so(cast):
    make_ticket(cast, tags=["VIP", "vip"])
    make_ticket(cast, tags=["VIP"])
    with pytest.raises(TagExists):
        rename_tag(tag="VIP", into="vip", by=cast.ada, at=NOW)
    assert not BulkJob.objects.exists()
    do(rename_tag(tag="VIP", into="vip", merge=True, by=cast.ada, at=NOW))
    assert tags() == [["vip"], ["vip"]]


def test_a_tag_is_taken_away_and_what_names_it_is_told_beforehand(cast, naming):
    make_ticket(cast, tags=["vip", "x"])
    found = affected("vip", user=cast.ada)
    assert (found.tickets, len(found.named.rules), len(found.named.macros)) == (1, 1, 1)
    assert [view.name for view in found.named.views] == ["Loud"]
    do(remove_tag(tag="vip", by=cast.ada, at=NOW))
    assert tags() == [["x"]]
    assert Macro.objects.get().acts == [{"act": "tag", "value": "vip"}]


def test_many_tickets_are_left_to_the_worker(cast, ada):
    first = make_ticket(cast, tags=["vip"])
    Ticket.objects.bulk_create(
        Ticket(**{f.attname: getattr(first, f.attname) for f in Ticket._meta.concrete_fields
                  if f.attname not in ("id", "search")})
        for _ in range(100)
    )  # fmt: skip
    answer = ada.post("/admin/tags/one/?tag=vip", {"into": "gold"})
    job = BulkJob.objects.get()
    assert (answer["Location"], job.total, job.state) == (f"/queue/bulk/{job.pk}/", 101, "waiting")
    work_on_bulk(at=NOW)
    assert tags() == [["gold"]] * 101


@pytest.mark.parametrize(
    ("tag", "into", "by", "refused"),
    [("vip", "vip", "ada", Invalid), ("vip", " ", "ada", Invalid), ("none", "x", "ada", Invalid),
     ("vip", "x", "lena", NotAllowed)],
)  # fmt: skip
def test_what_is_no_other_name_is_refused(cast, tag, into, by, refused):
    make_ticket(cast, tags=["vip"])
    with pytest.raises(refused):
        rename_tag(tag=tag, into=into, by=getattr(cast, by), at=NOW)
    assert not TagChange.objects.exists()


def test_the_pages_count_and_change_tags(cast, ada, sign_in, naming):
    make_ticket(cast, tags=["vip"])
    make_ticket(cast, tags=["Big Co, Ltd", "gold"])
    page = ada.get("/admin/tags/").content.decode()
    assert "Big Co, Ltd" in page
    assert "tag=Big%20Co%2C%20Ltd" in page
    assert "No such tag" in ada.get("/admin/tags/", {"q": "nothing"}).content.decode()
    asks = ada.post("/admin/tags/one/?tag=vip", {"into": "gold"})
    assert asks.status_code == 422
    assert "Make the two one" in asks.content.decode()
    ada.post("/admin/tags/one/?tag=vip", {"into": "gold", "merge": "on"})
    assert tags() == [["gold"], ["Big Co, Ltd", "gold"]]
    ada.post("/admin/tags/one/?tag=Big+Co%2C+Ltd", {"remove": "1"})
    assert tags() == [["gold"], ["gold"]]
    assert "“vip” became “gold”" in ada.get("/admin/tags/").content.decode()
    assert ada.post("/admin/tags/one/?tag=vip", {"into": ""}).status_code == 422
    assert ada.get("/admin/tags/one/").status_code == 404
    assert sign_in(cast.lena).get("/admin/tags/").status_code == 403


def test_the_list_asks_the_same_of_one_tag_and_of_twenty(cast, ada):
    make_ticket(cast, tags=["one"])
    few = count_queries(ada, "/admin/tags/")
    make_ticket(cast, tags=[f"tag-{n}" for n in range(19)])
    cache.clear()
    assert count_queries(ada, "/admin/tags/") == few


def test_a_program_renames_and_reads_what_was_changed(cast, client):
    make_ticket(cast, tags=["vip"])
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}", "Idempotency-Key": "a"}
    json = {"content_type": "application/json", "headers": headers}
    counted = client.get("/api/v1/tags/counted/?q=v", headers=headers).json()
    assert counted["tags"] == [{"name": "vip", "tickets": 1, "rules": 0, "macros": 0, "views": 0}]
    assert client.get("/api/v1/tags/affected/?tag=vip", headers=headers).json()["tickets"] == 1
    answer = client.post("/api/v1/tags/changes/", {"tag": "vip", "into": "gold"}, **json)
    again = client.post("/api/v1/tags/changes/", {"tag": "vip", "into": "gold"}, **json)
    assert (answer.status_code, answer.json()["into"], again.json()) == (202, "gold", answer.json())
    assert tags() == [["gold"]]
    headers = headers | {"Idempotency-Key": "b"}
    gone = client.post("/api/v1/tags/changes/", {"tag": "gold", "into": None}, **json | {"headers": headers})
    assert gone.json()["into"] is None
    assert tags() == [[]]
    told = client.get("/api/v1/tags/changes/", headers=headers).json()["data"]
    assert [row["tag"] for row in told] == ["gold", "vip"]
