"""The pages of training: one's own list, a course, its editor, the rules, the team and one person."""

import pytest
from django.urls import reverse

from apps.staff import services
from apps.staff.models import (
    Assignment,
    Certificate,
    CoachingAnswer,
    CoachingNote,
    Course,
    Skill,
    TrainingRule,
)
from helpdesk.models import Role, TaxonomyRelease
from tests.analysis.test_pages import queries_of
from tests.factories import NOW, make_issue, make_ticket, make_user
from tests.staff.conftest import DAY, TODAY

pytestmark = pytest.mark.usefixtures("today_is_now")
PEOPLE, TRAINING, RULES = "/people/", "/training/", "/training/rules/"


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def course_url(course):
    return reverse("course", kwargs={"pk": course.pk})


def person_url(user):
    return reverse("person", kwargs={"pk": user.pk})


def words(**more):
    return {"title": "Refunds", "teaches": "When to give money back", "body": "Read.", "minutes": "15"} | more


def briefing(cast):
    """A page that news wrote for Ana, overdue since yesterday."""
    course = Course.objects.create(
        kind="briefing", title="Guidance: Refunds", body="Ask first.", source="guidance:1@2", written_by=cast.system,
        written_at=NOW,
    )  # fmt: skip
    return Assignment.give(
        user=cast.ana, course=course, reason="guidance", source=course.source, due_on=TODAY - DAY, by=cast.system,
        at=NOW,
    )  # fmt: skip


# --- one's own ------------------------------------------------------------------------------------------


def test_an_agent_starts_a_course_and_passes_it(cast, sign_in, make_course, give):
    row, ana = give(make_course(lasts_days=365)), sign_in(cast.ana)
    assert "Refunds without tears" in page(ana, TRAINING)
    answer = ana.post(reverse("start_course", kwargs={"pk": row.pk}), follow=True)
    assert "I have passed it" in answer.content.decode()
    ana.post(reverse("pass_course", kwargs={"pk": row.pk}))
    shown = page(ana, TRAINING)
    assert "until 6 May 2027" in shown
    assert "Nothing to do" in shown


def test_what_is_new_is_read_and_confirmed(cast, sign_in):
    row, ana = briefing(cast), sign_in(cast.ana)
    assert "overdue since" in page(ana, TRAINING)
    assert "Ask first." in page(ana, course_url(row.course))
    ana.post(reverse("pass_course", kwargs={"pk": row.pk}))
    row.refresh_from_db()
    assert row.state == "passed"
    assert not Certificate.objects.exists()


def test_passing_what_a_lead_must_confirm_is_refused_on_the_page(cast, sign_in, make_course, give):
    row, ana = give(make_course(needs_lead=True)), sign_in(cast.ana)
    assert "Your lead says when it is passed" in page(ana, course_url(row.course))
    assert ana.post(reverse("pass_course", kwargs={"pk": row.pk})).status_code == 403


def test_somebody_elses_training_is_not_there(cast, sign_in, make_course, give):
    row, note = give(make_course()), briefing(cast)
    mallory = sign_in(cast.mallory)
    for name in ("start_course", "pass_course"):
        assert mallory.post(reverse(name, kwargs={"pk": row.pk})).status_code == 404
    assert mallory.get(course_url(note.course)).status_code == 404


# --- courses and rules ----------------------------------------------------------------------------------


def test_a_course_is_written_changed_and_retired_on_its_pages(cast, sign_in, billing_issue):
    lena = sign_in(cast.lena)
    given = words(issues=[billing_issue.pk], grants="2", lasts_days="365", is_required="on")
    assert lena.post(reverse("new_course"), given).status_code == 302
    course = Course.objects.get()
    assert (course.grants, course.lasts_days, course.is_required) == (2, 365, True)
    edit = reverse("edit_course", kwargs={"pk": course.pk})
    assert "When to give money back" in page(lena, edit)
    lena.post(edit, words(title="Refunds, second edition"))
    lena.post(reverse("retire_course", kwargs={"pk": course.pk}))
    course.refresh_from_db()
    assert (course.title, course.grants, course.is_active) == ("Refunds, second edition", None, False)


def test_what_is_wrong_with_a_course_stands_beside_it_and_the_words_stay(cast, sign_in):
    answer = sign_in(cast.lena).post(reverse("new_course"), words(body="", teaches="All of it", grants="3"))
    assert answer.status_code == 422
    assert "Give a link, or write the course here." in answer.content.decode()
    assert "All of it" in answer.content.decode()


def test_a_course_is_given_to_several_and_the_page_says_how_it_stands(cast, sign_in, make_course, give):
    course, lena = make_course(), sign_in(cast.lena)
    give(course)
    given = {"people": [cast.ana.pk, cast.lena.pk], "due_on": TODAY, "reason": "onboarding"}
    assert lena.post(course_url(course), given).status_code == 302
    assert Assignment.objects.count() == 2
    assert "To do" in page(lena, course_url(course))
    given["people"] = [cast.mallory.pk]
    assert lena.post(course_url(course), given).status_code == 422


