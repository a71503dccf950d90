"""Customers are asked to tell us: by an address of its own, counted apart, and what it showed can be taken over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from apps.analysis.models import Assumption, CalendarEntry
from apps.analysis.services import count_days
from apps.awareness import services
from apps.awareness.models import Campaign, CampaignProblem, CampaignReply, CampaignVisits
from apps.awareness.queries.campaigns import campaign_page
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event, Ticket
from tests.analysis.together import told
from tests.analysis.world import TODAY, day_before, sow
from tests.awareness.asking import WORDS, answer, answers
from tests.factories import NOW, make_issue

# --- set up


def test_a_campaign_has_an_address_of_its_own_and_stands_in_the_calendar(cast, campaign):
    assert len(campaign.key) == 7
    entry = CalendarEntry.objects.get()
    assert (entry.kind, entry.day, entry.until) == ("asked", campaign.starts_on, campaign.ends_on)
    event = Event.objects.get(kind="campaign.opened")
    assert event.about == f"campaign:{campaign.pk}"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"where": "moon"}, "where"),
        ({"question": ""}, "question"),
        ({"ends_on": TODAY - timedelta(days=8)}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=400)}, "ends_on"),
        ({"reach": 0}, "reach"),
        ({"reach": 3_000_000_000}, "reach"),
        ({"days_back": 2}, "days_back"),
        ({"starts_on": date(1, 1, 1), "ends_on": date(1, 2, 1)}, "starts_on"),
        ({"starts_on": date(1999, 12, 31), "ends_on": date(2000, 1, 5)}, "starts_on"),
        ({"starts_on": date(9999, 12, 1), "ends_on": date(9999, 12, 31)}, "starts_on"),
    ],
)
def test_a_campaign_that_can_not_be_is_refused_at_its_field(cast, wrong, field):
    with pytest.raises(Invalid) as refused:
        services.open_campaign(**WORDS | wrong, by=cast.nils, at=NOW)
    assert refused.value.pointer == field
    assert not Campaign.objects.exists()
    assert not CalendarEntry.objects.exists()


def test_the_same_campaign_twice_on_the_same_days_is_refused(cast, campaign):
    with pytest.raises(Invalid, match="of this name"):
        services.open_campaign(**WORDS, by=cast.nils, at=NOW)
    assert Campaign.objects.count() == 1


def test_an_agent_asks_nobody(cast):
    with pytest.raises(NotAllowed):
        services.open_campaign(**WORDS, by=cast.ana, at=NOW)
    assert not Campaign.objects.exists()


def test_other_days_move_its_entry_in_the_calendar(cast, campaign, charged, late):
    words = WORDS | {"ends_on": TODAY + timedelta(days=9)}
    services.edit_campaign(campaign=campaign, **words, issues=[charged, late], by=cast.nils, at=NOW)
    assert CalendarEntry.objects.standing().get().until == TODAY + timedelta(days=9)
    assert CalendarEntry.objects.count() == 2


def test_a_list_that_was_answered_stays_as_it_was(cast, campaign, charged):
    answer(cast, campaign, {charged: True})
    with pytest.raises(services.ListInUse):
        services.edit_campaign(campaign=campaign, **WORDS, issues=[charged], by=cast.nils, at=NOW)
    assert campaign.issues.count() == 2


# --- answered


def test_what_a_customer_writes_becomes_a_ticket_that_carries_the_campaign(cast, campaign, charged):
    reply = answer(cast, campaign, {charged: False}, "Twice on my card", "new@customer.test", via="code")
    ticket = Ticket.objects.get()
    assert reply.ticket == ticket
    assert (ticket.campaign, ticket.primary_issue, ticket.channel) == (campaign.key, charged, "form")
    assert (reply.via, reply.problems.get().told) == ("code", False)


def test_the_list_alone_is_an_answer_and_makes_no_ticket(cast, campaign, charged, late):
    answer(cast, campaign, {charged: True, late: False})
    assert CampaignProblem.objects.count() == 2
    assert not Ticket.objects.exists()


def test_two_problems_leave_the_issue_of_the_ticket_open(cast, campaign, charged, late):
    answer(cast, campaign, {charged: True, late: True}, "Both", "zoe@customer.test")
    assert Ticket.objects.get().primary_issue is None


@pytest.mark.parametrize(
    ("said", "field"), [({}, "body"), ({"body": "Help"}, "email")], ids=["nothing", "nobody to answer"]
)
def test_an_answer_that_says_nothing_or_names_nobody_is_refused(cast, campaign, said, field):
    with pytest.raises(Invalid) as refused:
        answer(cast, campaign, **said)
    assert refused.value.pointer == field
    assert not CampaignReply.objects.exists()


def test_a_problem_that_was_not_on_the_list_is_refused(cast, campaign):
    with pytest.raises(Invalid):
        answer(cast, campaign, {make_issue("other"): True})
    assert not CampaignReply.objects.exists()


def test_before_and_after_its_days_nothing_is_marked(cast, campaign, charged):
    late = NOW + timedelta(days=8)
    with pytest.raises(services.NotRunning):
        services.answer_campaign(
            campaign=campaign, problems={charged: True}, body="", contact=None, by=cast.system, at=late
        )
    assert not CampaignReply.objects.exists()


def test_visits_are_counted_by_day_and_way(cast, campaign):
    for via in ("link", "link", "code", "somehow"):
        services.count_visit(campaign=campaign, via=via, at=NOW)
    assert dict(CampaignVisits.objects.values_list("via", "number")) == {"link": 3, "code": 1}


@pytest.mark.django_db(transaction=True)
def test_visits_at_once_are_all_counted(cast, charged):
    row = services.open_campaign(**WORDS, by=cast.nils, at=NOW)

    def visit(_):
        try:
            services.count_visit(campaign=row, via="link", at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(visit, range(12)))
    assert CampaignVisits.objects.get().number == 12


# --- what it showed


def test_the_page_tells_who_came_and_what_share_tells_us(cast, campaign, charged, late):
    answers(campaign, charged, told=10, silent=30)
    services.count_visit(campaign=campaign, via="code", at=NOW)
    answer(cast, campaign, {charged: False}, "Twice", "x@customer.test")
    page = campaign_page(campaign, at=NOW)
    rate = page.rates[0].rate
    assert (rate.had, rate.told_before, rate.told_after) == (41, 10, 11)
    assert (page.heard.all_visits, page.heard.all_replies, page.heard.all_tickets) == (1, 41, 1)
    assert page.share_answered == pytest.approx(41 / 5_000)


def test_the_share_becomes_an_assumption_beside_the_old_one(cast, campaign, charged):
    answers(campaign, charged, told=10, silent=30)
    row = services.take_over_rate(campaign=campaign, issue=charged, by=cast.nils, at=NOW)
    assert (row.parameter, row.issue, row.likely) == ("multiplier", charged, Decimal(4))
    assert row.low < 4 < row.high
    assert "Invoices in May" in row.source
    answers(campaign, charged, told=0, silent=10)
    services.take_over_rate(campaign=campaign, issue=charged, by=cast.nils, at=NOW + timedelta(days=1))
    assert [one.likely for one in Assumption.objects.order_by("pk")] == [Decimal(4), Decimal(5)]


def test_too_few_answers_are_no_assumption(cast, campaign, charged):
    answers(campaign, charged, told=1, silent=3)
    with pytest.raises(services.TooFewAnswers):
        services.take_over_rate(campaign=campaign, issue=charged, by=cast.nils, at=NOW)
    assert not Assumption.objects.exists()


def test_a_lead_may_ask_and_sets_no_assumption(cast, campaign, charged):
    answers(campaign, charged, told=10, silent=30)
    with pytest.raises(NotAllowed):
        services.take_over_rate(campaign=campaign, issue=charged, by=cast.lena, at=NOW)
    assert not Assumption.objects.exists()


def test_people_who_wrote_by_themselves_are_told_as_a_lift_against_those_who_were_not_asked(cast, world):
    for number, issue in enumerate(world.issues):
        sow(world, issue, {(80, 0): 4.0}, seed=number, regions=("north", "south"))
        sow(world, issue, {(14, 0): 2.0}, seed=20 + number, regions=("north",))
    count_days(first=day_before(80), last=day_before(1), at=NOW)
    row = services.open_campaign(
        **WORDS | {"starts_on": day_before(14), "ends_on": day_before(1)},
        region="north",
        by=cast.nils,
        at=NOW,
    )
    spill = campaign_page(row, at=NOW).spill
    assert 1.5 < spill.against.ratio < 2.8
    assert spill.against.is_seen


# --- an issue is retired while customers are asked


@pytest.fixture
def retired(cast):
    """A campaign whose one problem is retired after it began."""
    issue = make_issue("burst")
    row = services.open_campaign(**WORDS, issues=[issue], by=cast.nils, at=NOW)
    issue.valid_to = TODAY
    issue.save(update_fields=["valid_to"])
    return row, issue


def test_customers_answer_all_the_same_and_a_colleague_codes_their_ticket(cast, retired):
    row, issue = retired
    reply = answer(cast, row, {issue: False}, body="It burst.", email="kim@x.test")
    assert reply.ticket.primary_issue is None
    assert reply.problems.get().issue == issue


def test_the_list_stays_when_something_else_is_edited(cast, retired, sign_in):
    row, issue = retired
    answer(cast, row, {issue: True})
    form = {name: str(value) for name, value in WORDS.items()} | {
        "issues": [issue.pk], "days_back": 90, "reach": 500
    }  # fmt: skip
    page = reverse("edit_campaign", kwargs={"pk": row.pk})
    assert sign_in(cast.nils).post(page, form).status_code == 302
    row.refresh_from_db()
    assert (row.reach, list(row.issues.all())) == (500, [issue])


def test_a_new_list_holds_nothing_that_is_retired(cast, retired):
    with pytest.raises(Invalid) as refused:
        services.open_campaign(**WORDS | {"name": "Another"}, issues=[retired[1]], by=cast.nils, at=NOW)
    assert refused.value.pointer == "issues"


@pytest.mark.django_db(transaction=True)
def test_a_list_that_is_answered_at_this_moment_is_not_exchanged(cast):
    charged, late = (make_issue(code, owner=cast.billing) for code in ("charged-twice", "late-parcel"))
    campaign = services.open_campaign(**WORDS, issues=[charged], by=cast.nils, at=NOW)
    refused = told(
        lambda: answer(cast, campaign, {charged: False}),
        lambda: services.edit_campaign(campaign=campaign, **WORDS, issues=[late], by=cast.nils, at=NOW),
    )
    assert isinstance(refused, services.ListInUse)
    assert list(campaign.issues.all()) == [charged]


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_list_that_is_exchanged_at_this_moment_is_refused(cast):
    charged, late = (make_issue(code, owner=cast.billing) for code in ("charged-twice", "late-parcel"))
    campaign = services.open_campaign(**WORDS, issues=[charged], by=cast.nils, at=NOW)
    refused = told(
        lambda: services.edit_campaign(campaign=campaign, **WORDS, issues=[late], by=cast.nils, at=NOW),
        lambda: answer(cast, campaign, {charged: False}),
    )
    assert isinstance(refused, Invalid)
    assert not campaign.replies.exists()
