"""What the desks hold that the browser looks at: one where nothing has happened yet, and one full of everything."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from apps.analysis import services as analysis
from apps.analysis.models import Case, Signal
from apps.analysis.services.notify import make_link
from apps.awareness.models import Notice
from apps.awareness.services import (
    draft_wave,
    make_report,
    send_waves,
    set_recipients,
    start_wave,
    write_wave_text,
)
from apps.control.models import Calendar, Referral, ServicePolicy, Survey
from apps.control.services import answer_referral, lay_out_defaults, refer, send_due_surveys, tick
from apps.evaluation.services import lay_out_goals
from apps.intake.files import File
from apps.intake.queries import request_key
from apps.intake.services import Contact, follow_up, open_ticket, receive_mail
from apps.output.models import Delivery
from apps.output.services import send_due
from apps.response.acting import Act
from apps.response.bulk.services import begin_bulk
from apps.response.links.services import add_link
from apps.response.macros.services import save_macro
from apps.response.models import BulkRow
from apps.response.queries import slug_of
from apps.response.services import (
    add_note,
    assign,
    classify,
    hold,
    reply,
    save_guidance,
    save_view,
)
from apps.response.statuses.services import save_status
from apps.staff.services import (
    Planned,
    back_suggestion,
    decline_suggestion,
    enter_absence,
    grant_skill,
    set_availability,
    set_staffing,
    suggest,
)
from helpdesk import events
from helpdesk.models import Event, Role, Ticket, TicketStatus, User
from helpdesk.services import EditIssue, draft_changes
from tests.analysis.world import TODAY, World, make_world
from tests.browser.accounts import account_of
from tests.browser.at_work import keep_around
from tests.browser.others import another, claim_an_address, tell_others
from tests.browser.over import what_is_over
from tests.browser.remedied import give_and_ask
from tests.browser.reviewed import review_answers
from tests.browser.scores import ask_and_hear, reward
from tests.browser.shared import shared_with_a_manager
from tests.browser.told import ask_customers
from tests.browser.training import train_people
from tests.browser.writing import written_around
from tests.browser.year import before, describe_issues, live_a_year, open_cases, prove_a_fix
from tests.factories import NOW, Cast, make_cast, make_product, make_token, make_user

PEOPLE = ("ana", "omar", "lena", "nils", "ada")
DOT = bytes.fromhex(  # a picture of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)

Places = dict[str, str]


def make_empty_world() -> Places:
    """The first morning: people, and nothing else."""
    return cookies(make_cast())


def make_full_world() -> Places:
    """A year of contacts with two causes in it, cases on their way, and a busy desk this morning.

    Returns the addresses that only this world knows, and a session of each colleague.
    """
    cast = make_cast()
    sven = cast.shipping.head = make_user("sven", Role.OWNER, cast.shipping)
    cast.shipping.save(update_fields=["head"])
    world = make_world(cast)
    describe_issues(world)
    live_a_year(world)
    proven = prove_a_fix(world)
    routed = open_cases(world, sven)
    link = make_link(case=routed, user=cast.omar, at=NOW)
    places = cookies(cast) | {
        "case": reverse("case", kwargs={"number": routed.pk}),
        "proven": reverse("case", kwargs={"number": proven.pk}),
        "owner_page": reverse("owner_page", kwargs={"key": link}),
        "owner_evidence": reverse("evidence_by_link", kwargs={"key": link}),
        "owner_answers": reverse("act_by_link", kwargs={"key": link, "name": "reject"}),
        "change_issue": reverse("change_issue", kwargs={"code": "charged-twice", "act": "edit"}),
        "split_issue": reverse("change_issue", kwargs={"code": "charged-twice", "act": "split"}),
        "report": reverse("report", kwargs={"pk": report(cast)}),
        "signal": reverse("signal", kwargs={"number": Signal.objects.latest("pk").pk}),
        "evidence": reverse("evidence", kwargs={"number": routed.pk}),
        "spread": reverse("spread", kwargs={"number": proven.pk}),
        **write_to_customers(cast, proven),
        **ask_customers(world),
        "person": reverse("person", kwargs={"pk": cast.ana.pk}),
        "notice": reverse("notice", kwargs={"pk": Notice.objects.earliest("pk").pk}),
        "suggestion": reverse("suggestion", kwargs={"pk": suggestions(world)}),
        "statement": reverse("statement", kwargs={"pk": reward(cast)}),
    }
    set_up_the_desk(world, sven)
    hold_mail_back(cast)
    places |= train_people(world)
    draft_changes(changes=[EditIssue("charged-twice", label="Charged two times")], by=cast.ada, at=NOW)
    return places | fill_the_queue(world, sven) | tell_others(cast) | review_answers(cast)


def report(cast: Cast) -> int:
    """The executive report of last month, and who would get it."""
    set_recipients(emails=["ceo@board.test", "cfo@board.test"], by=cast.ada, at=NOW)
    return make_report(by=cast.nils, at=NOW).pk


def suggestions(world: World) -> int:
    """One that colleagues back, and one that was declined."""
    cast = world.cast
    words = {
        "problem": "Twice a day somebody asks.",
        "remedy": "Say so in the mail.",
        "by": cast.ana,
        "at": NOW,
    }
    row = suggest(title="The date in the refund mail is wrong", issue=world.refund, **words)
    back_suggestion(suggestion=row, by=cast.omar, at=NOW)
    other = suggest(title="Customers ask for a fax number", **words)
    decline_suggestion(suggestion=other, answer="Nobody has one.", by=cast.lena, at=NOW)
    return row.pk


def write_to_customers(cast: Cast, case: Case) -> Places:
    """A message that went out to some of a case's customers, and the page on which one of them answers."""
    wave = draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    start_wave(wave=wave, by=cast.nils, at=NOW)
    send_waves(by=cast.system, at=NOW)
    letter = wave.letters.exclude(sent_at=None).earliest("pk")
    holding = draft_wave(
        case=Case.objects.open().exclude(owner=None).earliest("pk"), kind="holding", by=cast.nils, at=NOW
    )
    write_wave_text(
        wave=holding, language="de", subject="Wir wissen es", body="Hallo {name}, wir sind dran.", by=cast.nils,
        at=NOW,
    )  # fmt: skip
    return {
        "wave_text": reverse("wave_text", kwargs={"pk": holding.pk, "language": "de"}),
        "wave": reverse("wave", kwargs={"pk": wave.pk}),
        "gone": reverse("gone", kwargs={"key": letter.key}),
    }


