from datetime import timedelta

import pytest

from apps.output.models import Delivery
from apps.response import services
from apps.response.checklists.models import Checklist, TicketTask
from apps.response.checklists.services import (
    add_task,
    apply_checklist,
    change_task,
    move_task,
    remind_of_tasks,
    remove_task,
    save_checklist,
)
from apps.response.services import NotReady
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Ticket
from tests.factories import NOW, make_issue, make_ticket
from tests.response.pages import count_queries

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def task(cast):
    def make(text="Call the bank", ticket=None, **more):
        return add_task(ticket=ticket or make_ticket(cast), text=text, **more, by=cast.ana, at=NOW)

    return make


def texts(ticket):
    return [one.text for one in TicketTask.objects.filter(ticket=ticket)]


def test_a_task_is_added_done_and_taken_back_in_the_box(cast, ana):
    ticket = make_ticket(cast)
    url = f"/t/{ticket.pk}/tasks/"
    assert ana.post(url, {"text": "Call the bank", "assignee": cast.ana.pk}).status_code == 302
    row = TicketTask.objects.get()
    box = ana.post(f"{url}{row.pk}/", {"act": "done"}, headers={"HX-Request": "true"})
    assert "1/1" in box.content.decode()
    row.refresh_from_db()
    assert row.done_by == cast.ana
    ana.post(f"{url}{row.pk}/", {"act": "open"})
    row.refresh_from_db()
    assert row.done_at is row.done_by is None
    kinds = ["task.added", "task.done", "task.reopened"]
    assert (
        list(Event.objects.filter(kind__startswith="task.").order_by("pk").values_list("kind", flat=True))
        == kinds
    )


def test_tasks_change_places_without_a_mouse(cast, ana, task):
    ticket = make_ticket(cast)
    rows = [task(name, ticket=ticket) for name in ("a", "b", "c")]
    move_task(task=rows[2], up=True, by=cast.ana, at=NOW)
    assert texts(ticket) == ["a", "c", "b"]
    move_task(task=rows[0], up=True, by=cast.ana, at=NOW)
    assert texts(ticket) == ["a", "c", "b"]
    ana.post(f"/t/{ticket.pk}/tasks/{rows[0].pk}/", {"act": "down"})
    assert texts(ticket) == ["c", "a", "b"]
    remove_task(task=rows[0], by=cast.ana, at=NOW)
    assert texts(ticket) == ["c", "b"]


def test_a_required_task_keeps_the_ticket_open(cast, ana, task):
    ticket = make_ticket(cast)
    row = task(ticket=ticket, is_required=True)
    page = ana.post(f"/t/{ticket.pk}/solve/")
    assert page.status_code == 422
    assert "Call the bank" in page.content.decode()
    with pytest.raises(NotReady):
        services.reply(ticket=ticket, body="Done.", then="solve", by=cast.ana, at=NOW)
    assert Ticket.objects.get().status == "new"
    change_task(task=row, is_done=True, by=cast.ana, at=NOW)
    services.solve(ticket=ticket, by=cast.ana, at=NOW)


def test_a_checklist_is_laid_out_once(cast, ana):
    row = save_checklist(
        name="Refund", lines=["! Ask accounting", " Tell  the shop", "!"], by=cast.lena, at=NOW
    )
    ticket = make_ticket(cast)
    apply_checklist(ticket=ticket, checklist=row, by=cast.ana, at=NOW)
    assert ana.post(f"/t/{ticket.pk}/tasks/lay-out/", {"checklist": row.pk}).status_code == 302
    assert texts(ticket) == ["Ask accounting", "Tell the shop"]
    assert [one.is_required for one in TicketTask.objects.all()] == [True, False]


def test_a_checklist_says_who_and_by_when(cast, sign_in):
    lines = "! Ask the shop (2 items) @ana +4h\nTell them @assignee +2d\nMail a@b.test\nHidden @mallory\nLater +1d"
    said = {"name": "Refund", "lines": lines, "is_active": "on"}
    lena = sign_in(cast.lena)
    wrong = lena.post("/checklists/", said | {"lines": "Ask @nobody.here"})
    assert "nobody.here@" in wrong.content.decode()
    assert lena.post("/checklists/", said | {"lines": "@ana +2d"}).status_code == 422
    assert lena.post("/checklists/", said).status_code == 302
    ticket = make_ticket(cast)
    services.assign(ticket=ticket, assignee=cast.lena, by=cast.ana, at=NOW)
    rows = apply_checklist(ticket=ticket, checklist=Checklist.objects.get(), by=cast.ana, at=NOW)
    assert [(one.text, one.is_required, one.assignee, one.due_at) for one in rows] == [
        ("Ask the shop (2 items)", True, cast.ana, NOW + timedelta(hours=4)),
        ("Tell them", False, cast.lena, NOW + timedelta(days=2)),
        ("Mail a@b.test", False, None, None),
        ("Hidden", False, None, None),
        ("Later", False, None, NOW + timedelta(days=1)),
    ]
    assert apply_checklist(ticket=ticket, checklist=Checklist.objects.get(), by=cast.ana, at=NOW) == []