def test_rules_are_laid_out_added_and_withdrawn(cast, sign_in, make_course):
    lena = sign_in(cast.lena)
    assert "No rule yet" in page(lena, RULES)
    lena.post(reverse("usual_training_rules"))
    given = {
        "kind": "missed", "criterion": "greeting", "more_than": "1", "of_last": "5", "course": make_course().pk,
        "within_days": "7",
    }  # fmt: skip
    assert lena.post(RULES, given).status_code == 302
    assert lena.post(RULES, given).status_code == 422
    assert "“greeting” is missed more than 1 times" in page(lena, RULES)
    rule = TrainingRule.objects.get(kind="missed")
    lena.post(reverse("withdraw_training_rule", kwargs={"pk": rule.pk}))
    assert TrainingRule.objects.count() == 2


@pytest.mark.parametrize("who", ["ana", "omar", "nils"])
def test_who_leads_nobody_finds_no_editor(cast, sign_in, make_course, who):
    course, browser = make_course(), sign_in(getattr(cast, who))
    for url in (reverse("new_course"), reverse("edit_course", kwargs={"pk": course.pk}), RULES):
        assert browser.get(url).status_code == 403
    assert "Edit" not in page(browser, course_url(course))


# --- the team and one person ----------------------------------------------------------------------------


def test_the_team_shows_who_holds_what_and_who_has_not_read_what_is_new(
    cast, sign_in, make_course, billing_issue
):
    services.grant_skill(user=cast.ana, issue=billing_issue, level=3, by=cast.lena)
    course = make_course(lasts_days=30)
    services.grant_certificate(user=cast.ana, course=course, passed_on=TODAY, by=cast.lena, at=NOW)
    briefing(cast)
    shown = page(sign_in(cast.lena), PEOPLE)
    for words_ in ("Expert", "until 5 Jun 2026", "1 overdue", "Guidance: Refunds", "0 of 1 have"):
        assert words_ in shown
    shown = page(sign_in(cast.ana), PEOPLE)
    assert "Expert" in shown
    assert "1 overdue" not in shown


def test_issues_that_fewer_than_two_are_able_to_finish_stand_there_by_volume(
    cast, sign_in, make_course, billing_issue
):
    late, twice = make_issue("late-parcel"), make_issue("charged-twice", parent=billing_issue)
    for issue in (late, twice, twice):
        make_ticket(cast).classify(issue, release=TaxonomyRelease.objects.get(), by=cast.ana, at=NOW)
    services.grant_skill(user=cast.ana, issue=billing_issue, level=2, by=cast.lena)
    lena = sign_in(cast.lena)
    shown = page(lena, PEOPLE)
    assert shown.index("Charged twice") < shown.index("Late parcel")
    assert "nobody" in shown
    services.grant_skill(user=cast.lena, issue=twice, level=2, by=cast.ada)
    assert "Charged twice</a>" not in page(lena, PEOPLE)
    course = make_course(issues=[billing_issue], is_required=True, lasts_days=1)
    services.grant_certificate(user=cast.ana, course=course, passed_on=TODAY - 9 * DAY, by=cast.lena, at=NOW)
    assert "Charged twice</a>" in page(lena, PEOPLE)


def test_the_team_costs_the_same_for_one_and_for_many(cast, sign_in, make_course, give, billing_issue):
    course = make_course(issues=[billing_issue], is_required=True, lasts_days=30)

    def people(number):
        for _ in range(number):
            user = make_user(f"agent{User.objects.count()}", Role.AGENT, cast.billing)
            services.grant_skill(user=user, issue=make_issue(f"issue-{user.pk}"), level=2, by=cast.lena)
            services.grant_certificate(
                user=user, course=course, passed_on=TODAY - 31 * DAY, by=cast.lena, at=NOW
            )
            give(course, user)
            note(cast, user, follow_up_on=TODAY)
            page_of_news = Course.objects.create(
                kind="briefing", title=f"Page {user.pk}", body="x", source=f"release:{user.pk}",
                written_by=cast.system, written_at=NOW,
            )  # fmt: skip
            Assignment.give(
                user=user, course=page_of_news, reason="release", source=page_of_news.source, due_on=TODAY,
                by=cast.system, at=NOW,
            )  # fmt: skip
            ticket = make_ticket(cast)
            ticket.classify(
                Skill.objects.get(user=user).issue, release=TaxonomyRelease.objects.get(), by=user, at=NOW
            )

    from helpdesk.models import User

    people(1)
    lena = sign_in(cast.lena)
    few = queries_of(lena, PEOPLE)
    people(10)
    # Session, user, department; people, capacity, skills, loads, absences; certificates, what is to do; volume, lapsed,
    # topics; news, who has read it, follow-ups.
    assert queries_of(lena, PEOPLE) == few <= 18


def note(cast, user=None, **fields):
    given = {"body": "Listened well."} | fields
    return services.write_coaching_note(user=user or cast.ana, **given, by=cast.lena, at=NOW)


