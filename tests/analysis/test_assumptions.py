"""The numbers of the money model: dated rows with source, range and somebody who answers for them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Assumption
from apps.analysis.queries.money import money_model
from helpdesk.errors import Invalid, NotAllowed
from tests.analysis.assumptions import assume
from tests.analysis.world import TODAY
from tests.factories import NOW


def test_a_number_set_is_a_row_more_and_never_changed(world):
    first = assume(world, "customer_value", 1, 2, 3)
    assert assume(world, "customer_value", 1, 2, 3) == first
    second = assume(world, "customer_value", 2, 3, 4)
    assert Assumption.objects.count() == 2
    assert list(Assumption.objects.in_force(TODAY)) == [second]
    assert list(Assumption.objects.in_force(TODAY - timedelta(days=1))) == []
    with pytest.raises(Exception, match="Cannot update"):
        Assumption.objects.filter(pk=first.pk).update(likely=3)


def test_somebody_answers_for_a_number(world):
    assert assume(world, "customer_value", 1, 2, 3).answers_for == world.cast.nils
    row = assume(world, "contact_cost", 1, 2, 3, owner=world.cast.lena)
    assert (row.answers_for, row.set_by) == (world.cast.lena, world.cast.nils)


@pytest.mark.parametrize(
    ("parameter", "values", "about", "said"),
    [
        ("customer_value", (3, 2, 4), {}, "order"),
        ("loss_silent", (0, 1, 2), {}, "between 0 and 1"),
        ("word_of_mouth", (0, 1, 2), {}, "between 0 and 1"),
        ("multiplier", ("0.5", 1, 2), {}, "1 or more"),
        ("customer_base", (1, 2, 3), {"channel": "email"}, "everybody"),
        ("multiplier", (1, 2, 3), {"channel": "pigeon"}, "Choose one of"),
        ("moon", (1, 2, 3), {}, "Choose one of"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_nothing_is_written(world, parameter, values, about, said):
    with pytest.raises(Invalid, match=said):
        assume(world, parameter, *values, **about)
    assert not Assumption.objects.exists()


def survey(world, told, asked, **about):
    return services.measure_multiplier(
        told=told, asked=asked, source="Problem survey", dated_on=TODAY, by=world.cast.nils, at=NOW, **about
    )


@pytest.mark.parametrize(("told", "asked", "likely"), [(5, 100, 20), (1, 50, 50), (1, 27, 27), (40, 40, 1)])
def test_a_survey_gives_the_multiplier_with_its_interval(world, told, asked, likely):
    row = survey(world, told, asked, issue=world.charged, channel="email")
    assert row.likely == likely
    assert 1 <= row.low <= row.likely <= row.high
    assert row.low < row.high
    assert row.population == f"{asked} asked, {told} had told us"


@pytest.mark.parametrize(("told", "asked", "said"), [(0, 40, "unknown"), (3, 2, "asked"), (0, 0, "asked")])
def test_a_survey_nobody_answered_with_yes_sets_nothing(world, told, asked, said):
    with pytest.raises(Invalid, match=said):
        survey(world, told, asked)
    assert not Assumption.objects.exists()


def test_a_survey_is_entered_on_the_page(world, sign_in):
    client = sign_in(world.cast.nils)
    sent = {"asked": 100, "told": 5, "source": "Problem survey", "dated_on": "2026-01-05"}
    assert client.post(reverse("assumptions"), sent | {"told": 0}).status_code == 422
    assert client.post(reverse("assumptions"), sent).status_code == 302
    assert Assumption.objects.get().likely == 20


def test_an_agent_sets_no_number(world):
    with pytest.raises(NotAllowed):
        services.set_assumption(
            parameter="customer_value", low=Decimal(1), likely=Decimal(1), high=Decimal(1), source="x",
            dated_on=TODAY, by=world.cast.ana, at=NOW,
        )  # fmt: skip
    assert not Assumption.objects.exists()


def test_the_most_precise_number_holds(world):
    assume(world, "multiplier", 1, 2, 3)
    assume(world, "multiplier", 1, 4, 9, channel="phone")
    assume(world, "multiplier", 1, 6, 9, segment="Business")
    assume(world, "multiplier", 1, 8, 9, issue=world.charged)
    model = money_model(NOW)
    chosen = {
        ("", ""): 2, ("phone", ""): 4, ("phone", "Business"): 6, ("email", "Business"): 6, ("email", ""): 2,
    }  # fmt: skip
    for (channel, segment), likely in chosen.items():
        assert model.row("multiplier", world.late.pk, channel, segment).likely == likely
    assert model.row("multiplier", world.charged.pk, "phone", "Business").likely == 8
