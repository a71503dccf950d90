"""Play: the next ticket that nobody has, for one person to look at, and theirs once they act on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.intake.services import follow_up
from apps.response import queries, services
from apps.response.models import PlayClaim, PlaySkip
from helpdesk.errors import NotAllowed
from tests.factories import NOW, make_ticket, make_token

SOON = NOW + timedelta(seconds=91)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(timezone, "now", lambda: told["now"])
    return told


def play(who, at=NOW, **asked):
    rows = queries.unclaimed(user=who, **(asked or {"view": "unassigned"}), at=at)
    return services.take_up_next(candidates=rows, by=who, at=at)


def test_what_is_due_first_is_given_and_is_nobodys_yet(cast):
    make_ticket(cast, due_at=NOW + timedelta(hours=2))
    pressing = make_ticket(cast, due_at=NOW + timedelta(hours=1))
    make_ticket(cast)
    ticket = play(cast.ana, view="my-open")
    assert (ticket, ticket.assignee) == (pressing, None)


def test_the_order_is_that_of_the_list(cast):
    make_ticket(cast, at=NOW - timedelta(hours=1), due_at=NOW)
    newest = make_ticket(cast, at=NOW)
    assert play(cast.ana, text="is:open sort:created") == newest


def test_while_one_looks_at_it_the_other_is_given_the_next(cast):
    first, second = make_ticket(cast, due_at=NOW), make_ticket(cast)
    assert (play(cast.ana), play(cast.lena), play(cast.ada)) == (first, second, None)
    assert play(cast.ada, at=SOON) == first


def test_whoever_reads_on_keeps_it_for_ten_minutes_at_most(cast, sign_in, clock):
    ticket, ana = make_ticket(cast), sign_in(cast.ana)
    play(cast.ana)
    for second in range(60, 601, 60):
        clock["now"] = NOW + timedelta(seconds=second)
        assert play(cast.lena, clock["now"]) is None
        ana.post(f"/t/{ticket.pk}/presence/", {"doing": "views"})
    clock["now"] = NOW + timedelta(seconds=660)
    assert play(cast.lena, clock["now"]) == ticket
    ana.post(f"/t/{ticket.pk}/presence/", {"doing": "views"})
    assert PlayClaim.objects.get().person == cast.lena


def test_playing_on_lets_go_of_the_last_one(cast):
    first = make_ticket(cast)
    play(cast.ana)
    assert play(cast.ana) == first
    assert PlayClaim.objects.count() == 1


def test_what_was_passed_over_comes_back_after_an_hour_and_to_others_at_once(cast):
    first, second = make_ticket(cast, due_at=NOW), make_ticket(cast)
    services.pass_over(ticket=play(cast.ana), by=cast.ana, at=NOW)
    assert play(cast.ana) == second
    assert play(cast.lena) == first
    services.let_go(ticket=first, by=cast.lena)
    assert play(cast.ana, at=NOW + timedelta(minutes=59)) == second
    assert play(cast.ana, at=NOW + timedelta(minutes=61)) == first


def test_what_ran_out_of_skips_is_forgotten(cast):
    for at in (NOW, NOW + timedelta(hours=2)):
        services.pass_over(ticket=make_ticket(cast), by=cast.ana, at=at)
    assert PlaySkip.objects.count() == 1


@pytest.mark.parametrize("who", ["omar", "nils", "zoe_account"])
def test_play_is_for_those_who_answer(cast, who):
    make_ticket(cast)
    with pytest.raises(NotAllowed):
        play(getattr(cast, who))


def test_a_program_answers_nobody(cast):
    make_ticket(cast)
    with pytest.raises(services.NotAssignable):
        play(cast.robot)


def test_a_stranger_is_given_nothing(cast):
    make_ticket(cast)
    assert play(cast.mallory) is None


# --- pages

ACTS = {
    "reply": {"body": "We look into it."},
    "note": {"body": "Looked at it."},
    "rate": {"severity": 1},
    "hold": {"waiting_on": "waiting_customer"},
    "solve": {},
}


@pytest.mark.parametrize("act", ACTS)
def test_the_first_act_makes_it_theirs(cast, sign_in, act):
    ticket, ana = make_ticket(cast), sign_in(cast.ana)
    where = ana.post("/queue/play/?view=unassigned")["Location"]
    assert where == f"/t/{ticket.pk}/?view=unassigned&play=1"
    assert "Skip" in ana.get(where).content.decode()
    ana.post(f"/t/{ticket.pk}/{act}/?view=unassigned", ACTS[act])
    ticket.refresh_from_db()
    assert ticket.assignee == cast.ana
    assert not PlayClaim.objects.exists()


def test_an_act_without_play_gives_it_to_nobody(cast, sign_in, clock):
    ticket, ana = make_ticket(cast), sign_in(cast.ana)
    ana.post("/queue/play/?view=unassigned")
    clock["now"] = SOON
    ana.post(f"/t/{ticket.pk}/note/", ACTS["note"])
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_who_gives_it_to_a_colleague_does_not_have_it(cast, sign_in):
    ticket, ana = make_ticket(cast), sign_in(cast.ana)
    ana.post("/queue/play/?view=unassigned")
    ana.post(f"/t/{ticket.pk}/assign/", {"assignee": cast.lena.pk})
    ticket.refresh_from_db()
    assert ticket.assignee == cast.lena


def test_it_is_kept_skipped_and_left_by_buttons(cast, sign_in, clock):
    first, second, ana = make_ticket(cast, due_at=NOW), make_ticket(cast), sign_in(cast.ana)
    ana.post("/queue/play/?view=unassigned")
    where = ana.post(f"/queue/play/{first.pk}/skip/?view=unassigned")["Location"]
    assert where == f"/t/{second.pk}/?view=unassigned&play=1"
    assert (
        ana.post(f"/queue/play/{second.pk}/leave/?view=unassigned")["Location"] == "/queue/?view=unassigned"
    )
    assert not PlayClaim.objects.exists()
    ana.post("/queue/play/?view=unassigned")
    ana.post(f"/queue/play/{second.pk}/keep/?view=unassigned")
    second.refresh_from_db()
    assert second.assignee == cast.ana
    said = ana.post(f"/queue/play/{first.pk}/keep/", follow=True).content.decode()
    assert "not looking at this ticket any more" in said
    first.refresh_from_db()
    assert first.assignee is None


def test_lists_say_who_looks_at_it_at_no_further_query(cast, sign_in, clock):
    ticket, lena = make_ticket(cast), sign_in(cast.lena)

    def page():
        with CaptureQueriesContext(connection) as asked:
            text = lena.get("/queue/?view=unassigned").content.decode()
        return len(asked), "Looked at by" in text

    page()
    before = page()
    assert play(cast.ana) == ticket
    assert (before, page()) == ((before[0], False), (before[0], True))
    clock["now"] = SOON
    assert page() == before


# --- api


def test_a_tool_of_a_person_plays(cast):
    first, second = make_ticket(cast, due_at=NOW), make_ticket(cast)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.ana)}")
    said = api.post("/api/v1/tickets/play/", {"q": "is:open"}, format="json")
    assert (said.status_code, said.data["number"]) == (200, first.pk)
    assert said.data["claimed_until"] == NOW + timedelta(seconds=90)
    assert api.post(f"/api/v1/tickets/{first.pk}/skip/", {}, format="json").status_code == 204
    assert api.post("/api/v1/tickets/play/", {}, format="json").data["number"] == second.pk
    assert api.post(f"/api/v1/tickets/{second.pk}/keep/", {}, format="json").status_code == 204
    assert api.post(f"/api/v1/tickets/{second.pk}/keep/", {}, format="json").status_code == 409
    assert api.post("/api/v1/tickets/play/", {}, format="json").status_code == 204
    assert api.post(f"/api/v1/tickets/{second.pk}/leave/", {}, format="json").status_code == 204
    second.refresh_from_db()
    assert second.assignee == cast.ana


LINKED = ["links", "children/open", "split", "merge/several"]


@pytest.mark.parametrize("what", LINKED)
def test_whoever_ties_or_splits_what_they_look_at_has_it(cast, sign_in, what):
    ticket, other = make_ticket(cast, due_at=NOW), make_ticket(cast)
    message = follow_up(ticket=ticket, body="And my lamp.", by=cast.system, at=NOW)
    assert play(cast.ana) == ticket
    given = {
        "links": {"as_": "related_to", "as": "related_to", "other": str(other.pk)},
        "children/open": {
            "department": cast.shipping.pk,
            "subject": "Look",
            "task": "Look",
            "messages": [message.pk],
        },
        "split": {"messages": [message.pk], "subject": "The lamp"},
        "merge/several": {"tickets": [other.pk]},
    }[what]
    answer = sign_in(cast.ana).post(f"/t/{ticket.pk}/{what}/", given)
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.assignee) == (302, cast.ana)