def test_a_lead_does_everything_for_a_person_on_their_page(cast, sign_in, make_course):
    course, lena, ana = make_course(), sign_in(cast.lena), person_url(cast.ana)
    lena.post(f"{ana}courses/", {"course": course.pk, "due_on": TODAY, "reason": "by_hand"})
    row = Assignment.objects.get()
    answer = lena.post(reverse("excuse_from_course", kwargs={"pk": row.pk}), {"excuse": ""}, follow=True)
    assert "Say why" in answer.content.decode()
    lena.post(reverse("excuse_from_course", kwargs={"pk": row.pk}), {"excuse": "On leave"})
    lena.post(f"{ana}certificates/", {"course": course.pk, "passed_on": TODAY})
    ticket = make_ticket(cast)
    given = {
        "body": "Talked it over.",
        "next_step": "Call back",
        "follow_up_on": TODAY,
        "tickets": f"#{ticket.pk}",
    }
    assert lena.post(f"{ana}notes/", given).status_code == 302
    shown = page(lena, ana)
    for words_ in ("On leave", "for good", "Talked it over.", "Call back", f"#{ticket.pk}"):
        assert words_ in shown
    assert "Call back" in page(lena, PEOPLE)
    lena.post(
        reverse("withdraw_certificate", kwargs={"pk": Certificate.objects.get().pk}), {"why": "By mistake"}
    )
    assert Certificate.objects.get().withdrawal == "By mistake"


@pytest.mark.parametrize(
    ("part", "given", "said"),
    [
        ("courses/", {"due_on": "2020-01-01", "reason": "by_hand"}, "This day is over."),
        ("certificates/", {"passed_on": "2030-01-01"}, "This day is still to come."),
        ("notes/", {"body": "Kept words", "tickets": "soon"}, "Numbers only"),
        ("notes/", {"body": "Kept words", "tickets": "#987654"}, "Unknown: 987654."),
    ],
)
def test_what_is_wrong_is_told_on_the_page(cast, sign_in, make_course, part, given, said):
    answer = sign_in(cast.lena).post(person_url(cast.ana) + part, {"course": make_course().pk} | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert given.get("body", "") in answer.content.decode()


def test_a_person_reads_their_own_page_and_answers(cast, sign_in):
    shared, private = note(cast), note(cast, body="Not for her eyes", is_private=True)
    ana = sign_in(cast.ana)
    shown = page(ana, person_url(cast.ana))
    assert "Listened well." in shown
    assert "Not for her eyes" not in shown
    assert "Write a note" not in shown
    ana.post(reverse("answer_coaching_note", kwargs={"pk": shared.pk}), {"body": "Thank you."})
    assert CoachingAnswer.objects.get().body == "Thank you."
    empty = ana.post(reverse("answer_coaching_note", kwargs={"pk": shared.pk}), {"body": " "})
    assert empty.status_code == 422
    assert (
        ana.post(reverse("answer_coaching_note", kwargs={"pk": private.pk}), {"body": "?"}).status_code == 404
    )


@pytest.mark.parametrize("who", ["mallory", "omar", "nils"])
def test_nobody_else_finds_the_page_or_a_note(cast, sign_in, who):
    row, browser = note(cast), sign_in(getattr(cast, who))
    assert browser.get(person_url(cast.ana)).status_code == 404
    assert (
        browser.post(reverse("answer_coaching_note", kwargs={"pk": row.pk}), {"body": "x"}).status_code == 404
    )
    assert browser.post(person_url(cast.ana) + "notes/", {"body": "x"}).status_code == 403
    assert CoachingNote.objects.count() == 1


def test_a_note_is_found_by_no_search(cast, sign_in):
    note(cast, body="zebra crossing")
    make_ticket(cast)
    for who in (cast.ana, cast.lena, cast.ada):
        assert "zebra crossing" not in page(sign_in(who), "/search/?q=crossing")


def test_a_persons_page_costs_the_same_for_one_row_and_for_many(cast, sign_in, make_course, give):
    lena, url = sign_in(cast.lena), person_url(cast.ana)

    def rows(number):
        for _ in range(number):
            course = make_course(f"Course {Course.objects.count()}")
            give(course)
            services.grant_certificate(user=cast.ana, course=course, passed_on=TODAY, by=cast.lena, at=NOW)
            services.grant_skill(user=cast.ana, issue=make_issue(f"issue-{course.pk}"), level=2, by=cast.lena)
            services.answer_coaching_note(note=note(cast), body="Yes.", by=cast.ana, at=NOW)

    rows(1)
    few = queries_of(lena, url)
    rows(10)
    assert queries_of(lena, url) == few <= 24


def test_ones_own_list_costs_the_same_for_one_row_and_for_many(
    cast, sign_in, make_course, give, billing_issue
):
    ana = sign_in(cast.ana)

    def rows(number):
        for _ in range(number):
            give(make_course(f"Course {Course.objects.count()}", issues=[billing_issue]))

    rows(1)
    few = queries_of(ana, TRAINING)
    rows(10)
    assert queries_of(ana, TRAINING) == few <= 9