def cookies(cast: Cast) -> Places:
    """A session of each colleague: signing in has its own test, the others come in by these."""
    clients = {name: Client() for name in PEOPLE}
    for name, client in clients.items():
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
    return {f"session:{name}": client.cookies["sessionid"].value for name, client in clients.items()}


# --- a year -------------------------------------------------------------------------------------------


def set_up_the_desk(world: World, sven: User) -> None:
    cast = world.cast
    lay_out_defaults()
    lay_out_goals(by=cast.system, at=NOW)
    set_availability(user=cast.ana, capacity=4, by=cast.lena)
    set_availability(user=cast.lena, capacity=3, by=cast.lena)
    grant_skill(user=cast.ana, issue=world.parent, level=3, by=cast.lena)
    minutes = {
        "live_minutes": 8.0,
        "deferred_minutes": 30.0,
        "minutes_source": "Stop watch",
        "minutes_dated_on": TODAY,
    }
    set_staffing(department=None, planned=Planned(**minutes), by=cast.ada, at=NOW)
    enter_absence(
        user=cast.lena, first=TODAY + timedelta(days=7), last=None, stand_in=cast.ana, by=cast.lena, at=NOW
    )
    process = {"cause_class": "process", "person": sven, "sponsor": cast.ada, "by": cast.nils}
    analysis.add_ownership_rule(department=cast.shipping, issue=world.parent, **process)
    make_product("lamp")
    make_token(cast.robot)
    for issue in (world.charged, world.refund):
        save_guidance(
            issue=issue, questions="Which card?\nWhich order?", solution_space="Refund the second charge at once.",
            explanation="Our system asked the bank twice.", prevention_tip="Press the button once.",
            known_error="Charges of 3 May are taken back by Friday.", agent_limit=50, lead_limit=500,
            by=cast.lena, at=NOW,
        )  # fmt: skip
    for name, body in (
        ("Refund on its way", "Dear {{ customer.name }},\n\nthe amount is on its way."),
        ("Ask for the order", "Which order is it?"),
    ):
        save_macro(name=name, body=body, acts=[Act("tag", "refunded")], by=cast.lena, at=NOW)


