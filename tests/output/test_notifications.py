"""What colleagues are told: in their inbox and by mail, once, as they chose, and only of what they may see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.intake.services import follow_up
from apps.output import services
from apps.output.models import Delivery, Notification
from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.notifications.kinds import KINDS, Choice, Way, chosen, leaves_at
from apps.output.notifications.queries import count_unread, inbox
from apps.response import services as response
from apps.response.checklists.services import add_task
from apps.response.following.services import follow
from helpdesk.models import Ticket
from tests.factories import NOW, make_ticket
from tests.response.pages import count_queries

BERLIN = ZoneInfo("Europe/Berlin")
HOLD, MINUTE = timedelta(seconds=60), timedelta(minutes=1)


@pytest.fixture
def hold(settings):
    settings.NOTICE_SECONDS = 60


@pytest.fixture
def ana(cast, sign_in):
    return sign_in(cast.ana)


def told(user) -> list[tuple[str, str]]:
    return sorted(Notification.objects.filter(user=user).values_list("kind", "title"))


def letters() -> list[str]:
    return [one.subject for one in Delivery.objects.filter(kind="notice").order_by("pk")]


def tell(cast, user, *, at=NOW, **said) -> bool:
    item = NewsItem(**{"kind": "look", "key": "k", "title": "Hm."} | said)
    return services.inform(item=item, to=user, by=cast.system, at=at)


def mail(cast, at) -> int:
    return services.send_news(by=cast.system, at=at)


@pytest.mark.parametrize(
    ("way", "at", "expected"),
    [
        (Way.NEVER, NOW, None),
        (Way.NOW, NOW, NOW + HOLD),
        (Way.HOURLY, datetime(2026, 3, 1, 9, 20, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)),
        # Eight in the morning in Berlin, which is seven in winter and six in summer.
        (Way.DAILY, datetime(2026, 3, 1, 6, 59, tzinfo=UTC), datetime(2026, 3, 1, 7, tzinfo=UTC)),
        (Way.DAILY, datetime(2026, 3, 1, 7, 0, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (Way.DAILY, datetime(2026, 3, 28, 8, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
def test_a_letter_leaves_after_the_hold_at_the_hour_or_in_the_readers_morning(way, at, expected):
    assert leaves_at(way, at=at, zone=BERLIN, morning=8, hold=HOLD) == expected


def test_what_was_chosen_holds_and_what_is_no_way_is_as_usual():
    found = chosen(
        {"assigned": {"in_app": False, "mail": "daily"}, "task": {"mail": "by pigeon"}, "gone": {}}
    )
    assert found["assigned"] == Choice(False, Way.DAILY)
    assert found["task"] == KINDS["task"].usual
    assert found.keys() == KINDS.keys()


def test_whoever_has_a_ticket_hears_of_it_but_never_of_their_own_acts(cast, deliver_news):
    ticket = make_ticket(cast)
    deliver_news()
    response.assign(ticket=ticket, assignee=cast.ana, by=cast.lena, at=NOW)
    add_task(ticket=ticket, text="Call the bank", assignee=cast.ana, by=cast.lena, at=NOW)
    add_task(ticket=ticket, text="Look again", assignee=cast.lena, by=cast.lena, at=NOW)
    follow_up(ticket=ticket, body="Hello?", by=cast.system, at=NOW + MINUTE)
    response.reply(ticket=ticket, body="Yes", by=cast.ana, at=NOW + MINUTE)
    deliver_news()
    assert told(cast.ana) == [
        ("answered", "Zoe wrote."),
        ("assigned", "Lena gave it to you."),
        ("task", "A task for you: Call the bank"),
    ]
    assert told(cast.lena) == []
    response.assign(ticket=ticket, assignee=cast.lena, by=cast.lena, at=NOW)
    deliver_news()
    assert told(cast.lena) == []


def test_told_twice_it_is_one_row_and_one_letter(cast, hold):
    ticket = make_ticket(cast)
    for _ in range(2):
        assert tell(cast, cast.ana, kind="mentioned", title="Lena mentions you.", ticket=ticket)
    assert (mail(cast, NOW), letters()) == (0, [])
    assert (mail(cast, NOW + HOLD), mail(cast, NOW + HOLD)) == (1, 0)
    assert letters() == [f"Lena mentions you. #{ticket.pk} {ticket.subject}"]


def test_what_happens_within_the_hold_on_one_ticket_is_one_letter(cast, hold, deliver_news):
    ticket, other = make_ticket(cast), make_ticket(cast, subject="Another")
    deliver_news()
    for one in (ticket, other):
        follow(ticket=one, by=cast.lena, at=NOW)
    response.add_note(ticket=ticket, body="Hm", by=cast.ana, at=NOW)
    response.reply(ticket=ticket, body="Yes", by=cast.ana, at=NOW + timedelta(seconds=5))
    response.add_note(ticket=other, body="Hm", by=cast.ana, at=NOW)
    deliver_news()
    assert mail(cast, NOW + HOLD) == 2
    assert letters() == [
        f"2 things happened. #{ticket.pk} {ticket.subject}",
        f"Ana added a note. #{other.pk} Another",
    ]
    assert "Ana added a note.\nAna answered.\n" in Delivery.objects.get(subject__startswith="2").text


def test_what_was_read_unsubscribed_or_is_out_of_sight_meanwhile_is_in_no_letter(cast, hold):
    ticket, other = make_ticket(cast), make_ticket(cast)
    for kind, about in (("mentioned", ticket), ("followed", other)):
        tell(cast, cast.ana, kind=kind, ticket=about)
    services.see(ticket=ticket.pk, by=cast.ana, at=NOW)
    tell(cast, cast.lena, kind="followed", ticket=other)
    tell(cast, cast.lena, kind="look", ticket=other)
    services.choose(ways={"look": Choice(True, Way.NEVER)}, by=cast.lena)
    Ticket.objects.filter(pk=other.pk).update(department=cast.shipping)
    assert (mail(cast, NOW + HOLD), letters()) == (0, [])
    # And the pages show what they may see.
    assert [group.ticket for group in inbox(cast.ana, only_unread=False)] == [ticket]
    assert count_unread(cast.lena) == 0


def test_a_stranger_and_a_machine_are_told_nothing(cast):
    ticket = make_ticket(cast)
    for user in (cast.mallory, cast.robot, cast.zoe_account):
        assert not tell(cast, user, ticket=ticket)
    assert not Notification.objects.exists()


def test_a_digest_leaves_once_in_the_readers_language_and_zone(cast, hold):
    cast.ana.language, cast.ana.time_zone = "de", "Europe/Berlin"
    cast.ana.save()
    ticket = make_ticket(cast)
    services.choose(ways={kind: Choice(False, Way.DAILY) for kind in KINDS}, morning=9, by=cast.ana)
    at = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    for n in range(2):
        own = OwnLetter(subject="Bitte ansehen.", text="With words of its own")
        tell(cast, cast.ana, key=str(n), title="Bitte ansehen.", letter=own, ticket=ticket, at=at)
    assert mail(cast, datetime(2026, 7, 2, 6, 59, tzinfo=UTC)) == 0
    assert mail(cast, datetime(2026, 7, 2, 7, 0, tzinfo=UTC)) == 1
    assert mail(cast, datetime(2026, 7, 3, 7, 0, tzinfo=UTC)) == 0
    letter = Delivery.objects.get(kind="notice")
    assert letter.subject.startswith("Während Sie weg waren")
    assert "22:30  Bitte ansehen." in letter.text
    assert count_unread(cast.ana) == 0  # not in the pages, as they chose


def test_the_inbox_shows_by_ticket_marks_as_read_and_costs_the_same_for_many(cast, ana, hold):
    ticket = make_ticket(cast)

    def happen(start, stop):
        for n in range(start, stop):
            about = ticket if n < 3 else make_ticket(cast)
            tell(cast, cast.ana, key=str(n), title=f"Thing {n}!", ticket=about)

    happen(0, 1)
    one = count_queries(ana, "/inbox/")
    happen(1, 23)
    assert count_queries(ana, "/inbox/") == one
    page = ana.get("/inbox/").content.decode()
    assert "Thing 0!" in page
    assert page.count(f"#{ticket.pk}<") == 1
    assert "21 unread" not in ana.get("/inbox/bell/").content.decode()
    assert "23 unread" in ana.get("/inbox/bell/").content.decode()
    seen = ana.post(f"/inbox/seen/{ticket.pk}/")
    assert (seen.status_code, seen["HX-Trigger"], count_unread(cast.ana)) == (204, "news:read", 20)
    row = Notification.objects.filter(user=cast.ana, read_at=None).first()
    ana.post("/inbox/read/", {"row": row.pk})
    assert count_unread(cast.ana) == 19
    ana.post("/inbox/read/", {"act": "unread", "row": row.pk, "show": "all"})
    assert count_unread(cast.ana) == 20
    ana.post("/inbox/read/", {"act": "all"})
    assert count_unread(cast.ana) == 0
    assert "Nothing unread" in ana.get("/inbox/").content.decode()
    assert f"#{ticket.pk}" in ana.get("/inbox/?show=all").content.decode()


def test_nobody_reads_or_marks_what_others_were_told(cast, ana):
    tell(cast, cast.lena, title="Only Lena!", ticket=make_ticket(cast))
    row = Notification.objects.get()
    assert "Only Lena!" not in ana.get("/inbox/?show=all").content.decode()
    ana.post("/inbox/read/", {"row": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_one_chooses_on_the_page_and_by_program(cast, ana, client):
    page = ana.get("/settings/notifications/")
    form = page.context["form"]
    said = {field.html_name: field.value() for field in form if field.value() is not False}
    assert (
        ana.post("/settings/notifications/", said | {"task_mail": "daily", "morning": "6"}).status_code == 302
    )
    assert ana.post("/settings/notifications/", said | {"task_mail": "often"}).status_code == 422
    found = ana.get("/api/v1/me/notification-settings/").json()
    assert found["morning"] == 6
    assert {"kind": "task", "in_app": True, "mail": "daily"} in found["ways"]
    changed = ana.patch(
        "/api/v1/me/notification-settings/",
        {"ways": [{"kind": "task", "in_app": False, "mail": "never"}]},
        "application/json",
    )
    assert {"kind": "task", "in_app": False, "mail": "never"} in changed.json()["ways"]
    tell(cast, cast.ana, kind="task", ticket=make_ticket(cast))
    assert not Notification.objects.exists()
    tell(cast, cast.ana, ticket=make_ticket(cast))
    rows = ana.get("/api/v1/me/notifications/?unread=1").json()["data"]
    assert [(row["kind"], row["title"]) for row in rows] == [("look", "Hm.")]
    assert ana.post("/api/v1/me/notifications/", {"ids": [rows[0]["id"]]}, "application/json").json() == {
        "read": 1
    }
    assert ana.get("/api/v1/me/notifications/?unread=1").json()["data"] == []


def test_what_was_read_long_ago_goes(cast):
    for n, days in enumerate((91, 1, None)):
        tell(cast, cast.ana, key=str(n), ticket=make_ticket(cast))
        read_at = None if days is None else NOW - timedelta(days=days)
        Notification.objects.filter(key=str(n)).update(read_at=read_at)
    assert services.forget_old(at=NOW) == 1
    assert set(Notification.objects.values_list("key", flat=True)) == {"1", "2"}
