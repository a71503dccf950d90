"""A fix is proven, a draft appears, a person publishes it, and it comes down when the cause comes back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.analysis.models import CaseState
from apps.awareness import services
from apps.awareness.models import Notice
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.awareness.conftest import later
from tests.evaluation.verdicts import judge
from tests.factories import NOW, make_ticket


def judged(case, cast, at=NOW):
    events.record("case.judged", about=case.ref, by=cast.system, at=at)


@pytest.mark.parametrize("verdict", ["effective", "partially effective"])
def test_a_proven_fix_is_drafted_in_words_for_customers(cast, proven_case, deliver_news, verdict):
    case = proven_case(verdict)
    for _ in range(2):
        case.evidence.create(ticket=make_ticket(cast), how="hand", linked_by=cast.nils, linked_at=NOW)
    judged(case, cast)
    deliver_news()
    notice = Notice.objects.get()
    assert (notice.state, notice.audience) == ("draft", "public")
    assert notice.title == "Charged twice: put right"
    assert "43\N{NO-BREAK SPACE}% less often" in notice.body
    # What was said inside stays inside.
    assert "Proration" not in notice.body + notice.title
    assert "RC-" not in notice.body


def test_a_fix_is_drafted_in_the_language_of_whoever_answers_for_the_case(cast, proven_case, deliver_news):
    case = proven_case()
    case.opened_by.language = "de"
    case.opened_by.save()
    judged(case, cast)
    deliver_news()
    notice = Notice.objects.get()
    assert notice.title == "Charged twice: behoben"
    assert "Wir haben die Ursache gesucht und beseitigt." in notice.body
    assert "43\N{NO-BREAK SPACE}% seltener" in notice.body


@pytest.mark.parametrize(
    "verdict", ["ineffective", "inconclusive", "displaced", "back to normal only", "worse"]
)
def test_what_is_not_proven_is_not_drafted(cast, proven_case, deliver_news, verdict):
    case = proven_case(verdict)
    judged(case, cast)
    deliver_news()
    assert not Notice.objects.exists()


def test_the_same_news_again_drafts_nothing_more(cast, draft):
    again = services.publish_fix(case=draft.case, by=cast.system, at=later(1))
    assert again == draft
    assert Event.objects.filter(kind="notice.drafted").count() == 1


def test_words_a_person_chose_are_not_overwritten(cast, draft):
    services.edit_notice(notice=draft, title="Better", body="Words", audience="public", by=cast.nils, at=NOW)
    services.publish_fix(case=draft.case, by=cast.system, at=later(1))
    assert Notice.objects.get().title == "Better"


def test_publishing_tells_the_customers_and_so_closes_the_proven_case(cast, draft):
    services.publish_notice(notice=draft, by=cast.nils, at=later(1))
    draft.refresh_from_db()
    draft.case.refresh_from_db()
    assert (draft.state, draft.published_by, draft.published_at) == ("published", cast.nils, later(1))
    assert (draft.case.state, draft.case.customers_told_at) == (CaseState.CLOSED, later(1))
    assert Event.objects.get(kind="notice.published").about == f"notice:{draft.pk}"


def test_an_internal_notice_tells_no_customer(cast, draft):
    services.edit_notice(notice=draft, title="For us", body="Done", audience="internal", by=cast.nils, at=NOW)
    services.publish_notice(notice=draft, by=cast.nils, at=NOW)
    draft.case.refresh_from_db()
    assert draft.case.state == CaseState.MONITORING


def test_a_published_internal_notice_that_is_opened_to_all_tells_them(cast, draft):
    words = {"notice": draft, "title": "For us", "body": "Done", "by": cast.nils, "at": NOW}
    services.edit_notice(**words, audience="internal")
    services.publish_notice(notice=draft, by=cast.nils, at=NOW)
    services.edit_notice(**words, audience="public")
    draft.case.refresh_from_db()
    assert draft.case.state == CaseState.CLOSED


def test_what_came_back_is_taken_back_and_drafted_anew_when_it_is_proven_again(cast, draft, deliver_news):
    case = draft.case
    services.publish_notice(notice=draft, by=cast.nils, at=later(1))
    case.refresh_from_db()
    case.regress(due_on=None, by=cast.system, at=later(2), signal=1)
    deliver_news(at=later(2))
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert not Notice.objects.public().exists()

    case.move(CaseState.MONITORING, due_on=None, by=cast.nils, at=later(60))
    judge(case, "effective", at=later(60), by=cast.nils, look=2)
    judged(case, cast, at=later(60))
    deliver_news(at=later(60))
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_what_a_person_withdrew_stays_withdrawn(cast, draft):
    services.withdraw_notice(notice=draft, reason="not for outside", by=cast.nils, at=later(1))
    services.publish_fix(case=draft.case, by=cast.system, at=later(2))
    assert Notice.objects.get().state == "withdrawn"


def test_a_withdrawn_notice_can_be_published_after_all(cast, draft):
    services.withdraw_notice(notice=draft, by=cast.nils, at=later(1))
    assert services.publish_notice(notice=draft, by=cast.nils, at=later(2)).is_published


def test_a_case_that_came_back_is_not_told_as_fixed(cast, draft):
    draft.case.move(CaseState.ASSESS, due_on=None, by=cast.nils, at=NOW)
    with pytest.raises(services.FixNotProven):
        services.publish_notice(notice=draft, by=cast.nils, at=NOW)
    assert not Notice.objects.public().exists()
    assert not Event.objects.filter(kind="notice.published").exists()


def test_a_notice_is_published_once(cast, draft):
    services.publish_notice(notice=draft, by=cast.nils, at=NOW)
    with pytest.raises(services.NoticePublished):
        services.publish_notice(notice=draft, by=cast.nils, at=later(1))
    assert Event.objects.filter(kind="notice.published").count() == 1


def test_a_notice_is_withdrawn_once(cast, draft):
    services.withdraw_notice(notice=draft, by=cast.nils, at=NOW)
    with pytest.raises(services.NoticeWithdrawn):
        services.withdraw_notice(notice=draft, by=cast.nils, at=NOW)


@pytest.mark.parametrize("name", ["ana", "omar", "mallory", "zoe_account"])
def test_who_may_not_publish_changes_nothing(cast, draft, name):
    by = getattr(cast, name)
    words = {"title": "x", "body": "x", "audience": "public"}
    for act in (
        lambda: services.publish_notice(notice=draft, by=by, at=NOW),
        lambda: services.withdraw_notice(notice=draft, by=by, at=NOW),
        lambda: services.edit_notice(notice=draft, **words, by=by, at=NOW),
        lambda: services.publish_fix(case=draft.case, by=by, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Notice.objects.get().title == draft.title
    assert not Event.objects.filter(kind__in=["notice.edited", "notice.published"]).exists()


def test_a_lead_of_another_department_does_not_know_of_the_draft(cast, draft):
    cast.lena.department = cast.shipping
    cast.lena.save()
    with pytest.raises(NotFound):
        services.publish_notice(notice=draft, by=cast.lena, at=NOW)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 5_001}, "body"),
        ({"audience": "martians"}, "audience"),
    ],
)
def test_words_that_can_not_be_taken_are_refused(cast, draft, wrong, pointer):
    words = {"title": "Fixed", "body": "We did", "audience": "public"} | wrong
    with pytest.raises(Invalid) as refusal:
        services.edit_notice(notice=draft, **words, by=cast.nils, at=NOW)
    assert refusal.value.pointer == pointer


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once(cast, draft):
    def publish(_):
        try:
            services.publish_notice(notice=draft, by=cast.nils, at=NOW)
        except services.NoticePublished:
            return "refused"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, range(2))) == ["published", "refused"]
