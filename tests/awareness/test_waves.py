"""Customers of a case are told: in drafts that read well, at a pace, once each; and their answers are heard."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.analysis.models import CaseTicket
from apps.awareness import services
from apps.awareness.models.wave import Wave, WaveLetter
from apps.awareness.queries.waves import wave_page
from apps.awareness.tasks import send_waves as every_minute
from apps.output.models import Delivery
from config.schedule import SCHEDULE
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Customer, Event, Message
from tests.analysis.test_pages import queries_of
from tests.awareness.conftest import later
from tests.factories import NOW, make_ticket


def told_us(cast, case, number, **fields):
    """So many customers, each with a ticket that is evidence."""
    tickets = []
    for n in range(number):
        customer = Customer.objects.create(
            **{"email": f"c{n}@x.test", "name": f"Kim {n}", "created_at": NOW} | fields
        )
        ticket = make_ticket(cast, customer=customer, subject=f"Twice {n}")
        CaseTicket.link(case=case, ticket=ticket, how="hand", by=cast.nils, at=NOW)
        tickets.append(ticket)
    return tickets


@pytest.fixture
def case(proven_case):
    return proven_case()


@pytest.fixture
def fixed(cast, case):
    told_us(cast, case, 3)
    return services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)


def test_a_message_is_drafted_in_the_language_of_whoever_begins_it(cast, case):
    told_us(cast, case, 1)
    with translation.override("de"):
        wave = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    assert wave.subject == "Behoben, weil Sie es uns gesagt haben: Charged twice"
    assert wave.body.startswith("Guten Tag {name},\n\nam {date} haben Sie uns geschrieben: „{subject}“.")


def send(cast, at=NOW):
    return services.send_waves(by=cast.system, at=at)


def start(cast, wave, at=NOW):
    return services.start_wave(wave=wave, by=cast.nils, at=at)


def mails():
    return Delivery.objects.filter(about__startswith="wave:").order_by("pk")


def test_everybody_who_told_us_gets_one_letter_in_words_for_them(cast, case, fixed):
    start(cast, fixed)
    for minute in range(4):
        send(cast, NOW + timedelta(minutes=minute))
    assert [mail.to for mail in mails()] == [[f"c{n}@x.test"] for n in range(3)]
    first = mails()[0]
    letter = WaveLetter.objects.get(customer__email="c0@x.test")
    assert "Hello Kim 0" in first.text
    assert '"Twice 0"' in first.text
    assert reverse("gone", kwargs={"key": letter.key}) in first.text
    assert "RC-" not in first.text + first.subject
    fixed.refresh_from_db()
    case.refresh_from_db()
    assert fixed.state == "sent"
    assert case.customers_told_at is not None


def test_so_many_an_hour_leave_and_no_more(cast, fixed):
    services.edit_wave(wave=fixed, subject="S", body="B", an_hour=120, by=cast.nils, at=NOW)
    start(cast, fixed)
    assert send(cast) == 2
    assert mails().count() == 2
    assert send(cast, NOW + timedelta(minutes=1)) == 1
    assert send(cast, NOW + timedelta(minutes=2)) == 0


def test_the_task_twice_sends_nothing_twice(cast, fixed):
    start(cast, fixed)
    for _ in range(6):
        every_minute()
    assert mails().count() == 3
    assert SCHEDULE["send waves"]["task"] == every_minute.name


def test_a_stopped_wave_waits_until_it_goes_on(cast, fixed):
    services.edit_wave(wave=fixed, subject="S", body="B", an_hour=60, by=cast.nils, at=NOW)
    start(cast, fixed)
    send(cast)
    sent = mails().count()
    services.stop_wave(wave=fixed, by=cast.nils, at=NOW)
    send(cast)
    assert mails().count() == sent
    start(cast, fixed)
    for _ in range(4):
        send(cast)
    assert mails().count() == 3


def test_one_customer_with_two_tickets_gets_one_letter_about_the_later(cast, case, fixed):
    customer = Customer.objects.get(email="c1@x.test")
    again = make_ticket(cast, customer=customer, subject="Again", at=NOW + timedelta(days=1))
    CaseTicket.link(case=case, ticket=again, how="hand", by=cast.nils, at=NOW)
    start(cast, fixed)
    assert WaveLetter.objects.get(customer=customer).ticket == again


def test_who_has_no_address_or_was_told_before_is_left_out_with_the_reason(cast, case, fixed):
    told_us(cast, case, 1, email=None, name="By phone")
    start(cast, fixed)
    for _ in range(4):
        send(cast)
    assert WaveLetter.objects.get(customer__name="By phone").skipped == "no address"
    told_us(cast, case, 1, email="late@x.test", name="Late")
    second = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    start(cast, second)
    assert set(second.letters.values_list("customer__name", flat=True)) == {"By phone", "Late"}


def test_tickets_that_are_not_this_issue_get_no_letter(cast, case, fixed):
    case.evidence.filter(ticket__customer__email="c0@x.test").update(excluded_at=NOW)
    start(cast, fixed)
    assert not WaveLetter.objects.filter(customer__email="c0@x.test").exists()


def test_a_holding_message_names_the_workaround_and_asks_nothing(cast, make_case):
    case = make_case(workaround="Pay by card until then.")
    told_us(cast, case, 1)
    wave = services.draft_wave(case=case, kind="holding", by=cast.nils, at=NOW)
    start(cast, wave)
    send(cast)
    assert "Pay by card until then." in mails()[0].text
    assert "gone" not in mails()[0].text
    case.refresh_from_db()
    assert case.customers_told_at is None


def test_what_a_customer_wrote_can_not_pass_for_a_field(cast, case):
    customer = Customer.objects.create(email="odd@x.test", name="{number} <b>x</b>", created_at=NOW)
    ticket = make_ticket(cast, customer=customer, subject="{name} {0.__class__}")
    CaseTicket.link(case=case, ticket=ticket, how="hand", by=cast.nils, at=NOW)
    wave = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    start(cast, wave)
    send(cast)
    assert "Hello {number} <b>x</b>" in mails()[0].text
    assert '"{name} {0.__class__}"' in mails()[0].text
    assert "<b>" not in mails()[0].html


# --- answers --------------------------------------------------------------------------------------------


@pytest.fixture
def letter(cast, fixed):
    start(cast, fixed)
    for _ in range(4):
        send(cast)
    return WaveLetter.objects.get(customer__email="c0@x.test")


def answer(letter, given, cast, **more):
    return services.answer_wave(letter=letter, answer=given, by=cast.system, at=more.pop("at", NOW), **more)


def test_gone_is_counted_and_leaves_the_ticket_alone(cast, fixed, letter):
    answer(letter, "gone", cast)
    page = wave_page(Wave.objects.get(), at=NOW)
    assert (page.gone, page.still) == (1, 0)
    assert not Message.objects.filter(ticket=letter.ticket, body__contains="still there").exists()
    assert Event.objects.get(kind="wave.answered").data["answer"] == "gone"


def test_still_there_is_heard_on_the_ticket_once(cast, letter):
    answer(letter, "still", cast, comment="Since Monday again.")
    answer(letter, "still", cast, comment="And today.")
    said = Message.objects.filter(ticket=letter.ticket, body__startswith="It is still there.")
    assert said.count() == 1
    assert "Since Monday again." in said.get().body


def test_an_answer_can_be_changed_for_a_month(cast, letter):
    answer(letter, "still", cast)
    answer(letter, "gone", cast, at=later(20))
    letter.refresh_from_db()
    assert letter.answer == "gone"
    WaveLetter.objects.update(answered_at=NOW - timedelta(days=31))
    with pytest.raises(services.AnswerClosed):
        answer(letter, "still", cast)


@pytest.mark.parametrize("given", ["", "perhaps", "GONE"])
def test_another_answer_is_refused(cast, letter, given):
    with pytest.raises(Invalid):
        answer(letter, given, cast)


# --- refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["ineffective", "inconclusive", "displaced"])
def test_nothing_is_fixed_before_it_is_proven(cast, proven_case, verdict):
    with pytest.raises(services.NothingToTell):
        services.draft_wave(case=proven_case(verdict), kind="fixed", by=cast.nils, at=NOW)
    assert not Wave.objects.exists()


def test_a_second_draft_of_a_kind_is_refused_while_one_is_open(cast, case, fixed):
    with pytest.raises(services.WaveUnderWay):
        services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)


def test_words_can_not_change_once_they_went_out(cast, fixed):
    start(cast, fixed)
    with pytest.raises(services.NotADraft):
        services.edit_wave(wave=fixed, subject="x", body="y", an_hour=5, by=cast.nils, at=NOW)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"subject": " "}, "subject"), ({"body": ""}, "body"), ({"body": "Dear {nmae}"}, "body"),
     ({"subject": "{ticket.id}"}, "subject"), ({"an_hour": 0}, "an_hour"), ({"an_hour": 10_001}, "an_hour")],
)  # fmt: skip
def test_words_that_would_go_wrong_are_refused_where_they_stand(cast, fixed, given, pointer):
    words = {"subject": "S", "body": "B", "an_hour": 60} | given
    with pytest.raises(Invalid) as refusal:
        services.edit_wave(wave=fixed, **words, by=cast.nils, at=NOW)
    assert refusal.value.pointer == pointer


def test_a_wave_to_nobody_does_not_start(cast, case):
    wave = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    with pytest.raises(services.NobodyToTell):
        start(cast, wave)
    wave.refresh_from_db()
    assert wave.state == "draft"


def test_a_cause_that_came_back_is_not_told_as_fixed(cast, case, fixed):
    case.regress(due_on=None, by=cast.system, at=NOW, signal=1)
    with pytest.raises(services.NothingToTell):
        start(cast, fixed)
    assert not WaveLetter.objects.exists()


def test_who_may_not_publish_may_not_write_to_customers(cast, case, fixed):
    for service, given in (
        (services.draft_wave, {"case": case, "kind": "holding"}),
        (services.start_wave, {"wave": fixed}),
        (services.edit_wave, {"wave": fixed, "subject": "S", "body": "B", "an_hour": 5}),
    ):
        with pytest.raises(NotAllowed):
            service(**given, by=cast.ana, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(cast, proven_case):
    case = proven_case()
    told_us(cast, case, 6)
    wave = services.draft_wave(case=case, kind="fixed", by=cast.nils, at=NOW)
    start(cast, wave)

    def work(_):
        try:
            return sum(send(cast) for _ in range(6))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        assert sum(two.map(work, range(2))) == 6
    assert mails().count() == 6


# --- pages ----------------------------------------------------------------------------------------------


def test_the_box_on_a_case_begins_a_message_and_its_page_shows_how_it_reads(cast, case, sign_in):
    told_us(cast, case, 2)
    client = sign_in(cast.nils)
    box = client.get(reverse("case_waves", kwargs={"number": case.pk})).content.decode()
    assert "Fixed, because you told us" in box
    assert (
        reverse("case_waves", kwargs={"number": case.pk})
        in client.get(reverse("case", kwargs={"number": case.pk})).content.decode()
    )
    answer = client.post(reverse("draft_wave", kwargs={"number": case.pk, "kind": "fixed"}), follow=True)
    page = answer.content.decode()
    assert "Hello Kim 0" in page
    assert "Send to 2 customers" in page


def test_the_page_looks_again_by_itself_as_long_as_letters_go_out(cast, fixed, sign_in):
    client, url, looks = sign_in(cast.nils), reverse("wave", kwargs={"pk": fixed.pk}), []
    for step in (lambda: None, lambda: start(cast, fixed), lambda: send(cast)):
        step()
        looks.append("every 10s" in client.get(url).content.decode())
    assert looks == [False, True, False]


def test_a_typing_error_in_a_field_stands_beside_it_and_the_words_stay(cast, fixed, sign_in):
    url = reverse("wave", kwargs={"pk": fixed.pk})
    answer = sign_in(cast.nils).post(url, {"subject": "S", "body": "Dear {nmae}, sorry", "an_hour": "60"})
    assert answer.status_code == 422
    assert "Dear {nmae}, sorry" in answer.content.decode()
    assert "Known: {name}" in answer.content.decode()


def test_opening_the_link_answers_nothing_and_the_button_does(letter):
    url = reverse("gone", kwargs={"key": letter.key})
    stranger = Client()
    assert stranger.get(url).status_code == 200
    letter.refresh_from_db()
    assert letter.answer == ""
    assert stranger.post(url, {"answer": "maybe"}).status_code == 422
    assert "Good to hear" in stranger.post(url, {"answer": "gone"}).content.decode()
    letter.refresh_from_db()
    assert letter.answer == "gone"


def test_a_forged_link_and_one_that_was_never_sent_lead_nowhere(cast, fixed):
    assert Client().get(reverse("gone", kwargs={"key": "x" * 43})).status_code == 404
    start(cast, fixed)
    waiting = WaveLetter.objects.first()
    assert Client().get(reverse("gone", kwargs={"key": waiting.key})).status_code == 404


def test_the_page_costs_the_same_for_two_customers_and_for_twelve(cast, case, fixed, sign_in):
    client, url = sign_in(cast.nils), reverse("wave", kwargs={"pk": fixed.pk})
    few = queries_of(client, url)
    for n in range(20, 30):
        told_us(cast, case, 1, email=f"d{n}@x.test")
    assert queries_of(client, url) == few <= 14


def test_once_it_is_proven_the_question_comes_with_the_last_message(cast, case, letter):
    with pytest.raises(services.NothingToTell):
        services.draft_wave(case=case, kind="asking", by=cast.nils, at=NOW)
    answer(letter, "gone", cast)
    assert case.voices.count() == 3
    assert case.voices.filter(is_gone=True).count() == 1
