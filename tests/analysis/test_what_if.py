"""Numbers are tried out in the address of the analysis page, show at once what they change, and can be kept."""

from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis import services, what_if
from apps.analysis.figures import Asked
from apps.analysis.models import Assumption, Case
from apps.analysis.queries.figures import figures
from apps.analysis.queries.overview import overview
from apps.analysis.what_if import Supposed
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import NOW

DEARER = "customer_value:100:120:160"


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def damage(assume=""):
    return figures(Asked(assume=assume), at=NOW).figures


def typed(**numbers):
    return {f"{name}_{end}": value for name, ends in numbers.items()
            for end, value in zip(("low", "likely", "high"), ends, strict=True)}  # fmt: skip


# --- the words of the address


def test_what_is_written_is_read_again():
    assert what_if.written(what_if.read(DEARER)) == DEARER
    assert what_if.read("") == ()


def test_the_order_is_that_of_the_model_and_a_number_stands_once():
    read = what_if.read("loss_silent:0:0.1:1,customer_value:1:2:3,customer_value:2:3:4")
    assert what_if.written(read) == "customer_value:2:3:4,loss_silent:0:0.1:1"


@pytest.mark.parametrize(
    "wrong",
    ["customer_value:3:2:1", "customer_value:1:2", "mood:1:2:3", "loss_silent:0:0.5:2", "multiplier:0.5:1:2",
     "customer_value:a:b:c", "customer_value:NaN:1:2", "customer_value:1:2:1e99", "customer_value:1:2:3.00001"],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        what_if.read(wrong)


# --- the figures


def test_a_customer_worth_twice_as_much_puts_twice_as_much_at_risk(weighed):
    before, after = damage(), damage(DEARER)
    assert float(after.damage.money.likely) == pytest.approx(2 * float(before.damage.money.likely), rel=0.01)
    assert after.what_if.stored.money == before.damage.money
    assert before.what_if is None


def test_worths_add_up_to_the_whole(weighed):
    found = damage().damage
    assert sum(worth.likely for worth in found.worths) == pytest.approx(
        found.money.likely, abs=Decimal("0.05")
    )


def test_each_number_says_what_it_changes_and_all_together_the_whole(weighed):
    found = damage(f"{DEARER},multiplier:4:6:9,loss_silent:0.01:0.02:0.03")
    steps = found.what_if.steps
    assert [step.parameter for step in steps] == ["customer_value", "multiplier", "loss_silent"]
    change = float(found.damage.money.likely - found.what_if.stored.money.likely)
    assert sum(step.change for step in steps) == pytest.approx(change, abs=0.05)
    assert steps[0].change > 0 > steps[2].change


def test_ranges_of_issues_follow_what_is_tried(weighed):
    before = {row.label: row.money for row in figures(Asked(), at=NOW).figures.issues}
    after = {row.label: row.money for row in figures(Asked(assume=DEARER), at=NOW).figures.issues}
    assert after["Charged twice"].likely > before["Charged twice"].likely


def test_the_address_carries_what_is_tried_and_computes_the_same(weighed):
    found = figures(Asked(assume=DEARER), at=NOW)
    assert "assume=customer_value" in found.provenance.address
    assert figures(Asked(assume=DEARER), at=NOW).provenance.digest == found.provenance.digest
    assert "assume" not in figures(Asked(), at=NOW).provenance.address


def test_trying_costs_no_query(weighed):
    def queries(**asked):
        with CaptureQueriesContext(connection) as found:
            overview(asked=Asked(**asked), at=NOW, user_cases=Case.objects.all())
        return len(found)

    assert queries() == queries(assume=DEARER)


# --- the page


def test_what_is_typed_becomes_the_address_and_shows_its_change(weighed, sign_in):
    client = sign_in(weighed.cast.nils)
    answer = client.get(reverse("analysis"), {"days": "30", **typed(customer_value=("100", "120", "160"))})
    assert answer.status_code == 302
    assert "assume=customer_value%3A100%3A120%3A160" in answer.url
    assert "days=30" in answer.url
    text = unescape(client.get(answer.url).content.decode())
    assert "more a year is at risk" in text
    assert "Keep as assumption" in text


def test_the_kept_numbers_typed_again_are_nothing_tried(weighed, sign_in):
    kept = typed(customer_value=("50", "60", "80"), multiplier=("2", "3", "5"))
    assert "assume" not in sign_in(weighed.cast.nils).get(reverse("analysis"), kept).url


def test_numbers_out_of_order_come_back_with_what_was_typed(weighed, sign_in):
    answer = sign_in(weighed.cast.nils).get(reverse("analysis"), typed(customer_value=("9", "8", "7")))
    assert answer.status_code == 422
    text = unescape(answer.content.decode())
    assert "in order" in text
    assert 'value="9"' in text


def test_an_owner_may_try_and_not_keep(weighed, sign_in):
    client = sign_in(weighed.cast.omar)
    text = client.get(reverse("analysis"), {"assume": DEARER}).content.decode()
    assert "more a year is at risk" in text
    assert "Keep as assumption" not in text
    before = Assumption.objects.count()
    answer = client.post(
        f"{reverse('keep_assumptions')}?assume={DEARER}", {"source": "x", "dated_on": "2026-01-01"}
    )
    assert (answer.status_code, Assumption.objects.count()) == (403, before)


# --- keeping


def test_what_is_kept_is_a_dated_row_with_its_source(weighed, sign_in):
    client, before = sign_in(weighed.cast.nils), damage()
    answer = client.post(
        f"{reverse('keep_assumptions')}?days=30&assume={DEARER}",
        {"source": "Finance", "dated_on": "2026-01-01"},
    )
    assert answer.status_code == 302
    assert "days=30" in answer.url
    assert "assume" not in answer.url
    row = Assumption.objects.filter(parameter="customer_value").latest("pk")
    assert (row.likely, row.source, row.set_by) == (120, "Finance", weighed.cast.nils)
    assert damage().damage.money.likely == pytest.approx(2 * before.damage.money.likely, rel=Decimal("0.01"))


@pytest.mark.parametrize("sent", [{"dated_on": "2026-01-01"}, {"source": "Finance"}])
def test_nothing_is_kept_without_source_and_date(weighed, sign_in, sent):
    before = Assumption.objects.count()
    answer = sign_in(weighed.cast.nils).post(f"{reverse('keep_assumptions')}?assume={DEARER}", sent)
    assert (answer.status_code, Assumption.objects.count()) == (422, before)


def test_nothing_tried_is_nothing_to_keep(weighed, sign_in):
    given = {"source": "x", "dated_on": NOW.date(), "at": NOW}
    with pytest.raises(Invalid):
        services.keep_assumptions(numbers=(), by=weighed.cast.nils, **given)
    number = Supposed("customer_value", Decimal(1), Decimal(2), Decimal(3))
    with pytest.raises(NotAllowed):
        services.keep_assumptions(numbers=[number], by=weighed.cast.ana, **given)


# --- files


@pytest.mark.parametrize("name", ["pareto", "trend", "at_risk", "what_if"])
def test_every_chart_of_the_page_has_its_files(weighed, sign_in, name):
    client = sign_in(weighed.cast.nils)
    for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b""), ("xlsx", b"PK")):
        answer = client.get(reverse("analysis_chart", args=[name, kind]), {"assume": DEARER})
        assert answer.status_code == 200, kind
        assert answer.content.startswith(begins)
    assert sign_in(weighed.cast.ana).get(reverse("analysis_chart", args=[name, "png"])).status_code == 403
