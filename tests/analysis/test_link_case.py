"""A ticket is said to be evidence of a case: beside it, by API, for many at once, and by a rule; and that is undone."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.analysis import services
from apps.analysis.models import CaseTicket
from apps.response.acting import Act, perform, read_acts, read_done, undo
from apps.response.bulk.services import begin_bulk, do_at_once
from helpdesk.errors import Invalid
from helpdesk.models import Event
from tests.factories import NOW, make_ticket, make_token


@pytest.fixture
def case(world):
    return services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)


@pytest.fixture
def ticket(world):
    return make_ticket(world.cast)


def linked(case):
    return set(case.evidence.filter(excluded_at=None).values_list("ticket", flat=True))


def test_it_is_linked_by_the_number_written_in_any_way(world, case, ticket, sign_in):
    ana, url = sign_in(world.cast.ana), reverse("link_case", kwargs={"number": ticket.pk})
    for wrong in ("", "RC-", "RC-99999", "the other one"):
        assert ana.post(url, {"case": wrong}).status_code == 422
    assert ana.post(url, {"case": f" rc-{case.pk} "}).status_code == 302
    assert linked(case) == {ticket.pk}
    assert sign_in(world.cast.mallory).post(url, {"case": case.pk}).status_code == 404


def test_a_program_links_it_and_is_told_what_is_wrong(world, case, ticket):
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(world.cast.ana, 'tickets:write')}")
    there = f"/api/v1/tickets/{ticket.pk}/link-case/"
    assert api.post(there, {"case": f"RC-{case.pk}"}, format="json").status_code == 204
    assert linked(case) == {ticket.pk}
    said = api.post(there, {"case": "RC-0"}, format="json")
    assert said.status_code == 422
    [error] = said.json()["errors"]
    assert (error["pointer"], error["detail"]) == ("/case", "There is no open case with this number.")


def test_many_are_linked_at_once_and_taken_back_as_if_nobody_had_said_it(world, case):
    cast = world.cast
    tickets = [make_ticket(cast, subject=f"No {n}") for n in range(3)]
    denied = services.link_ticket(ticket=tickets[0], case=case, by=cast.ana, at=NOW)
    services.exclude_ticket(evidence=denied, by=cast.nils, at=NOW)
    known = services.link_ticket(ticket=tickets[1], case=case, by=cast.ana, at=NOW)
    acts = read_acts([{"act": "link_case", "value": f"RC-{case.pk}"}])
    job = do_at_once(
        job=begin_bulk(acts=acts, numbers=[one.pk for one in tickets], by=cast.ana, at=NOW), at=NOW
    )
    assert (job.state, linked(case)) == ("done", {one.pk for one in tickets})
    for number in (one.pk for one in tickets):
        undo(done=read_done(job.rows.get(ticket=number).done), by=cast.ana, at=NOW)
    assert linked(case) == {known.ticket_id}
    assert list(CaseTicket.objects.order_by("ticket").values_list("ticket", "excluded_by")) == [
        (tickets[0].pk, cast.ana.pk), (tickets[1].pk, None),
    ]  # fmt: skip
    told = Event.objects.filter(kind="evidence.changed", data__ticket=tickets[2].pk)
    assert [one.data["linked"] for one in told.order_by("pk")] == [True, False]


@pytest.mark.parametrize("value", [None, "", True, "RC-", "x", 2**40])
def test_what_is_no_number_of_a_case_is_refused_when_it_is_read(value):
    with pytest.raises(Invalid, match="RC-31"):
        read_acts([{"act": "link_case", "value": value}])


def test_a_case_that_was_closed_meanwhile_refuses_and_undo_still_works(world, case, ticket):
    done = perform(ticket=ticket, acts=[Act("link_case", case.pk)], by=world.cast.ana, at=NOW)
    services.close_case(case=case, outcome="not_reproduced", note="x", by=world.cast.nils, at=NOW)
    with pytest.raises(Invalid, match="no open case"):
        perform(ticket=make_ticket(world.cast), acts=[Act("link_case", case.pk)], by=world.cast.ana, at=NOW)
    undo(done=done, by=world.cast.ana, at=NOW)
    assert linked(case) == set()