CALLS = (  # who, in how many hours before now, what, in which words, severity
    ("Priya Raman", 30, "Charged twice after changing the plan",
     "I changed my plan on Sunday and both plans were charged: 19 and 39.", 2),
    ("Jonas Weber", 26, "Parcel marked delivered, nothing here",
     "Tracking says it was left at the door at 14:02. I was at home, nobody came.", 3),
    ("Mariam Haddad", 22, "Still waiting for my refund", "You promised five days. It has been twelve.", 2),
    ("Tomás Silva", 8, "The login code never comes", "I asked four times, also looked in the junk mail.", 3),
    ("Aiko Tanaka", 29, "My card was charged twice for one order", "Order 4711 stands on my statement twice.", 3),
    ("שירה לוי", 4, "חויבתי פעמיים", "חויבתי פעמיים על אותה הזמנה. מספר ההזמנה 4732.", 3),
    ("Lucía Ferrer", 3, "Wie lange dauert die Erstattung? Ein langer Betreff, der in der Liste in keine Zeile passt",
     "Ich warte seit zwei Wochen.", 4),
    ("Ben Okoro", 2, "Refund for a returned lamp", "It went back on Monday with the label you sent.", 3),
    ("Nadia Petrova", 1, "Card charged two times", "Please take one of them back.", 3),
    ("Vera Lind", 0.9, "Second charge on my card", "One is enough.", 3),  # for the tests that change something
    ("Otto Brandt", 0.8, "Charged twice for one order", "My card was charged twice.", 3),
    ("Emre Aydin", 0.7, "My parcel did not arrive", "Where is my parcel? The delivery did not arrive.", 3),
)  # fmt: skip


def fill_the_queue(world: World, sven: User) -> Places:
    cast = world.cast
    tickets = [call(*one) for one in CALLS]
    first, parcel, refund, code, answered, _, _, _, suggested, writing, coding, late = tickets
    classify(ticket=first, issue=world.charged, suspected_cause="product", by=cast.ana, at=NOW)
    assign(ticket=first, assignee=cast.ana, by=cast.lena, at=before(hours=3))
    add_note(
        ticket=first,
        body="Two plans overlap for one day. Same as last week.",
        by=cast.ana,
        at=before(hours=2),
    )
    reply(
        ticket=first, body="Sorry about that. Which of the two plans would you like to keep?", then="wait",
        by=cast.ana, at=before(hours=1),
    )  # fmt: skip
    settle()
    follow_up(
        ticket=first, body="The smaller one, please. Here is my statement.", by=cast.system, at=before(minutes=20),
        attachments=[File("statement.png", "image/png", DOT)],
    )  # fmt: skip
    classify(ticket=refund, issue=world.refund, by=cast.ana, at=before(hours=20))
    referral = refer(
        ticket=parcel, department=cast.shipping, question="Where did the courier leave it?", by=cast.ana,
        at=before(hours=4),
    )  # fmt: skip
    other = refer(
        ticket=refund,
        department=cast.shipping,
        question="Did it come back?",
        by=cast.lena,
        at=before(hours=4),
    )
    for child, as_ in (
        (refund, "child_of"),
        (code, "child_of"),
        (late, "related_to"),
        (answered, "duplicate_of"),
    ):
        add_link(ticket=child, other=first, as_=as_, by=cast.ana, at=before(hours=2))
    answer_referral(referral=other, answer="It came back on Monday.", by=sven, at=before(hours=1))
    hold(ticket=code, waiting_on="waiting_customer", reason="Asked for the phone number", by=cast.ana, at=NOW)
    reply(
        ticket=answered,
        body="We took the second charge back.",
        then="solve",
        by=cast.ana,
        at=before(hours=26),
    )
    settle()
    send_due_surveys(by=cast.system, at=NOW)
    ask_and_hear(cast, answered)
    newest = Delivery.objects.filter(state="queued").latest("pk").pk
    tick(by=cast.system, at=NOW)
    for state in ("sending", "failed"):
        Delivery.objects.filter(pk=newest).update(state=state, error="550 No such mailbox")
    send_due(by=cast.system, at=before(hours=1))
    return (
        places_of(first, answered, referral)
        | keep_around(cast, first)
        | give_and_ask(cast, refund)
        | keep_views(world)
        | act_on_many(cast, [code, suggested, late])
        | {
            name: reverse("ticket", kwargs={"number": ticket.pk})
            for name, ticket in {
                "known": refund,
                "suggested": suggested,
                "writing": writing,
                "coding": coding,
                "late": late,
            }.items()
        }
    )


