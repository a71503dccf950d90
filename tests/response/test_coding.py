from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from apps.response import services
from apps.response.models import Guidance
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event, TaxonomyRelease, TicketIssue
from tests.factories import NOW, make_issue, make_product, make_ticket


@pytest.fixture
def issue(cast):
    return make_issue()


def classify(ticket, issue, by, **more):
    return services.classify(ticket=ticket, issue=issue, by=by, at=NOW, **more)


def refused(error, act, ticket) -> str:
    before = Event.objects.count(), list(TicketIssue.objects.values())
    with pytest.raises(error) as raised, transaction.atomic():
        act()
    assert (Event.objects.count(), list(TicketIssue.objects.values())) == before
    return str(raised.value)


def test_a_person_settles_what_a_ticket_is_about(cast, issue):
    ticket = make_ticket(cast)
    coded = classify(ticket, issue, cast.ana, suspected_cause="process")
    ticket.refresh_from_db()
    assert ticket.primary_issue == issue
    assert (coded.is_primary, coded.source, coded.suspected_cause) == (True, "person", "process")
    assert coded.coded_by == cast.ana


def test_the_code_remembers_the_newest_edition_of_the_taxonomy(cast, issue):
    newest = TaxonomyRelease.objects.create(number=2, published_at=NOW, published_by=cast.ada)
    assert classify(make_ticket(cast), issue, cast.ana).release == newest


def test_a_new_primary_issue_makes_the_old_one_second(cast, issue):
    ticket, other = make_ticket(cast), make_issue("late")
    classify(ticket, issue, cast.ana)
    classify(ticket, other, cast.ana)
    assert dict(ticket.issues.values_list("issue__code", "is_primary")) == {
        "charged-twice": False,
        "late": True,
    }


def test_one_contact_may_hold_several_issues(cast, issue):
    ticket, other = make_ticket(cast), make_issue("late")
    classify(ticket, issue, cast.ana)
    classify(ticket, other, cast.ana, primary=False)
    ticket.refresh_from_db()
    assert ticket.primary_issue == issue
    assert ticket.issues.count() == 2


def test_the_same_code_again_is_no_event(cast, issue):
    ticket = make_ticket(cast)
    classify(ticket, issue, cast.ana)
    classify(ticket, issue, cast.lena)
    assert Event.objects.filter(kind="ticket.classified").count() == 1


def test_a_person_who_confirms_the_models_code_makes_it_a_persons(cast, issue):
    ticket = make_ticket(cast)
    classify(ticket, issue, cast.system)
    assert classify(ticket, issue, cast.ana).source == "person"


def test_a_program_codes_as_a_program(cast, issue):
    assert classify(make_ticket(cast), issue, cast.robot).source == "client"


def test_a_branch_of_the_taxonomy_is_no_code(cast, issue):
    make_issue("leaf", parent=issue)
    ticket = make_ticket(cast)
    assert "finer issues" in refused(
        services.UnusableIssue, lambda: classify(ticket, issue, cast.ana), ticket
    )


@pytest.mark.parametrize("days", [{"valid_to": date(2026, 5, 1)}, {"valid_from": date(2026, 6, 1)}])
def test_an_issue_that_is_not_in_use_is_no_code(cast, days):
    ticket, issue = make_ticket(cast), make_issue("old", **days)
    refused(services.UnusableIssue, lambda: classify(ticket, issue, cast.ana), ticket)


def test_a_cause_nobody_knows_is_refused(cast, issue):
    ticket = make_ticket(cast)
    refused(Invalid, lambda: classify(ticket, issue, cast.ana, suspected_cause="weather"), ticket)


def test_strangers_and_owners_do_not_code(cast, issue):
    ticket = make_ticket(cast)
    refused(NotFound, lambda: classify(ticket, issue, cast.mallory), ticket)
    refused(NotAllowed, lambda: classify(ticket, issue, cast.omar), ticket)


# Severity, product, tags


def test_severity_is_rated_once(cast):
    ticket = make_ticket(cast)
    services.rate(ticket=ticket, severity=1, by=cast.ana, at=NOW)
    services.rate(ticket=ticket, severity=1, by=cast.ana, at=NOW)
    assert Event.objects.filter(kind="ticket.rated").count() == 1


def test_there_is_no_fifth_severity(cast):
    ticket = make_ticket(cast)
    refused(Invalid, lambda: services.rate(ticket=ticket, severity=5, by=cast.ana, at=NOW), ticket)


