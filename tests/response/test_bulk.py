"""The same acts on many tickets: each by itself, with what became of it, and a way back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.response import services as response
from apps.response.acting import Act
from apps.response.bulk import services
from apps.response.bulk.models import UNDO_FOR, BulkJob, BulkRow
from apps.response.bulk.queries import progress
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Note, Ticket
from tests.factories import NOW, make_cast, make_issue, make_ticket, make_token
from tests.output.test_races import at_once

ME = Act("assign", "@me")


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def tickets(cast):
    return [make_ticket(cast, subject=f"Question {n}") for n in range(4)]


def begin(by, tickets=(), acts=(ME,), **more):
    given = {"acts": acts, "numbers": [t.pk for t in tickets], "by": by, "at": NOW} | more
    return services.begin_bulk(**given)


def done(by, tickets, *acts):
    return services.do_at_once(job=begin(by, tickets, acts or (ME,)), at=NOW)


def states(job):
    return list(job.rows.order_by("ticket_id").values_list("state", flat=True))


def test_chosen_tickets_are_changed_and_each_says_what_became_of_it(cast, tickets):
    response.assign(ticket=tickets[0], assignee=cast.ana, by=cast.ana, at=NOW)
    response.merge(ticket=tickets[1], into=tickets[0], by=cast.ana, at=NOW)
    job = done(cast.ana, tickets)
    assert (job.state, states(job)) == ("done", ["same", "refused", "done", "done"])
    assert "merged" in str(job.rows.get(ticket=tickets[1]).why)
    assert set(Ticket.objects.filter(assignee=cast.ana)) == {tickets[0], tickets[2], tickets[3]}


def test_of_what_is_not_theirs_nothing_is_written_down(cast, tickets):
    elsewhere = make_ticket(cast, department=cast.shipping)
    job = begin(cast.ana, [*tickets, elsewhere])
    assert elsewhere.pk not in job.rows.values_list("ticket", flat=True)
    with pytest.raises(Invalid):
        begin(cast.ana, [elsewhere])


def test_what_was_taken_out_of_their_sight_meanwhile_is_refused(cast, tickets):
    job = begin(cast.ana, tickets, [Act("tag", "vip")])
    response.move(ticket=tickets[0], department=cast.shipping, by=cast.ada, at=NOW)
    services.do_at_once(job=job, at=NOW)
    assert states(job) == ["refused", "done", "done", "done"]
    tickets[0].refresh_from_db()
    assert tickets[0].tags == []


def test_all_that_fit_a_question_are_frozen_when_it_is_asked(cast, tickets):
    job = begin(cast.ana, query="is:open is:unassigned", expected=4)
    late = make_ticket(cast)
    services.do_at_once(job=job, at=NOW)
    late.refresh_from_db()
    assert (job.total, late.assignee) == (4, None)


@pytest.mark.parametrize(
    "given",
    [
        {"query": "is:open nobody:knows"},
        {"query": "tag:none-has-this"},
        {"numbers": []},
        {"acts": [Act("assign", 999_999)]},
        {"acts": [Act("classify", "nowhere")]},
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(cast, tickets, given):
    with pytest.raises(Invalid):
        begin(cast.ana, tickets, **given)
    assert not BulkJob.objects.exists()


def test_another_number_than_was_shown_is_refused(cast, tickets):
    with pytest.raises(services.SelectionChanged):
        begin(cast.ana, query="is:open", expected=3)


def test_nobody_begins_what_their_role_does_not_do(cast, tickets):
    with pytest.raises(NotAllowed):
        begin(cast.omar, tickets)


def test_a_second_press_begins_nothing(cast, tickets):
    key = uuid4()
    note = [Act("note", "Look.")]
    one, two = begin(cast.ana, tickets, note, key=key), begin(cast.ana, tickets, note, key=key)
    for job in (one, two):
        services.do_at_once(job=job, at=NOW)
    assert one == two
    assert Note.objects.count() == 4


def test_many_are_left_to_the_worker_and_a_few_to_who_asked(cast, tickets, monkeypatch):
    small = begin(cast.ana, tickets[:1])
    monkeypatch.setattr(services, "AT_ONCE", 2)
    large = begin(cast.ana, tickets[1:])
    assert services.do_at_once(job=large, at=NOW).state == "waiting"
    assert services.work_on_bulk(at=NOW) == 3
    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.state, small.state) == ("done", "waiting")
    services.work_on_bulk(at=NOW + timedelta(minutes=2))
    small.refresh_from_db()
    assert small.state == "done"


def test_killed_in_the_middle_it_goes_on_and_does_no_ticket_twice(cast, tickets, monkeypatch):
    job = begin(cast.ana, tickets, [Act("note", "Once.")])
    perform, seen = services.perform, []

    def killed(**given):
        seen.append(given["ticket"])
        if len(seen) == 3:
            raise KeyboardInterrupt
        return perform(**given)

    monkeypatch.setattr(services, "perform", killed)
    with pytest.raises(KeyboardInterrupt):
        services.do_at_once(job=job, at=NOW)
    assert states(job) == ["done", "done", "waiting", "waiting"]
    services.work_on_bulk(at=NOW + timedelta(minutes=2))
    job.refresh_from_db()
    assert (job.state, Note.objects.count()) == ("done", 4)


def test_a_fault_with_one_stops_none_of_the_others_and_is_not_met_again(cast, tickets, monkeypatch):
    job = begin(cast.ana, tickets)
    perform = services.perform

    def faulty(**given):
        if given["ticket"] == tickets[1]:
            raise ZeroDivisionError
        return perform(**given)

    monkeypatch.setattr(services, "perform", faulty)
    with pytest.raises(ExceptionGroup):
        services.do_at_once(job=job, at=NOW)
    assert states(job) == ["done", "refused", "done", "done"]
    services.do_at_once(job=job, at=NOW)
    assert job.state == "done"


def test_stopped_it_does_no_more_and_what_is_done_stays_and_can_be_undone(cast, tickets, monkeypatch):
    job = begin(cast.ana, tickets)
    monkeypatch.setattr(services, "PIECE", 2)
    services._go_on(job, at=NOW)
    services.stop_bulk(job=job, by=cast.ana, at=NOW)
    services.do_at_once(job=job, at=NOW)
    assert (job.state, states(job)) == ("stopped", ["done", "done", "waiting", "waiting"])
    services.undo_bulk(job=job, by=cast.ana, at=NOW)
    services.do_at_once(job=job, at=NOW)
    assert (job.state, states(job)) == ("undone", ["undone", "undone", "waiting", "waiting"])
    assert not Ticket.objects.filter(assignee=cast.ana).exists()


def test_undone_is_what_nobody_changed_since(cast, tickets):
    job = done(cast.ana, tickets, Act("rate", 1), Act("tag", "vip"))
    response.rate(ticket=tickets[2], severity=2, by=cast.lena, at=NOW)
    services.undo_bulk(job=job, by=cast.ana, at=NOW)
    services.do_at_once(job=job, at=NOW)
    assert (job.state, states(job)) == ("undone", ["undone", "undone", "stays", "undone"])
    assert str(job.rows.get(ticket=tickets[2]).why) == "Severity Critical: Somebody changed it since."
    found = Ticket.objects.order_by("pk").values_list("severity", "tags")
    assert list(found) == [(3, []), (3, []), (2, []), (3, [])]


def test_it_cannot_be_undone_for_ever_nor_twice_nor_while_it_runs(cast, tickets):
    job = begin(cast.ana, tickets)
    with pytest.raises(services.CantBeUndone):
        services.undo_bulk(job=job, by=cast.ana, at=NOW)
    services.do_at_once(job=job, at=NOW)
    with pytest.raises(services.CantBeUndone):
        services.undo_bulk(job=job, by=cast.ana, at=NOW + UNDO_FOR)


def test_moved_out_of_sight_they_come_back_to_who_moved_them(cast, tickets):
    job = done(cast.ana, tickets, Act("move", "shipping"))
    assert not Ticket.objects.visible_to(cast.ana).exists()
    services.undo_bulk(job=job, by=cast.ana, at=NOW)
    services.do_at_once(job=job, at=NOW)
    assert Ticket.objects.visible_to(cast.ana).count() == 4


def test_tickets_are_merged_into_one_of_the_chosen(cast, tickets):
    job = done(cast.ana, tickets, Act("merge", tickets[0].pk))
    assert (job.total, states(job)) == (3, ["done"] * 3)
    assert Ticket.objects.filter(merged_into=tickets[0]).count() == 3


def test_a_ticket_more_costs_a_handful_of_queries(cast, tickets):
    """Beside the acts themselves: a savepoint or two, the row, whether it may be seen, its lock, and its result."""
    make_issue()

    def queries(chosen):
        job = begin(cast.ana, chosen, [Act("rate", 1)])
        with CaptureQueriesContext(connection) as asked:
            services.do_at_once(job=job, at=NOW)
        return len(asked)

    one = queries(tickets[:1])
    assert queries(tickets[1:]) - one <= 2 * 17


# --- pages


@pytest.fixture
def ana(cast, sign_in):
    return sign_in(cast.ana)


def press(browser, tickets=(), asked="view=all-open", **given):
    numbers = [ticket.pk for ticket in tickets]
    return browser.post(f"{reverse('bulk')}?{asked}", {"number": numbers} | given, follow=True)


def test_a_button_of_the_bar_does_it_and_says_so_with_a_way_back(cast, ana, tickets):
    page = press(ana, tickets[:3], do="assign:@me").content.decode()
    assert "Assign to me: 3 tickets." in page
    job = BulkJob.objects.get()
    assert reverse("undo_bulk", kwargs={"pk": job.pk}) in page
    page = ana.post(f"{reverse('undo_bulk', kwargs={'pk': job.pk})}?view=all-open&back=1", follow=True)
    assert page.redirect_chain[-1][0].startswith(f"{reverse('queue')}?view=all-open")
    assert "3 tickets are as they were." in page.content.decode()
    assert not Ticket.objects.filter(assignee=cast.ana).exists()


def test_refusals_are_told_with_their_reasons(cast, ana, tickets):
    page = press(ana, tickets[:2], state="reopen:").content.decode()
    assert "2 refused:" in page
    assert f"#{tickets[0].pk} Ticket #{tickets[0].pk} is “New”" in page


def test_what_to_do_is_asked_and_then_done(cast, ana, tickets):
    page = press(ana, tickets[:2], choose="")
    assert page.status_code == 200
    assert "2 tickets" in page.content.decode()
    assert not BulkJob.objects.exists()
    press(ana, tickets[:2], tag="vip", rate="rate:2", assign=f"assign:{cast.lena.pk}")
    assert Ticket.objects.filter(tags=["vip"], severity=2, assignee=cast.lena).count() == 2


def test_all_that_fit_are_asked_about_and_counted_again(cast, ana, tickets):
    page = press(ana, tickets[:1], choose="all")
    assert "4 tickets" in page.content.decode()
    again = press(ana, which="all", expected=3, rate="rate:1")
    assert again.status_code == 409
    press(ana, which="all", expected=4, rate="rate:1")
    assert Ticket.objects.filter(severity=1).count() == 4


def test_nothing_chosen_and_nothing_said_are_told(cast, ana, tickets):
    assert "Choose tickets first" in press(ana, do="assign:@me").content.decode()
    page = press(ana, tickets[:1])
    assert page.status_code == 422
    assert "Choose what to do" in page.content.decode()
    assert press(ana, tickets[:1], untag="x" * 70).status_code == 422


def test_more_than_a_hundred_show_how_far_they_are(cast, ana, tickets, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    page = press(ana, tickets, do="assign:@me")
    job = BulkJob.objects.get()
    assert page.redirect_chain[-1][0] == reverse("bulk_job", kwargs={"pk": job.pk})
    assert "0 / 4" in page.content.decode()
    services.work_on_bulk(at=NOW)
    assert "4 / 4" in ana.get(reverse("bulk_job", kwargs={"pk": job.pk})).content.decode()
    told = ana.get(reverse("bulk_results", kwargs={"pk": job.pk})).content.decode().splitlines()
    assert told[0] == "ticket,state,why"
    assert told[1] == f"{tickets[0].pk},Done,"
    ana.post(reverse("undo_bulk", kwargs={"pk": job.pk}))
    ana.post(reverse("stop_bulk", kwargs={"pk": job.pk}))
    services.work_on_bulk(at=NOW)
    assert progress(BulkJob.objects.get()).back == 4


def test_what_others_did_is_not_theirs_to_see_or_undo(cast, tickets, sign_in):
    job = done(cast.ana, tickets)
    lena = sign_in(cast.lena)
    for name in ("bulk_job", "bulk_results"):
        assert lena.get(reverse(name, kwargs={"pk": job.pk})).status_code == 404
    for name in ("undo_bulk", "stop_bulk"):
        assert lena.post(reverse(name, kwargs={"pk": job.pk})).status_code == 404
    assert sign_in(cast.ada).get(reverse("bulk_job", kwargs={"pk": job.pk})).status_code == 200


def test_a_page_of_results_takes_the_same_number_of_queries_for_one_and_for_many(cast, ana, tickets):
    """Session, person, job, counts, number of rows, rows, subjects."""

    def queries(chosen):
        job = done(cast.ana, chosen, Act("rate", 2))
        with CaptureQueriesContext(connection) as asked:
            ana.get(reverse("bulk_job", kwargs={"pk": job.pk}))
        with CaptureQueriesContext(connection) as listed:
            ana.get(reverse("bulk_jobs"))
        return len(asked), len(listed)

    assert queries(tickets[:1]) == queries(tickets[1:])


# --- api


@pytest.fixture
def api(cast):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(cast.robot)}")
    return client


def send(api, headers=None, **given):
    return api.post("/api/v1/tickets/bulk/", given, format="json", headers=headers or {})


def test_a_program_does_it_reads_what_became_of_each_and_undoes_it(cast, api, tickets):
    numbers = [ticket.pk for ticket in tickets]
    acts = [{"act": "assign", "value": "ana@desk.test"}, {"act": "tag", "value": "vip"}]
    said = send(api, {"Idempotency-Key": "one"}, numbers=numbers, acts=acts)
    assert (said.status_code, said.data["state"], said.data["done"]) == (202, "done", 4)
    assert said.data["told"] == ["Assign to Ana", "Tag “vip”"]
    assert send(api, {"Idempotency-Key": "one"}, numbers=numbers, acts=acts).data["id"] == said.data["id"]
    there = f"/api/v1/bulk-jobs/{said.data['id']}/"
    rows = api.get(f"{there}tickets/?state=done").data["data"]
    assert {row["ticket"] for row in rows} == set(numbers)
    assert api.post(f"{there}undo/").status_code == 202
    services.work_on_bulk(at=NOW)
    assert api.get(there).data["undone"] == 4
    assert [job["id"] for job in api.get("/api/v1/bulk-jobs/").data["data"]] == [said.data["id"]]
    assert api.post(f"{there}stop/").data["state"] == "undone"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"acts": [{"act": "solve"}]}, "numbers"),
        ({"q": "is:open", "numbers": [1], "acts": [{"act": "solve"}]}, "numbers"),
        ({"q": "is:open", "acts": []}, "acts"),
        ({"q": "is:open", "acts": [{"act": "rate", "value": 9}]}, "acts/0/value"),
        ({"q": "is:open foo:bar", "acts": [{"act": "solve"}]}, "query"),
        ({"q": "is:open", "acts": [{"act": "solve"}], "quickly": True}, "quickly"),
    ],
)
def test_a_program_is_told_what_is_wrong(cast, api, tickets, given, pointer):
    said = send(api, **given)
    assert said.status_code == 422, said.data
    assert pointer in str(said.data)
    assert not BulkRow.objects.exists()
    assert not Event.objects.filter(kind="ticket.resolved").exists()


def test_two_presses_of_one_form_at_the_same_moment_begin_one_job(transactional_db):
    cast, key = make_cast(), uuid4()
    tickets = [make_ticket(cast)]
    press = lambda: begin(cast.ana, tickets, key=key).pk  # noqa: E731
    one, other = at_once(press, press)
    assert one == other
    assert (BulkJob.objects.count(), BulkRow.objects.count()) == (1, 1)
