import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Case
from apps.analysis.queries.spread import spread_of
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Product, Ticket
from tests.analysis.stages import add_action, fresh, investigating, nothing_happens, planning
from tests.analysis.test_pages import queries_of
from tests.analysis.world import day_before, sow, sow_quiet
from tests.factories import NOW, make_product


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def products(world):
    """The north has lamps, the south has clocks; lamps are charged twice more often."""
    sow_quiet(world, days=60, rate=1.0)
    sow(world, world.charged, {(20, 0): 2.0}, seed=9, regions=("north",))
    lamp, clock = make_product("lamp"), make_product("clock")
    Ticket.objects.filter(region="north").update(product=lamp)
    Ticket.objects.filter(region="south").update(product=clock)
    services.count_days(first=day_before(60), last=day_before(1), at=NOW)
    return lamp, clock


def test_sister_products_stand_with_their_rates_the_highest_first(world, products):
    spread = spread_of(investigating(world), at=NOW)
    assert [one.product.code for one in spread.sisters] == ["lamp", "clock"]
    lamp, clock = spread.sisters
    assert lamp.share > 1.5 * clock.share
    assert lamp.contacts >= lamp.tickets > 0
    assert lamp.check is None


def test_one_click_proposes_the_fix_there_too(world, products):
    case = planning(world)
    add_action(world, case)
    action = services.spread_to(case=case, product=products[1], by=world.cast.omar, at=NOW)
    assert (action.kind, action.state, action.strength) == ("preventive", "proposed", "strong")
    assert action.cause.state == "verified"
    assert spread_of(case, at=NOW).sisters[1].check.action == action


def test_a_sister_that_is_not_concerned_says_why_and_it_stays(world, products):
    case = investigating(world)
    check = services.note_not_concerned(
        case=case, product=products[1], reason="Sold without a card", by=world.cast.omar, at=NOW
    )
    with pytest.raises(InternalError), transaction.atomic():
        check.delete()
    with nothing_happens(case), pytest.raises(Invalid):
        services.note_not_concerned(case=case, product=products[1], reason=" ", by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.note_not_concerned(case=case, product=products[1], reason="x", by=world.cast.ana, at=NOW)


def test_the_product_of_the_case_is_no_sister(world, products):
    case = planning(world)
    Case.objects.filter(pk=case.pk).update(dimension="product", value="lamp")
    with nothing_happens(case), pytest.raises(Invalid):
        services.spread_to(case=fresh(case), product=products[0], by=world.cast.omar, at=NOW)


def test_a_fix_is_taken_elsewhere_once_there_is_one(world, products):
    case = investigating(world)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.spread_to(case=case, product=products[1], by=world.cast.omar, at=NOW)


def test_both_clicks_work_on_the_page(world, products, sign_in):
    case = planning(world)
    client, url = sign_in(world.cast.omar), reverse("spread", kwargs={"number": case.pk})
    one = queries_of(client, url)
    assert client.post(f"{url}spread-action/", {"product": products[0].pk}).status_code == 302
    given = {"product": products[1].pk, "reason": "Sold without a card"}
    assert client.post(f"{url}spread-note/", given).status_code == 302
    page = client.get(url).content.decode()
    assert "not concerned: Sold without a card" in page
    assert f"#action-{case.actions.get().pk}" in page
    for number in range(9):
        Product.objects.create(code=f"p{number}", name=f"P{number}")
    assert queries_of(client, url) == one <= 20