def test_a_ticket_says_which_product_it_is_about_and_carries_tags(cast):
    ticket = make_ticket(cast)
    lamp = make_product()
    tags = ("VIP", "late  parcel", "vip", " ")
    services.describe(ticket=ticket, product=lamp, product_version="2.1", tags=tags, by=cast.ana, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.product, ticket.product_version, ticket.tags) == (lamp, "2.1", ["vip", "late-parcel"])
    services.describe(ticket=ticket, product=lamp, product_version="2.1", by=cast.ana, at=NOW)
    assert Event.objects.filter(kind="ticket.described").count() == 1


def test_tags_are_labels_and_not_a_diary(cast):
    ticket = make_ticket(cast)
    tags = tuple(f"tag-{number}" for number in range(21))
    refused(
        Invalid,
        lambda: services.describe(ticket=ticket, product=None, tags=tags, by=cast.ana, at=NOW),
        ticket,
    )


# What was given


@pytest.fixture
def coded(cast, issue):
    Guidance.objects.create(issue=issue, agent_limit=50, lead_limit=200)
    ticket = make_ticket(cast)
    classify(ticket, issue, cast.ana)
    ticket.refresh_from_db()
    return ticket


def give(ticket, by, remedy="refund", amount=None, **more):
    return services.give_remedy(
        ticket=ticket,
        remedy=remedy,
        amount=None if amount is None else Decimal(amount),
        by=by,
        at=NOW,
        **more,
    )


def test_a_remedy_is_recorded_on_the_issue(cast, coded):
    given = give(coded, cast.ana, amount="50.00")
    assert (given.remedy, given.remedy_amount) == ("refund", Decimal("50.00"))
    assert Event.objects.get(kind="remedy.given").data["amount"] == "50.00"


def test_more_than_ones_authority_is_refused_and_says_the_limit(cast, coded):
    assert "up to 50.00" in refused(
        services.AboveAuthority, lambda: give(coded, cast.ana, amount="50.01"), coded
    )
    assert give(coded, cast.lena, amount="200").remedy_amount == 200
    refused(services.AboveAuthority, lambda: give(coded, cast.lena, amount="200.01"), coded)
    assert give(coded, cast.ada, amount="100000").remedy_amount == 100_200  # they add up


def test_without_guidance_nobody_set_a_limit(cast):
    ticket = make_ticket(cast)
    classify(ticket, make_issue("free"), cast.ana)
    ticket.refresh_from_db()
    assert give(ticket, cast.ana, amount="999").remedy_amount == 999


@pytest.mark.parametrize(
    ("remedy", "amount"), [("apology", "5"), ("gift", "5"), ("refund", "-5"), ("gold", None)]
)
def test_a_remedy_that_makes_no_sense_is_refused(cast, coded, remedy, amount):
    refused(Invalid, lambda: give(coded, cast.ana, remedy=remedy, amount=amount), coded)


def test_a_remedy_belongs_to_an_issue(cast):
    ticket = make_ticket(cast)
    refused(services.NotCoded, lambda: give(ticket, cast.ana), ticket)
    refused(services.NotCoded, lambda: give(ticket, cast.ana, issue=make_issue("other")), ticket)


# Knowledge


def test_guidance_is_written_by_leads(cast, issue):
    written = services.save_guidance(
        issue=issue, questions="Which?", agent_limit=Decimal(5), lead_limit=Decimal(9), by=cast.lena, at=NOW
    )
    again = services.save_guidance(issue=issue, questions="When?", by=cast.lena, at=NOW + timedelta(1))
    assert (written.pk, again.questions, Guidance.objects.count()) == (again.pk, "When?", 1)
    with pytest.raises(NotAllowed):
        services.save_guidance(issue=issue, by=cast.ana, at=NOW)
    with pytest.raises(Invalid):
        services.save_guidance(
            issue=issue, agent_limit=Decimal(9), lead_limit=Decimal(5), by=cast.lena, at=NOW
        )


def test_past_guidance_is_kept(cast, issue):
    from django.apps import apps

    services.save_guidance(issue=issue, questions="First", by=cast.lena, at=NOW)
    services.save_guidance(issue=issue, questions="Second", by=cast.lena, at=NOW)
    kept = (
        apps.get_model("response", "GuidanceEvent")
        .objects.order_by("pgh_id")
        .values_list("questions", flat=True)
    )
    assert list(kept) == ["First", "Second"]
