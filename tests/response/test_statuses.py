"""States in the company's own words: made, given to tickets, refused, shown, asked for."""

import json
from datetime import timedelta

import pytest

from apps.control.models import Clock
from apps.control.services import lay_out_defaults, pause_clocks, start_clocks
from apps.intake.queries import request_key
from apps.response import services as response
from apps.response.acting import perform, read_acts, undo
from apps.response.queries.finding import find
from apps.response.query.reading import read
from apps.response.statuses.queries import choices_for
from apps.response.statuses.services import restore_status, retire_status, save_status, set_status
from apps.response.transitions import NotNow
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, TicketStatus
from tests.factories import NOW, make_ticket, make_token

HOUR = timedelta(hours=1)


@pytest.fixture
def parts(cast):
    return save_status(
        status=None, label="Waiting for parts", category="waiting_owner", customer_label="We wait for a spare part",
        tone="bad", by=cast.ada,
    )  # fmt: skip


def own(cast, label, category="waiting_owner", **more):
    return save_status(status=None, label=label, category=category, by=cast.ada, **more)


def test_a_ticket_is_given_a_state_and_its_category_stays_the_truth(cast, parts):
    lay_out_defaults()
    ticket = make_ticket(cast)
    start_clocks(ticket=ticket, kinds=["resolve"], at=NOW)
    ticket = set_status(ticket=ticket, to="waiting-for-parts", by=cast.ana, at=NOW)
    assert (ticket.status, ticket.own_status, ticket.status_label) == (
        "waiting_owner",
        parts,
        "Waiting for parts",
    )
    pause_clocks(ticket=ticket, at=NOW)
    assert Clock.objects.get(kind="resolve").state == "running"  # waiting on an owner is our own time
    event = Event.objects.get(kind="ticket.held")
    assert (event.data["to"], event.data["own"]) == ("waiting_owner", "waiting-for-parts")


def test_another_word_of_the_same_category_is_told_and_no_clock_hears_of_it(cast, parts):
    other = own(cast, "Waiting for the carrier")
    ticket = set_status(ticket=make_ticket(cast), to=parts.key, by=cast.ana, at=NOW)
    set_status(ticket=ticket, to=other.key, by=cast.ana, at=NOW + HOUR)
    set_status(ticket=ticket, to=other.key, by=cast.ana, at=NOW + HOUR)
    ticket.refresh_from_db()
    assert ticket.own_status == other
    named = Event.objects.get(kind="ticket.named")
    assert named.data["label"] == "Waiting for the carrier"
    assert not any(name.startswith("control.") for name in named.owes)
    set_status(ticket=ticket, to="waiting_owner", by=cast.ana, at=NOW + HOUR)
    ticket.refresh_from_db()
    assert ticket.own_status is None


def test_what_comes_into_a_category_gets_its_default_the_departments_own_first(cast, parts):
    everybodys = own(cast, "Answered", "solved", is_default=True)
    billings = own(cast, "Settled", "solved", is_default=True, department=cast.billing)
    ticket = make_ticket(cast)
    response.solve(ticket=ticket, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.own_status == billings
    other = make_ticket(cast, department=cast.shipping)
    other.resolve(by=cast.mallory, at=NOW)
    assert other.own_status == everybodys
    response.reopen(ticket=ticket, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert ticket.own_status is None


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("open", "open"),
        ("waiting_customer", "waiting_customer"),
        ("waiting_owner", "waiting_owner"),
        ("solved", "solved"),
    ],
)
def test_a_category_is_a_state_too(cast, to, status):
    ticket = set_status(ticket=make_ticket(cast), to=to, by=cast.ana, at=NOW)
    assert ticket.status == status
    assert set_status(ticket=ticket, to=to, by=cast.ana, at=NOW).status == status


def test_a_solved_ticket_is_opened_again_or_closed(cast):
    again = set_status(ticket=make_ticket(cast), to="solved", by=cast.ana, at=NOW)
    assert set_status(ticket=again, to="open", by=cast.ana, at=NOW).reopened_count == 1
    over = set_status(ticket=make_ticket(cast), to="solved", by=cast.ana, at=NOW)
    assert set_status(ticket=over, to="closed", by=cast.ana, at=NOW).closed_at == NOW


