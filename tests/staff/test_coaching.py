"""Coaching notes: written by leads, read by those they are for, changed by nobody."""

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from apps.staff import services
from apps.staff.models import CoachingAnswer, CoachingNote, ReviewHeard
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, Role
from tests.factories import NOW, make_ticket, make_user
from tests.staff.conftest import DAY, TODAY

SECRET = "zebra"
READERS = ("ana", "lena", "ada", "omar", "nils", "mallory", "robot", "zoe_account", "system")


@pytest.fixture
def note(cast):
    def write(user=None, *, by=None, **fields):
        given = {"body": f"Listened well. {SECRET}"} | fields
        return services.write_coaching_note(user=user or cast.ana, **given, by=by or cast.lena, at=NOW)

    return write


def answer(row, by, body="I will try."):
    return services.answer_coaching_note(note=row, body=body, by=by, at=NOW)


@pytest.mark.parametrize(
    ("is_private", "readers"),
    [(False, {"ana", "lena", "ada"}), (True, {"lena", "ada"})],
    ids=["shared", "private"],
)
def test_it_is_read_by_those_it_is_for_and_by_nobody_else(cast, note, is_private, readers):
    note(is_private=is_private)
    make_user("other-lead", Role.LEAD, cast.shipping)
    seen = {who for who in READERS if CoachingNote.objects.visible_to(getattr(cast, who)).exists()}
    assert seen == readers


def test_a_private_note_about_a_lead_is_not_for_that_lead(cast, note):
    note(cast.lena, by=cast.ada, is_private=True)
    note(cast.ada, by=make_user("eva", Role.ADMIN), is_private=True)
    assert not CoachingNote.objects.visible_to(cast.lena).exists()
    assert CoachingNote.objects.visible_to(cast.ada).get().user == cast.lena


def test_the_lead_of_another_department_sees_nothing(cast, note):
    note()
    assert not CoachingNote.objects.visible_to(make_user("leo", Role.LEAD, cast.shipping)).exists()
    assert not CoachingNote.objects.visible_to(make_user("nora", Role.LEAD)).exists()


def test_the_event_log_holds_no_word_of_it(cast, note):
    answer(note(next_step=SECRET), cast.ana, SECRET)
    told = Event.objects.filter(kind__startswith="coaching.")
    assert [event.data for event in told] == [{"user": cast.ana.pk}] * 2
    assert not any(SECRET in str(event.data) for event in Event.objects.all())


def test_the_person_answers_and_nobody_else(cast, note):
    row = note()
    answer(row, cast.ana)
    for who, refusal in (("lena", NotAllowed), ("mallory", NotFound), ("zoe_account", NotAllowed)):
        with pytest.raises(refusal):
            answer(row, getattr(cast, who))
    with pytest.raises(NotFound):
        answer(note(is_private=True), cast.ana)
    assert CoachingAnswer.objects.count() == 1


def test_nothing_written_can_be_changed_or_taken_away(cast, note):
    row = note()
    answer(row, cast.ana)
    for rows in (CoachingNote.objects, CoachingAnswer.objects):
        with pytest.raises(InternalError), transaction.atomic():
            rows.update(body="x")
        with pytest.raises(InternalError), transaction.atomic():
            rows.order_by()._raw_delete(rows.db)


def test_what_is_due_stands_on_the_list_until_a_note_follows(cast, note):
    row = note(follow_up_on=TODAY + DAY)
    assert not CoachingNote.objects.to_follow_up(cast.lena, TODAY).exists()
    assert CoachingNote.objects.to_follow_up(cast.lena, TODAY + DAY).get() == row
    assert not CoachingNote.objects.to_follow_up(cast.ada, TODAY + DAY).exists()
    note(follows=row)
    assert not CoachingNote.objects.to_follow_up(cast.lena, TODAY + DAY).exists()


def test_it_speaks_of_tickets_and_reviews_that_there_are(cast, note):
    ticket = make_ticket(cast)
    ReviewHeard.objects.create(review=7, user=cast.ana, published_at=NOW)
    row = note(tickets=[ticket.pk, ticket.pk], reviews=[7])
    assert (row.tickets, row.reviews) == ([ticket.pk], [7])


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"body": " "}, "body"),
        ({"body": "x" * 5_001}, "body"),
        ({"next_step": "x" * 5_001}, "next_step"),
        ({"follow_up_on": TODAY - DAY}, "follow_up_on"),
        ({"tickets": [987_654]}, "tickets"),
        ({"reviews": [8]}, "reviews"),
    ],
)
def test_what_can_not_stand_there_is_refused(note, given, pointer):
    with pytest.raises(Invalid) as refused:
        note(**given)
    assert refused.value.pointer == pointer
    assert not CoachingNote.objects.exists()


def test_a_ticket_the_lead_may_not_see_is_unknown(cast, note):
    with pytest.raises(Invalid):
        note(tickets=[make_ticket(cast, department=cast.shipping).pk])


def test_a_lead_writes_about_their_own_people_and_not_about_themselves(cast, note):
    with pytest.raises(NotFound):
        note(cast.mallory)
    with pytest.raises(Invalid):
        note(cast.lena)
    with pytest.raises(NotFound):
        note(follows=note(cast.mallory, by=cast.ada))
    for who in ("ana", "omar", "nils"):
        with pytest.raises(NotAllowed):
            note(cast.ana, by=getattr(cast, who))


def test_a_note_that_follows_a_private_one_does_not_tell_the_person_of_it(cast, note, sign_in):
    private = note(is_private=True)
    note(follows=private)
    page = reverse("person", kwargs={"pk": cast.ana.pk})
    assert "follows the note" not in sign_in(cast.ana).get(page).content.decode()
    assert "follows the note" in sign_in(cast.lena).get(page).content.decode()