def test_a_task_is_changed_in_the_box(cast, ana, task):
    row = task("Call them")
    place = f"/t/{row.ticket_id}/tasks/?task={row.pk}"
    form = ana.get(place).content.decode()
    assert 'value="Call them"' in form
    assert f'hx-post="{place}"' in form
    ana.post(
        place,
        {"text": "Write them", "assignee": cast.lena.pk, "due_at": "2026-05-08T09:00", "is_required": "on"},
    )
    row.refresh_from_db()
    assert (row.text, row.assignee, row.is_required, row.due_at.date().isoformat()) == (
        "Write them", cast.lena, True, "2026-05-08",
    )  # fmt: skip
    wrong = ana.post(place, {"text": ""}, headers={"HX-Request": "true"})
    assert wrong.context["form"].errors
    assert f'hx-post="{place}"' in wrong.content.decode()
    assert TicketTask.objects.count() == 1


def test_checklists_of_the_issue_stand_first(cast, ana):
    branch = make_issue("invoice")
    leaf = make_issue("twice", parent=branch)
    save_checklist(name="A for all", lines=["x"], by=cast.lena, at=NOW)
    save_checklist(name="B of invoices", lines=["x"], issue=branch, by=cast.lena, at=NOW)
    save_checklist(name="C of others", lines=["x"], department=cast.shipping, by=cast.lena, at=NOW)
    ticket = make_ticket(cast)
    services.classify(ticket=ticket, issue=leaf, by=cast.ana, at=NOW)
    names = [one.name for one in ana.get(f"/t/{ticket.pk}/tasks/").context["checklists"]]
    assert names == ["B of invoices", "A for all"]


def test_leads_keep_checklists(cast, sign_in):
    lena = sign_in(cast.lena)
    said = {"name": "Refund", "lines": "! Ask\nTell", "is_active": "on"}
    assert lena.post("/checklists/", said).status_code == 302
    assert lena.post("/checklists/", said).status_code == 422
    assert lena.post("/checklists/", said | {"name": "Other", "lines": "!"}).status_code == 422
    with pytest.raises(NotAllowed):
        save_checklist(name="x", lines=["x"], by=cast.ana, at=NOW)


def test_my_tasks_stand_due_first_and_cost_the_same_for_one_and_for_twenty(cast, ana, task):
    task("no time", assignee=cast.ana)
    one = count_queries(ana, "/tasks/")
    task("later", assignee=cast.ana, due_at=LATER)
    task("now", assignee=cast.ana, due_at=NOW)
    task("somebody else's", assignee=cast.lena)
    for number in range(18):
        task(f"more {number}", assignee=cast.ana)
    rows = ana.get("/tasks/").context["rows"]
    assert [row.task.text for row in rows][:3] == ["now", "later", "no time"]
    assert len(rows) == 21
    assert count_queries(ana, "/tasks/") == one
    ana.post(f"/t/{rows[0].task.ticket_id}/tasks/{rows[0].task.pk}/?from=mine", {"act": "done"})
    assert len(ana.get("/tasks/").context["rows"]) == 20


def test_a_due_task_is_reminded_of_once_and_anew_at_a_new_time(cast, task, deliver_news):
    row = task(assignee=cast.ana, due_at=LATER)
    task("nobody's", due_at=NOW)
    assert remind_of_tasks(by=cast.system, at=NOW) == 0
    assert remind_of_tasks(by=cast.system, at=LATER) == 1
    assert remind_of_tasks(by=cast.system, at=LATER) == 0
    deliver_news(at=LATER)
    (letter,) = Delivery.objects.filter(key__startswith="task:")
    assert letter.to == [cast.ana.email]
    change_task(task=row, due_at=LATER + timedelta(days=1), by=cast.ana, at=LATER)
    assert remind_of_tasks(by=cast.system, at=LATER + timedelta(days=2)) == 1


def test_tasks_go_to_those_who_see_the_ticket(cast, task):
    with pytest.raises(Invalid):
        task(assignee=cast.mallory)
    with pytest.raises(NotFound):
        add_task(ticket=make_ticket(cast), text="x", by=cast.mallory, at=NOW)
    with pytest.raises(Invalid):
        task(" ")
    assert not TicketTask.objects.exists()


def test_programs_keep_tasks(cast, ana):
    ticket = make_ticket(cast)
    url = f"/api/v1/tickets/{ticket.pk}/tasks/"
    row = ana.post(url, {"text": "Call", "assignee": cast.ana.email}, content_type="application/json").json()
    assert row["assignee"] == cast.ana.email
    done = ana.patch(f"{url}{row['id']}/", {"is_done": True}, content_type="application/json").json()
    assert done["done_by"] == cast.ana.email
    save_checklist(name="Refund", lines=["! Ask"], by=cast.lena, at=NOW)
    ana.post(f"{url}lay-out/", {"checklist": "Refund"}, content_type="application/json")
    assert [one["text"] for one in ana.get(url).json()["data"]] == ["Call", "Ask"]
    assert ana.delete(f"{url}{row['id']}/").status_code == 204
    assert ana.patch(f"{url}{row['id']}/", {}, content_type="application/json").status_code == 404
