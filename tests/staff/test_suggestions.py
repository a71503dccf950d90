"""What colleagues suggest: made and backed by anybody who works here, answered by leads and analysts, told at each
step, and ordered by damage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError, InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis.models import Case, CaseState
from apps.output.models import Delivery
from apps.staff import services
from apps.staff.models import Suggestion, Voice
from apps.staff.queries import suggestion as queries
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import DraftChange, Event, Issue
from helpdesk.services import AddIssue, discard_change_set, publish_taxonomy, withdraw_change
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_issue, make_ticket


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def make(cast, *, by=None, title="The receipt names the wrong shop", **fields):
    return services.suggest(title=title, problem="Twice a day.", by=by or cast.ana, at=NOW, **fields)


def code(cast, issue, number, days=10):
    for _ in range(number):
        ticket = make_ticket(cast, at=NOW - timedelta(days=days))
        ticket.classify(issue, release=issue.release, by=cast.ana, at=NOW - timedelta(days=days))


def letters(row):
    return {mail.to[0]: mail.text for mail in Delivery.objects.filter(about=row.ref).order_by("pk")}


def ranked(cast):
    return [one.row.title for one in queries.waiting_by_damage(user=cast.ana, at=NOW)]


# --- made, edited, backed


@pytest.mark.parametrize("who", ["ana", "mallory", "omar", "lena", "nils", "ada", "robot"])
def test_whoever_works_here_may_suggest(cast, who):
    row = make(cast, by=getattr(cast, who), remedy="Print the name of the branch.")
    assert (row.state, row.suggested_by) == ("waiting", getattr(cast, who))
    assert Event.objects.get(kind="suggestion.made").about == row.ref


def test_a_customer_does_not(cast):
    with pytest.raises(NotAllowed):
        make(cast, by=cast.zoe_account)
    assert not Suggestion.objects.exists()


WRONG = [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"remedy": "x" * 5_001}, "remedy")]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_words_that_are_missing_or_endless_are_refused(cast, wrong, pointer):
    with pytest.raises(Invalid) as refused:
        make(cast, **wrong)
    assert refused.value.pointer == pointer


def test_a_ticket_of_another_department_cannot_be_named(cast):
    ticket = make_ticket(cast)
    with pytest.raises(Invalid, match="no ticket"):
        make(cast, by=cast.mallory, ticket=ticket)
    assert make(cast, ticket=ticket).ticket == ticket


def test_it_is_said_better_while_it_waits_and_the_history_keeps_the_words(cast):
    row = make(cast)
    services.edit_suggestion(suggestion=row, title="Better", problem="Once a day.", by=cast.ana, at=NOW)
    row.refresh_from_db()
    assert row.title == "Better"
    kept = Suggestion.pgh_event_model.objects.values_list("title", flat=True)
    assert sorted(kept) == ["Better", "The receipt names the wrong shop"]
    with pytest.raises(NotAllowed):
        services.edit_suggestion(suggestion=row, title="Mine", problem="x", by=cast.mallory, at=NOW)
    services.decline_suggestion(suggestion=row, answer="Known.", by=cast.lena, at=NOW)
    with pytest.raises(services.SuggestionAnswered):
        services.edit_suggestion(suggestion=row, title="Again", problem="x", by=cast.ana, at=NOW)


def test_one_voice_a_person(cast):
    row = make(cast)
    for _ in range(2):
        services.back_suggestion(suggestion=row, by=cast.mallory, at=NOW)
    assert Voice.objects.count() == 1
    assert Event.objects.filter(kind="suggestion.backed").count() == 1
    with pytest.raises(IntegrityError):
        Voice.objects.create(suggestion=row, user=cast.mallory, at=NOW)


def test_ones_own_voice_counts_already(cast):
    with pytest.raises(services.OwnSuggestion):
        services.back_suggestion(suggestion=make(cast), by=cast.ana, at=NOW)


def test_a_voice_is_taken_back(cast):
    row = make(cast)
    services.back_suggestion(suggestion=row, by=cast.mallory, at=NOW)
    for _ in range(2):
        services.withdraw_voice(suggestion=row, by=cast.mallory, at=NOW)
    assert not Voice.objects.exists()
    assert Event.objects.filter(kind="suggestion.unbacked").count() == 1


# --- answered


def test_it_is_taken_up_as_a_case(cast):
    issue = make_issue(owner=cast.billing)
    code(cast, issue, 3)
    row = make(cast, issue=issue, remedy="Print the branch.")
    services.back_suggestion(suggestion=row, by=cast.mallory, at=NOW)
    services.take_up_suggestion(suggestion=row, answer="Well seen.", by=cast.nils, at=NOW)
    row.refresh_from_db()
    assert row.state == "taken_up"
    assert (row.case.title, row.case.statement) == (row.title, "Twice a day.")
    assert row.case.evidence.count() == 3
    told = letters(row)
    assert set(told) == {cast.ana.email, cast.mallory.email}
    assert f"It is looked into as {row.case.number}." in told[cast.ana.email]
    assert "Nils: Well seen." in told[cast.ana.email]


def test_it_is_linked_to_a_case_that_is_open(cast):
    issue = make_issue(owner=cast.billing)
    first, second = make(cast, issue=issue), make(cast, title="The same", issue=issue)
    services.take_up_suggestion(suggestion=first, by=cast.nils, at=NOW)
    case = Case.objects.get()
    services.take_up_suggestion(suggestion=second, case=case, by=cast.nils, at=NOW)
    assert Case.objects.count() == 1
    assert set(Suggestion.objects.values_list("case", flat=True)) == {Case.objects.get().pk}


def test_a_case_needs_something_to_go_by(cast):
    row = make(cast)
    with pytest.raises(Invalid, match="issue"):
        services.take_up_suggestion(suggestion=row, by=cast.nils, at=NOW)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert not Event.objects.filter(kind="suggestion.answered").exists()


def test_it_is_declined_with_a_reason_only(cast):
    row = make(cast)
    with pytest.raises(Invalid):
        services.decline_suggestion(suggestion=row, answer=" ", by=cast.lena, at=NOW)
    services.decline_suggestion(suggestion=row, answer="The law wants it so.", by=cast.lena, at=NOW)
    assert "Lena: The law wants it so." in letters(row)[cast.ana.email]
    with pytest.raises(services.SuggestionAnswered):
        services.back_suggestion(suggestion=row, by=cast.mallory, at=NOW)


def test_a_second_look_is_possible(cast):
    row = make(cast)
    services.decline_suggestion(suggestion=row, answer="No.", by=cast.lena, at=NOW)
    services.reopen_suggestion(suggestion=row, by=cast.nils, at=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert row.state == "waiting"
    assert Event.objects.filter(kind="suggestion.answered").count() == 2


@pytest.mark.parametrize("who", ["ana", "omar", "mallory"])
def test_others_do_not_answer(cast, who):
    row = make(cast)
    with pytest.raises(NotAllowed):
        services.decline_suggestion(suggestion=row, answer="No.", by=getattr(cast, who), at=NOW)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_what_is_taken_up_is_not_declined_and_the_database_knows(cast):
    row = make(cast, ticket=make_ticket(cast))
    services.take_up_suggestion(suggestion=row, by=cast.nils, at=NOW)
    with pytest.raises(services.SuggestionAnswered):
        services.decline_suggestion(suggestion=row, answer="No.", by=cast.nils, at=NOW)
    with pytest.raises(InternalError):
        Suggestion.objects.filter(pk=row.pk).update(state="waiting")


def test_merged_ones_lend_their_voices(cast):
    first, second, third = make(cast), make(cast, by=cast.mallory, title="Same"), make(cast, by=cast.omar)
    services.back_suggestion(suggestion=second, by=cast.lena, at=NOW)
    services.merge_suggestion(suggestion=second, into=third, by=cast.nils, at=NOW)
    services.merge_suggestion(suggestion=third, into=first, by=cast.nils, at=NOW)
    second.refresh_from_db()
    assert second.merged_into == first
    one = queries.weighed([first], user=cast.lena, at=NOW)[0]
    assert one.voices == 4
    assert one.is_backed
    services.decline_suggestion(suggestion=first, answer="No.", by=cast.nils, at=NOW)
    assert set(letters(first)) == {user.email for user in (cast.ana, cast.mallory, cast.lena, cast.omar)}


def test_it_is_not_part_of_itself_nor_of_one_that_is_gone(cast):
    row, gone = make(cast), make(cast)
    services.decline_suggestion(suggestion=gone, answer="No.", by=cast.nils, at=NOW)
    for into in (row, gone):
        with pytest.raises(Invalid):
            services.merge_suggestion(suggestion=row, into=into, by=cast.nils, at=NOW)


def test_an_issue_is_proposed_drafted_published_and_counted(cast, deliver_news):
    parent = make_issue("billing")
    row = make(cast, department=cast.billing)
    services.propose_issue(
        suggestion=row, label="Receipt names the wrong shop", under=parent, by=cast.lena, at=NOW
    )
    assert not DraftChange.objects.exists()
    with pytest.raises(NotAllowed):
        services.draft_proposed(suggestion=row, by=cast.lena, at=NOW)
    services.draft_proposed(suggestion=row, by=cast.ada, at=NOW)
    assert DraftChange.objects.count() == 1
    with pytest.raises(services.SuggestionAnswered):
        services.draft_proposed(suggestion=row, by=cast.ada, at=NOW)
    row.refresh_from_db()
    change = AddIssue(code=row.proposed_code, label=row.proposed_label, parent="billing")
    publish_taxonomy(changes=[change], note="", by=cast.ada, at=NOW)
    deliver_news()
    row.refresh_from_db()
    assert row.issue == Issue.objects.get(code="receipt-names-the-wrong-shop")
    assert "issue of its own" in queries.weighed([row], user=cast.ana, at=NOW)[0].became
    assert any(
        "every ticket about it is counted" in mail.text for mail in Delivery.objects.filter(about=row.ref)
    )


def test_who_publishes_the_taxonomy_drafts_at_once(cast):
    row = make(cast)
    make_issue()
    services.propose_issue(suggestion=row, label="Charged twice", by=cast.ada, at=NOW)
    row.refresh_from_db()
    assert row.proposed_code == "charged-twice-2"


@pytest.mark.parametrize("how", ["discarded", "taken out"])
def test_what_is_given_up_in_the_draft_no_longer_stands_there_and_may_again(cast, deliver_news, how):
    row, other = make(cast), make(cast, title="Another")
    for one, label in ((row, "Wrong shop"), (other, "Slow shop")):
        services.propose_issue(suggestion=one, label=label, by=cast.ada, at=NOW)
    change = DraftChange.objects.get(data__code="wrong-shop")
    if how == "discarded":
        discard_change_set(change_set=change.change_set, by=cast.ada, at=NOW)
    else:
        withdraw_change(change=change, by=cast.ada, at=NOW)
    deliver_news()
    assert services.mind_draft(by=cast.system, at=NOW) == 0  # again is nothing
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.proposed_code == ""
    assert other.proposed_code == ("" if how == "discarded" else "slow-shop")
    assert "not in the draft yet" in queries.weighed([row], user=cast.ana, at=NOW)[0].became
    services.draft_proposed(suggestion=row, by=cast.ada, at=NOW)
    assert DraftChange.objects.filter(data__code="wrong-shop", change_set__state="draft").exists()


# --- told in the end


def test_the_suggester_hears_of_the_verdict_once(cast, deliver_news):
    case = Case.open(
        title="Receipts", detection_start=NOW.date(), detection_end=NOW.date(), owner=cast.omar,
        owner_department=cast.billing, issue=make_issue(), by=cast.nils, at=NOW,
    )  # fmt: skip
    row = make(cast)
    services.take_up_suggestion(suggestion=row, case=case, by=cast.nils, at=NOW)
    case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=NOW)
    case.move(CaseState.MONITORING, due_on=None, by=cast.nils, at=NOW)
    judge(case, "effective", at=NOW, saved="12000", by=cast.nils)
    Delivery.objects.all().delete()
    event = events.record("case.judged", about=case.ref, by=cast.system, at=NOW)
    for _ in range(2):
        services.tell_of_case(case=case, event=event, by=cast.system, at=NOW)
    assert "The verdict: proven" in letters(row)[cast.ana.email]
    assert Delivery.objects.filter(about=row.ref).count() == 1
    row.refresh_from_db()
    assert queries.weighed([row], user=cast.ana, at=NOW)[0].became.startswith(f"Led to {case.number}: proven")


def test_a_step_nobody_waits_for_is_not_told(cast, deliver_news):
    row = make(cast, issue=make_issue())
    services.take_up_suggestion(suggestion=row, by=cast.nils, at=NOW)
    before = Delivery.objects.filter(about=row.ref).count()
    deliver_news()
    assert Delivery.objects.filter(about=row.ref).count() == before


# --- ranked by damage


def test_the_most_damage_stands_first_not_the_most_voices(cast):
    large, small = make_issue("large"), make_issue("small")
    code(cast, large, 4)
    code(cast, small, 1)
    code(cast, small, 9, days=100)  # too long ago
    make(cast, title="loved")
    popular = make(cast, title="small", issue=small)
    make(cast, title="large", issue=large)
    for user in (cast.lena, cast.omar, cast.mallory):
        services.back_suggestion(suggestion=popular, by=user, at=NOW)
    assert ranked(cast) == ["large", "small", "loved"]
    found = {one.row.title: one for one in queries.waiting_by_damage(user=cast.ana, at=NOW)}
    assert (found["large"].tickets, found["small"].tickets, found["loved"].tickets) == (4, 1, None)
    assert not found["large"].money.is_known
    assert "Not known until set" in str(found["large"].money.note)


def test_tickets_below_the_issue_count_with_it(cast):
    parent = make_issue("billing")
    code(cast, make_issue("below", parent=parent), 2)
    make(cast, issue=parent)
    assert queries.waiting_by_damage(user=cast.ana, at=NOW)[0].tickets == 2


def test_the_same_number_of_queries_for_one_and_for_twenty(cast, sign_in):
    client = sign_in(cast.ana)

    def statements(show):
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("suggestions"), {"show": show}).status_code == 200
        return len(found)

    issue = make_issue()
    row = make(cast, issue=issue)
    few = [statements(show) for show in ("waiting", "mine")]
    for n in range(20):
        more = make(cast, issue=issue, title=f"No. {n}")
        services.back_suggestion(suggestion=more, by=cast.mallory, at=NOW)
    assert [statements(show) for show in ("waiting", "mine")] == few
    assert row.is_waiting


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(cast):
    row = make(cast)

    def decline(user):
        try:
            services.decline_suggestion(suggestion=row, answer="No.", by=user, at=NOW)
        except services.SuggestionAnswered:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(decline, (cast.lena, cast.nils))) == [False, True]


def test_two_suggestions_with_the_same_words_stand_in_the_draft_side_by_side(cast):
    under = make_issue("billing"), make_issue("returns")
    rows = [make(cast), make(cast)]
    for row, parent in zip(rows, under, strict=True):
        services.propose_issue(suggestion=row, label="Too slow", under=parent, by=cast.ada, at=NOW)
    assert {row.proposed_code for row in Suggestion.objects.all()} == {"too-slow", "too-slow-2"}


def test_a_suggestion_is_not_taken_up_by_a_case_that_has_closed_meanwhile(cast):
    first, second = make(cast, issue=make_issue()), make(cast)
    case = services.take_up_suggestion(suggestion=first, by=cast.nils, at=NOW).case
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome="cancelled")
    with pytest.raises(Invalid, match="is closed"):
        services.take_up_suggestion(suggestion=second, case=case, by=cast.nils, at=NOW)
    second.refresh_from_db()
    assert second.is_waiting