REFUSED = [
    ("a role", {"roles": ["lead"]}, NotAllowed, "is given by: Team lead"),
    ("a way there", {"comes_from": ["open"]}, NotNow, "gets to “Special” from: Open; "),
    ("another department's", {"department": "shipping"}, NotNow, "is for tickets of Shipping"),
    ("a retired one", {"retired": True}, NotNow, "is retired"),
]


@pytest.mark.parametrize(("case", "rules", "error", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_state_that_may_not_be_given_is_refused_with_the_reason(cast, case, rules, error, said):
    rules = dict(rules) | ({"department": cast.shipping} if "department" in rules else {})
    retired = rules.pop("retired", False)
    special = own(cast, "Special", **rules)
    if retired:
        retire_status(status=special, by=cast.ada, at=NOW)
    ticket = make_ticket(cast)
    with pytest.raises(error, match=said):
        set_status(ticket=ticket, to="special", by=cast.ana, at=NOW)
    assert "special" not in {one.value for one in choices_for(ticket, cast.ana)}
    ticket.refresh_from_db()
    assert (ticket.status, ticket.own_status) == ("new", None)
    assert not Event.objects.filter(kind__in=["ticket.held", "ticket.named"]).exists()


@pytest.mark.parametrize("to", ["nowhere", "new", "closed"])
def test_where_no_ticket_gets_to_by_hand_is_refused(cast, to):
    with pytest.raises((Invalid, NotNow)):
        set_status(ticket=make_ticket(cast), to=to, by=cast.ana, at=NOW)


def test_a_lead_gives_what_agents_may_not(cast):
    own(cast, "Special", roles=["lead"])
    assert set_status(ticket=make_ticket(cast), to="special", by=cast.lena, at=NOW).status_label == "Special"


def test_a_retired_state_stays_on_its_tickets(cast, parts):
    ticket = set_status(ticket=make_ticket(cast), to=parts.key, by=cast.ana, at=NOW)
    retire_status(status=parts, by=cast.ada, at=NOW)
    ticket.refresh_from_db()
    assert ticket.status_label == "Waiting for parts"
    restore_status(status=parts, by=cast.ada)
    assert TicketStatus.objects.in_use(cast.billing).get() == parts


def test_a_ticket_that_moves_leaves_its_departments_word_behind(cast):
    mine = own(cast, "At the workshop", department=cast.billing)
    ticket = set_status(ticket=make_ticket(cast), to=mine.key, by=cast.ana, at=NOW)
    ticket.move_to(cast.shipping, by=cast.lena, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.own_status) == ("waiting_owner", None)


WRONG = [
    ({"label": " "}, "label"),
    ({"category": "new"}, "category"),
    ({"key": "solved"}, "key"),
    ({"key": "waiting-for-parts"}, "key"),
    ({"label": "…"}, "key"),
    ({"tone": "pink"}, "tone"),
    ({"roles": ["customer"]}, "roles"),
    ({"comes_from": ["limbo"]}, "comes_from"),
    ({"order": -1}, "order"),
    ({"is_default": True}, "is_default"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_a_state_that_can_not_be_is_refused(cast, parts, wrong, pointer):
    own(cast, "Usual", is_default=True)
    with pytest.raises(Invalid) as refused:
        save_status(status=None, **{"label": "Other", "category": "waiting_owner"} | wrong, by=cast.ada)
    assert refused.value.pointer == pointer
    assert TicketStatus.objects.count() == 2


def test_leads_name_states_of_their_own_department_alone(cast, parts):
    save_status(status=None, label="Ours", category="open", department=cast.billing, by=cast.lena)
    with pytest.raises(NotAllowed):
        save_status(status=None, label="All", category="open", by=cast.lena)
    with pytest.raises(NotAllowed):
        retire_status(status=parts, by=cast.lena, at=NOW)
    with pytest.raises(Invalid):
        save_status(status=parts, label="Parts", category="solved", by=cast.ada)


def test_it_is_asked_for_by_category_or_by_its_own_key(cast, parts):
    waiting = set_status(ticket=make_ticket(cast), to=parts.key, by=cast.ana, at=NOW)
    plain = set_status(ticket=make_ticket(cast), to="waiting_owner", by=cast.ana, at=NOW)
    for text, numbers in (
        ("status:waiting-for-parts", {waiting.pk}),
        ("status:waiting_owner", {waiting.pk, plain.pk}),
        ("status:waiting-owner -status:waiting-for-parts", {plain.pk}),
    ):
        found, wrong = find(read(text, at=NOW), user=cast.ana)
        assert ({ticket.pk for ticket in found}, wrong) == (numbers, ()), text
    _, wrong = find(read("status:limbo", at=NOW), user=cast.ana)
    assert [one.reason for one in wrong] == ["there is no state with this key"]


def test_an_act_gives_it_to_many_and_takes_it_back(cast, parts):
    ticket = set_status(ticket=make_ticket(cast), to="waiting_customer", by=cast.ana, at=NOW)
    acts = read_acts([{"act": "status", "value": parts.key}])
    done = perform(ticket=ticket, acts=acts, by=cast.ana, at=NOW + HOUR)
    ticket.refresh_from_db()
    assert ticket.own_status == parts
    undo(done=done, by=cast.ana, at=NOW + 2 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.own_status) == ("waiting_customer", None)


def test_the_pages_show_it_and_the_customer_reads_another_word(cast, parts, sign_in, client):
    ticket = make_ticket(cast)
    browser = sign_in(cast.ana)
    form = browser.get(f"/t/{ticket.pk}/change/status/").content.decode()
    assert "Waiting for parts" in form
    assert browser.post(f"/t/{ticket.pk}/status/", {"status": parts.key}).status_code == 302
    assert browser.post(f"/t/{ticket.pk}/status/", {"status": "limbo"}).status_code == 422
    assert "Waiting for parts" in browser.get(f"/t/{ticket.pk}/").content.decode()
    assert "Waiting for parts" in browser.get("/queue/?q=is:open").content.decode()
    assert "Waiting for parts" in browser.get(f"/t/{ticket.pk}/history/").content.decode()
    seen = client.get(f"/help/r/{request_key(ticket)}/").content.decode()
    assert "We wait for a spare part" in seen
    assert "Waiting for parts" not in seen


def test_the_page_of_states_makes_changes_and_retires_them(cast, parts, sign_in):
    browser = sign_in(cast.ada)
    given = {"label": "At the carrier", "category": "waiting_owner", "tone": "wait", "order": 10}
    assert browser.post("/admin/states/", given).status_code == 302
    assert browser.post("/admin/states/", given).status_code == 422  # the key is taken
    assert browser.post(f"/admin/states/{parts.pk}/", given | {"key": parts.key}).status_code == 302
    assert browser.post(f"/admin/states/{parts.pk}/retire/").status_code == 302
    page = browser.get("/admin/states/").content.decode()
    assert "At the carrier" in page
    assert sign_in(cast.ana).get("/admin/states/").status_code == 403


def test_programs_give_and_keep_states(cast, client):
    auth = {"Authorization": f"Bearer {make_token(cast.robot, 'tickets:read', 'tickets:write', 'admin')}"}

    def ask(method, path, body=None, expect=200):
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=auth
        )
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None

    made = ask("POST", "statuses/", {"label": "Waiting for parts", "category": "waiting_owner"}, 201)
    ask("POST", "statuses/", {"label": "X", "category": "waiting_owner", "colour": "red"}, 422)
    ticket = make_ticket(cast)
    shown = ask("POST", f"tickets/{ticket.pk}/status/", {"status": "waiting-for-parts"})
    assert (shown["status"], shown["own_status"]["label"]) == ("waiting_owner", "Waiting for parts")
    ask("POST", f"tickets/{ticket.pk}/status/", {"status": "limbo"}, 422)
    ask("PUT", f"statuses/{made['id']}/", {"label": "Parts", "category": "waiting_owner", "key": made["key"]})
    ask("DELETE", f"statuses/{made['id']}/", expect=204)
    assert ask("GET", "statuses/")["data"][0]["retired_at"] is not None