def act_on_many(cast: Cast, tickets: list[Ticket]) -> Places:
    """Some chosen, some done of which one was refused, and some that wait for a worker."""
    numbers = [ticket.pk for ticket in tickets]
    done, waiting = (
        begin_bulk(acts=acts, numbers=numbers, by=cast.ana, at=NOW)
        for acts in ([Act("hold", "waiting_customer"), Act("tag", "seen")], [Act("tag", "seen")])
    )
    BulkRow.objects.filter(job=done).update(state="same")
    BulkRow.objects.filter(job=done, ticket=numbers[0]).update(state="refused", why="It is solved.")
    done.move("running", at=NOW)
    done.move("done", at=NOW)
    chosen = "&".join(f"number={number}" for number in numbers)
    return {
        "bulk_chosen": f"/queue/bulk/?view=all-open&{chosen}",
        "bulk_done": f"/queue/bulk/{done.pk}/",
        "bulk_waiting": f"/queue/bulk/{waiting.pk}/",
    }


def keep_views(world: World) -> Places:
    """A table in groups, and a list somebody else shares."""
    view = save_view(
        name="By issue", query="is:open sort:due", group_by="issue", by=world.cast.ana, at=NOW,
        columns=["number", "subject", "customer", "status", "assignee", "due", "created"],
    )  # fmt: skip
    save_view(
        name="Of the team", query="is:open -assignee:@me", sharing="department", department=world.cast.billing,
        by=world.cast.lena, at=NOW,
    )  # fmt: skip
    return {"queue_table": f"/queue/?view={slug_of(view)}", "queue_view": f"/queue/views/{view.pk}/"}


def places_of(first: Ticket, answered: Ticket, referral: Referral) -> Places:
    return {
        "ticket": reverse("ticket", kwargs={"number": first.pk}) + "?view=my-open",
        "solved": reverse("ticket", kwargs={"number": answered.pk}),
        "history": reverse("ticket_history", kwargs={"number": first.pk}),
        "open_child": reverse("open_child", kwargs={"number": first.pk}),
        "split_ticket": reverse("split_ticket", kwargs={"number": first.pk}),
        "merge_several": reverse("merge_several", kwargs={"number": first.pk}),
        "answer_children": reverse("answer_children", kwargs={"number": first.pk}),
        "referral": reverse("referral", kwargs={"number": referral.pk}),
        "request": reverse("request_status", kwargs={"key": request_key(first)}),
        "survey": reverse("survey", kwargs={"key": Survey.objects.get(ticket=answered).key}),
        **written_around(first),
        "customer": reverse("customer", kwargs={"pk": first.customer_id}),
        "merge_customer": reverse("merge_customer", kwargs={"pk": first.customer_id}),
        "compare_customers": reverse("merge_customer", kwargs={"pk": first.customer_id})
        + f"?with={another(first)}",
        "address_asked": reverse("confirm_address", kwargs={"key": claim_an_address(first)}),
        "edit_customer": reverse("edit_customer", kwargs={"pk": first.customer_id}),
        **shared_with_a_manager(first),
        "policy": reverse("policy", kwargs={"pk": ServicePolicy.objects.earliest("pk").pk}),
        "calendar": reverse("calendar", kwargs={"pk": Calendar.objects.earliest("pk").pk}),
        **what_is_over(),
        "state": reverse("edit_status", kwargs={"pk": name_states().pk}),
        **account_of(User.objects.get(email="mallory@desk.test")),
        "caller": reverse("phone_note") + f"?customer={first.customer_id}",
    }


def name_states() -> TicketStatus:
    return save_status(
        status=None, label="Waiting for parts", category="waiting_owner", tone="bad",
        customer_label="We wait for a spare part", by=User.objects.get(role="admin"),
    )  # fmt: skip


def call(name: str, hours: float, subject: str, body: str, severity: int) -> Ticket:
    ascii_name = name.split()[0].lower() if name.isascii() else f"guest{int(hours * 10)}"
    at = before(hours=hours)
    return open_ticket(
        subject=subject, body=body, customer=Contact(f"{ascii_name}@customer.test", name), channel="email",
        severity=severity, by=User.objects.system(), at=at,
    )  # fmt: skip


def hold_mail_back(cast: Cast) -> None:
    spam = b"From: Prize <win@lottery.test>\nTo: support@localhost\nSubject: You won\nX-Spam-Flag: YES\n\nClick here.\n"
    broken = b"From: nobody\nSubject: =?bad?x?zz?=\nContent-Type: multipart/mixed\n\n--nothing\n"
    for raw in (spam, broken):
        receive_mail(raw=raw, mailbox="support@localhost", by=cast.system, at=NOW)
    settle()


def settle() -> None:
    """What the worker does: let everybody react to everything that has happened."""
    while owing := [(e.pk, e.at, name) for e in Event.objects.owing() for name in e.owes]:
        for event_id, at, name in owing:
            events.deliver(event_id=event_id, at=at, subscriber=name, now=at)
