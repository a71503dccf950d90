import json
from datetime import timedelta
from itertools import pairwise

import pytest
import redis
from django.core.cache import cache
from django.utils import timezone

from apps.response import services, tasks
from apps.response.columns import COLUMNS, GROUPS
from apps.response.models import TicketView
from apps.response.queries import paging
from apps.response.queries.counting import LOOKERS, MOST, known_counts, look, to_count_for
from helpdesk import valkey
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Role, Ticket
from tests.factories import NOW, make_issue, make_product, make_ticket
from tests.response.pages import count_queries


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet():
    cache.clear()
    valkey.connection().delete(LOOKERS)


def save(cast, by=None, **given):
    return services.save_view(
        **{"name": "VIP", "query": "tag:vip sort:due", "by": by or cast.ana, "at": NOW} | given
    )


def test_a_question_is_kept_under_a_name_and_opened_by_it(cast, ana):
    make_ticket(cast, subject="Lamp", tags=["vip"])
    make_ticket(cast, subject="Chair")
    answer = ana.post(
        "/queue/views/", {"name": " VIP ", "query": "tag:vip  sort:due", "position": "5"}, follow=True
    )
    view = TicketView.objects.get()
    assert (view.name, view.query, view.owner, view.position) == ("VIP", "tag:vip sort:due", cast.ana, 5)
    assert "VIP" in answer.content.decode()
    page = ana.get(f"/queue/?view=v{view.pk}").context["page"]
    assert [row.ticket.subject for row in page.rows] == ["Lamp"]
    assert page.views.links[-1].label == "VIP"
    assert page.views.links[-1].current


def test_a_view_is_changed_and_forgotten_by_its_owner(cast, ana):
    view = save(cast)
    ana.post(f"/queue/views/{view.pk}/", {"name": "Gold", "query": "tag:gold", "position": "1"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Gold", "tag:gold")
    ana.post(f"/queue/views/{view.pk}/forget/")
    assert not TicketView.objects.exists()


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": " "}, "name"),
        ({"query": "is:opne"}, "query"),
        ({"query": "department:nowhere"}, "query"),
        ({"query": "(is:open"}, "query"),
        ({"columns": ["price"]}, "columns"),
        ({"columns": list(COLUMNS)[:13]}, "columns"),
        ({"group_by": "price"}, "group_by"),
        ({"sharing": "world"}, "sharing"),
    ],
)
def test_what_would_go_wrong_every_day_is_refused_now(cast, given, pointer):
    with pytest.raises(Invalid) as refusal:
        save(cast, **given)
    assert refusal.value.pointer == pointer
    assert not TicketView.objects.exists()


def test_a_name_is_given_once(cast):
    save(cast)
    with pytest.raises(Invalid):
        save(cast, query="is:open")
    assert TicketView.objects.get().query == "tag:vip sort:due"


def test_the_form_keeps_what_was_typed_and_says_what_to_do(cast, ana):
    answer = ana.post("/queue/views/", {"name": "Mine", "query": "is:opne", "position": "1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "is:opne" in text
    assert "comes one of" in text


# Who sees it


def test_a_view_of_ones_own_is_nobody_elses(cast, sign_in):
    view = save(cast)
    with pytest.raises(NotFound):
        save(cast, by=cast.lena, name="Mine now", view=view)
    assert sign_in(cast.lena).get(f"/queue/views/{view.pk}/").status_code == 404
    assert sign_in(cast.lena).post(f"/queue/views/{view.pk}/forget/").status_code == 404


def test_a_lead_shares_with_the_department_and_nobody_there_can_change_it(cast):
    view = save(cast, by=cast.lena, sharing="department", department=cast.billing)
    assert TicketView.objects.visible_to(cast.ana).get() == view
    assert not TicketView.objects.visible_to(cast.mallory).exists()
    with pytest.raises(NotAllowed):
        save(cast, by=cast.ana, name="Mine now", view=view)
    with pytest.raises(NotAllowed):
        services.forget_view(view=view, by=cast.ana)


@pytest.mark.parametrize("sharing", ["role", "everybody"])
def test_an_administrator_shares_with_a_role_or_everybody(cast, sharing):
    save(cast, by=cast.ada, sharing=sharing, role=Role.AGENT if sharing == "role" else "")
    assert TicketView.objects.visible_to(cast.ana).exists()
    assert TicketView.objects.visible_to(cast.lena).exists() == (sharing == "everybody")


@pytest.mark.parametrize(
    ("who", "sharing"),
    [
        ("ana", "department"),
        ("ana", "everybody"),
        ("lena", "role"),
        ("lena", "everybody"),
        ("nils", "everybody"),
    ],
)
def test_nobody_shares_beyond_what_they_lead(cast, who, sharing):
    with pytest.raises(NotAllowed):
        save(cast, by=getattr(cast, who), sharing=sharing, department=cast.billing, role=Role.AGENT)
    with pytest.raises(NotAllowed):
        save(cast, by=cast.lena, sharing="department", department=cast.shipping)


def test_a_shared_view_shows_everybody_their_own_tickets(cast, sign_in):
    make_ticket(cast, subject="Secret of Billing", tags=["vip"])
    view = save(cast, by=cast.ada, sharing="everybody")
    page = sign_in(cast.mallory).get(f"/queue/?view=v{view.pk}").context["page"]
    assert (page.view.label, page.rows) == ("VIP", [])


# How it is shown


def test_columns_make_a_table_with_the_subject_in_it(cast, ana):
    ticket = make_ticket(cast, subject="Lamp", tags=["vip", "eu"], product=make_product())
    view = save(cast, columns=["number", "tags", "product", "created"])
    answer = ana.get(f"/queue/?view=v{view.pk}")
    page = answer.context["page"]
    assert [head.label for head in page.heads] == ["Subject", "Number", "Tags", "Product", "Came in"]
    assert [value for _, value in page.rows[0].cells][:3] == ["Lamp", ticket.pk, "vip, eu"]
    assert "<table" in answer.content.decode()


def test_every_column_and_group_is_drawn_with_the_same_queries_for_one_row_and_many(cast, ana):
    issue = make_issue("refund")

    def one():
        ticket = make_ticket(cast, tags=["vip"], due_at=NOW, clock_state="running", product=product)
        services.classify(ticket=ticket, issue=issue, by=cast.ana, at=NOW)
        services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)

    product = make_product()
    one()
    names = list(COLUMNS)
    views = [
        save(cast, name=f"v{number}", columns=names[number : number + 10], group_by=group)
        for number, group in enumerate(GROUPS)
    ]
    before = [count_queries(ana, f"/queue/?view=v{view.pk}") for view in views]
    for _ in range(20):
        one()
    assert [count_queries(ana, f"/queue/?view=v{view.pk}") for view in views] == before


@pytest.mark.parametrize("group", list(GROUPS))
def test_groups_stand_together_and_are_named_once_on_every_page(cast, ana, group):
    products, issues = [make_product(), None], [make_issue("refund"), None]
    for number in range(54):
        ticket = make_ticket(
            cast, severity=1 + number % 3, product=products[number % 2], channel=["email", "portal"][number % 2],
            at=NOW + timedelta(minutes=number),
        )  # fmt: skip
        Ticket.objects.filter(pk=ticket.pk).update(segment=["", "gold"][number % 2])
        if issues[number % 2]:
            services.classify(ticket=ticket, issue=issues[0], by=cast.ana, at=NOW)
        if number % 2:
            services.assign(ticket=ticket, assignee=cast.ana, by=cast.ana, at=NOW)
    view = save(cast, query="is:open sort:created", columns=["subject"], group_by=group)
    first = ana.get(f"/queue/?view=v{view.pk}").context["page"]
    second = ana.get(first.next_url).context["page"]
    rows = [row.ticket for row in (*first.rows, *second.rows)]
    assert len(rows) == len({ticket.pk for ticket in rows}) == Ticket.objects.count()
    names = [GROUPS[group].name(ticket) for ticket in rows]
    changes = sum(above != name for above, name in pairwise(names))
    assert changes == len(set(names)) - 1
    headings = [row.group for row in first.rows if row.group]
    assert headings == list(dict.fromkeys(names[:50]))


@pytest.mark.parametrize(
    "after", ["x", "[]", "[1]", '["a","b"]', '[null,"x"]', "[[],{}]", '["2026-01-01",1]', "1e999", "[" * 5000]
)
def test_a_place_that_is_none_begins_at_the_top(cast, after):
    ticket = make_ticket(cast)
    for sort in paging.SORTS:
        assert paging.page(Ticket.objects.all(), paging.keys_of(sort), after, as_shown=lambda few: few) == [
            ticket
        ]


# How many


def test_counts_are_made_by_a_worker_while_one_looks_and_say_how_old_they_are(cast, ana, monkeypatch):
    make_ticket(cast, tags=["vip"])
    view = save(cast)
    asked = []
    monkeypatch.setattr(tasks.count_views_of, "apply_async", lambda **given: asked.append(given["kwargs"]))
    tasks.count_views()
    assert asked == []
    assert "Counted" not in ana.get("/queue/counts/?view=my-open").content.decode()
    tasks.count_views()
    assert asked == [{"user_id": cast.ana.pk}]
    tasks.count_views_of(**asked.pop())
    counts = known_counts(cast.ana)
    assert (counts.by_view["all-open"], counts.by_view[f"v{view.pk}"], counts.by_view["my-open"]) == (1, 1, 0)
    assert "solved" not in counts.by_view
    assert "Counted just now" in ana.get("/queue/counts/").content.decode()
    tasks.count_views()
    assert asked == []


def test_counts_are_each_persons_own(cast):
    make_ticket(cast)
    services.count_views(user=cast.ana, at=NOW)
    services.count_views(user=cast.mallory, at=NOW)
    assert [known_counts(one).by_view["all-open"] for one in (cast.ana, cast.mallory)] == [1, 0]


def test_counts_are_made_again_when_they_are_old_for_those_who_look_still(cast):
    now = timezone.now()
    look(cast.ana, at=now)
    services.count_views(user=cast.ana, at=now)
    assert to_count_for(at=now + timedelta(seconds=15)) == []
    assert to_count_for(at=now + timedelta(seconds=20)) == [cast.ana.pk]
    assert to_count_for(at=now + timedelta(seconds=61)) == []


def test_without_valkey_the_page_comes_without_fresh_numbers(cast, ana, monkeypatch):
    monkeypatch.setattr(valkey, "connection", lambda: redis.Redis(unix_socket_path="/nowhere"))
    assert ana.get("/queue/counts/").status_code == 200


def test_more_than_a_thousand_are_not_counted_on(cast, monkeypatch, ana):
    monkeypatch.setattr("apps.response.services.ticket_views.MOST", 1)
    monkeypatch.setattr("apps.response.queries.counting.MOST", 1)
    make_ticket(cast), make_ticket(cast), make_ticket(cast)
    services.count_views(user=cast.ana, at=timezone.now())
    assert known_counts(cast.ana).of("all-open") == (1, True)
    assert MOST == 1_000


def test_a_page_waits_for_no_count(cast, ana):
    make_ticket(cast)
    for number in range(20):
        save(cast, name=f"View {number}")
    with_views = count_queries(ana, "/queue/?view=all-open")
    TicketView.objects.all().delete()
    assert count_queries(ana, "/queue/?view=all-open") == with_views


# By program


def test_a_program_keeps_views_of_its_own(cast, client):
    from tests.factories import make_token

    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}

    def call(method, path="", body=None):
        return getattr(client, method)(
            f"/api/v1/ticket-views/{path}",
            json.dumps(body) if body else None,
            content_type="application/json",
            headers=headers,
        )

    made = call("post", body={"name": "VIP", "query": "tag:vip", "columns": ["number"]})
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json()["columns"] == ["subject", "number"]
    assert [view["name"] for view in call("get").json()["data"]] == ["VIP"]
    assert call("patch", f"{number}/", {"query": "tag:gold"}).json()["query"] == "tag:gold"
    assert call("patch", f"{number}/", {"query": "is:x"}).status_code == 422
    assert call("delete", f"{number}/").status_code == 204
    assert call("get", f"{number}/").status_code == 404
