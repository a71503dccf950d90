from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.analysis import services
from apps.analysis.models import Case, CaseTicket, OwnerLink, OwnershipRule, Signal
from helpdesk.models import Event
from tests.analysis.world import TODAY, day_before, sow, sow_quiet
from tests.factories import NOW, make_issue, make_ticket, make_user


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch):
    """The doors look at the clock; in these tests it stands still."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def counted(world):
    sow_quiet(world, days=200)
    services.count_days(first=day_before(200), last=day_before(1), at=NOW)
    return world


def make_case(world, title="Charged twice", **fields):
    case = services.open_case(issue=world.charged, title=title, by=world.cast.nils, at=NOW)
    services.describe_case(
        case=case,
        title=title,
        statement="Since May",
        is_text="Cards",
        is_not_text="Transfers",
        severity=2,
        money_note="No figures",
        by=world.cast.nils,
        at=NOW,
    )
    return Case.objects.get(pk=case.pk)


def route(world, case):
    services.route_case(case=case, by=world.cast.nils, at=NOW)
    return Case.objects.get(pk=case.pk)


def make_signal(number=0, **fields):
    return Signal.objects.create(
        **{
            "kind": "surge",
            "label": f"Line {number}",
            "value": str(number),
            "dimension": "region",
            "sentence": "More.",
            "detector": "x",
            "started_on": TODAY,
            "window_start": TODAY,
            "window_end": TODAY,
            "observed": 9,
            "expected": 3,
            "ratio": 3,
            "excess": 6,
            "first_seen_on": TODAY,
            "last_seen_on": TODAY,
            "weekly": [1, 2, 9],
        }
        | fields
    )


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


# --- what each page shows, and what it costs


def test_the_inbox_costs_the_same_for_one_signal_and_for_twenty(counted, sign_in):
    client = sign_in(counted.cast.nils)
    ticket = make_ticket(counted.cast, body="Call me on +49 170 1234567, says zoe@customer.test")
    make_signal(examples=[ticket.pk])
    one = queries_of(client, reverse("signals"))
    for number in range(1, 20):
        make_signal(number, examples=[ticket.pk])
    assert queries_of(client, reverse("signals")) == one <= 10
    page = client.get(reverse("signals")).content.decode()
    assert "[phone]" in page
    assert "1234567" not in page


def test_the_board_costs_the_same_for_one_case_and_for_twenty(counted, sign_in):
    client = sign_in(counted.cast.nils)
    make_case(counted)
    one = queries_of(client, reverse("board"))
    for number in range(19):
        make_case(counted, title=f"Case {number}")
    assert queries_of(client, reverse("board")) == one <= 8


def test_a_case_page_costs_the_same_however_much_hangs_on_it(counted, sign_in):
    cast, case = counted.cast, route(counted, make_case(counted))
    services.accept_case(case=case, by=cast.omar, at=NOW)
    client = sign_in(cast.omar)
    services.add_cause(case=case, text="A", cause_class="product", by=cast.omar, at=NOW)
    one = queries_of(client, reverse("case", kwargs={"number": case.pk}))
    for number in range(20):
        services.add_cause(case=case, text=f"B{number}", cause_class="product", by=cast.omar, at=NOW)
    assert queries_of(client, reverse("case", kwargs={"number": case.pk})) == one <= 32


def test_needs_you_costs_the_same_for_one_thing_and_for_twenty(counted, sign_in):
    client = sign_in(counted.cast.omar)
    route(counted, make_case(counted))
    one = queries_of(client, reverse("needs_you"))
    for number in range(19):
        route(counted, make_case(counted, title=f"Case {number}"))
    assert queries_of(client, reverse("needs_you")) == one <= 10


def test_the_analysis_shows_every_issue_and_what_nobody_coded(counted, sign_in):
    sow(counted, None, {(30, 0): 1.0}, seed=9)
    services.find_signals(by=counted.cast.system, at=NOW)
    page = sign_in(counted.cast.nils).get(reverse("analysis")).content.decode()
    for word in ("Charged twice", "Uncoded", "issue%3Ainvoice%2Fcharged-twice"):
        assert word in page
    table = sign_in(counted.cast.nils).get(reverse("pareto_csv")).content.decode()
    assert table.splitlines()[0].startswith("issue,path,tickets")
    assert "Uncoded" in table


def test_the_analysis_says_which_assumptions_are_missing(counted, sign_in):
    page = sign_in(counted.cast.nils).get(reverse("analysis") + "?by=money").content.decode()
    assert "Money at risk is not known yet" in page


def test_the_analysis_of_an_empty_desk_says_what_to_do(world, sign_in):
    assert "Nothing is counted yet" in sign_in(world.cast.nils).get(reverse("analysis")).content.decode()
    for name in ("signals", "board"):
        assert sign_in(world.cast.nils).get(reverse(name)).status_code == 200
    assert "Nothing waits for you" in sign_in(world.cast.omar).get(reverse("needs_you")).content.decode()


# --- who may


@pytest.mark.parametrize("name", ["signals", "board", "analysis", "assumptions", "new_case"])
def test_an_agent_has_no_business_in_the_loop_pages(world, sign_in, name):
    assert sign_in(world.cast.ana).get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302


def test_a_stranger_does_not_learn_that_a_case_exists(counted, sign_in, cast):
    case = make_case(counted)
    other = make_user("olga", "owner", cast.shipping)
    url = reverse("case", kwargs={"number": case.pk})
    assert sign_in(other).get(url).status_code == 404
    assert sign_in(other).post(f"{url}describe/", {"title": "x"}).status_code == 404
    assert str(case.title) not in sign_in(other).get(reverse("board")).content.decode()


# --- acting


def test_the_owner_accepts_on_the_page(counted, sign_in):
    case = route(counted, make_case(counted))
    url = reverse("act_on_case", kwargs={"number": case.pk, "name": "accept"})
    assert sign_in(counted.cast.omar).post(url, {"until": str(TODAY + timedelta(days=7))}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("investigating", TODAY + timedelta(days=7))


def test_a_wrong_form_comes_back_with_the_page_and_what_was_typed(counted, sign_in):
    case = route(counted, make_case(counted))
    url = reverse("act_on_case", kwargs={"number": case.pk, "name": "reject"})
    answer = sign_in(counted.cast.omar).post(url, {"reason": "not_ours", "note": "Ask shipping, please"})
    assert answer.status_code == 422
    assert "Name the department" in answer.content.decode()
    assert "Ask shipping, please" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "routed"


def test_a_signal_becomes_a_case_with_one_press(counted, sign_in):
    signal = make_signal(issue=counted.charged, dimension="", value="")
    answer = sign_in(counted.cast.nils).post(reverse("promote_signal", kwargs={"number": signal.pk}))
    assert answer.url == reverse("case", kwargs={"number": Case.objects.get().pk})


def test_a_get_changes_nothing(counted, sign_in):
    case = route(counted, make_case(counted))
    url = reverse("act_on_case", kwargs={"number": case.pk, "name": "accept"})
    assert sign_in(counted.cast.omar).get(url).status_code == 405
    assert sign_in(counted.cast.nils).get(reverse("run_analysis")).status_code == 405


def test_every_act_that_is_offered_renders_its_form(counted, sign_in):
    """In each state, for the analyst and for the owner."""
    cast, case = counted.cast, make_case(counted)
    ada = sign_in(cast.ada)
    url = reverse("case", kwargs={"number": case.pk})
    assert "Route to the owner" in ada.get(url).content.decode()
    case = route(counted, case)
    assert "Accept the risk" in sign_in(cast.omar).get(url).content.decode()
    services.accept_case(case=case, by=cast.omar, at=NOW)
    cause = services.add_cause(case=case, text="A", cause_class="product", by=cast.omar, at=NOW)
    services.add_cause(case=case, text="B", path="escape", cause_class="process", by=cast.omar, at=NOW)
    assert "What does the evidence say?" in sign_in(cast.omar).get(url).content.decode()
    services.judge_cause(cause=cause, state="verified", evidence="E", by=cast.omar, at=NOW)
    services.begin_planning(case=case, by=cast.omar, at=NOW)
    services.add_action(case=case, title="Do", strength="weak", by=cast.omar, at=NOW)
    page = sign_in(cast.omar).get(url).content.decode()
    assert "a week a cut of" in page
    assert "All actions rest on people remembering" in page


# --- the owner's link


@pytest.fixture
def linked(counted):
    case = route(counted, make_case(counted))
    return counted, case, services.make_link(case=case, user=counted.cast.omar, at=NOW)


def test_the_link_opens_the_case_without_an_account_and_its_button_works(linked):
    world, _case, key = linked
    page = Client().get(reverse("owner_page", kwargs={"key": key}))
    assert page.status_code == 200
    assert "Charged twice" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    answer = Client().post(reverse("act_by_link", kwargs={"key": key, "name": "accept"}), {})
    assert answer.status_code == 302
    assert Event.objects.get(kind="case.accepted").by == world.cast.omar


def test_looking_at_the_link_answers_nothing(linked):
    _, case, key = linked
    Client().get(reverse("owner_page", kwargs={"key": key}))
    page = Client().get(reverse("act_by_link", kwargs={"key": key, "name": "accept"}))
    assert page.content.decode().count('type="submit"') == 1
    assert Case.objects.get(pk=case.pk).state == "routed"


@pytest.mark.parametrize("change", ["forged", "expired", "revoked", "handed on", "left"])
def test_a_link_that_no_longer_holds_opens_nothing(linked, change, cast):
    _, case, key = linked
    if change == "forged":
        key = key[:-2] + ("aa" if key[-2:] != "aa" else "bb")
    elif change == "expired":
        OwnerLink.objects.update(expires_at=NOW - timedelta(seconds=1))
    elif change == "revoked":
        services.revoke_links(case=case, at=NOW)
    elif change == "handed on":
        Case.objects.update(owner=make_user("olga", "owner", cast.shipping), owner_department=cast.shipping)
    else:
        type(cast.omar).objects.filter(pk=cast.omar.pk).update(is_active=False)
    for answer in (
        Client().get(reverse("owner_page", kwargs={"key": key})),
        Client().post(reverse("act_by_link", kwargs={"key": key, "name": "accept"}), {}),
    ):
        assert answer.status_code == 403
        assert "Charged twice" not in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "routed"


def test_a_link_reaches_only_its_own_case_and_only_the_owners_acts(linked):
    world, _case, key = linked
    other = make_case(world, title="Secret of others")
    theirs = CaseTicket.objects.filter(case=other).first()
    answer = Client().post(
        reverse("act_by_link", kwargs={"key": key, "name": "exclude"}), {"evidence": theirs.pk}
    )
    assert answer.status_code == 422
    for name in ("route", "close", "confirm-action", "describe"):
        assert Client().post(reverse("act_by_link", kwargs={"key": key, "name": name}), {}).status_code == 404
    assert "Secret of others" not in Client().get(reverse("owner_page", kwargs={"key": key})).content.decode()


def test_not_this_issue_takes_a_quote_out_of_the_case(linked):
    _, case, key = linked
    row = case.evidence.first()
    Client().post(reverse("act_by_link", kwargs={"key": key, "name": "exclude"}), {"evidence": row.pk})
    row.refresh_from_db()
    assert row.excluded_at is not None


# --- beside a ticket


def test_the_panel_shows_the_known_error_and_links_the_ticket(counted, sign_in):
    ticket = make_ticket(counted.cast)
    ticket.primary_issue = counted.charged
    ticket.save()
    case = make_case(counted)
    services.publish_workaround(
        case=case, workaround="Refund the second booking", by=counted.cast.nils, at=NOW
    )
    ana = sign_in(counted.cast.ana)
    page = ana.get(reverse("rca_panel", kwargs={"number": ticket.pk})).content.decode()
    assert "Refund the second booking" in page
    assert reverse("case", kwargs={"number": case.pk}) not in page  # agents see the name, not the case
    ana.post(reverse("link_case", kwargs={"number": ticket.pk}), {"case": case.pk})
    assert CaseTicket.objects.get(ticket=ticket).how == "hand"


def test_an_agent_raises_a_case_from_a_ticket(counted, sign_in):
    ticket = make_ticket(counted.cast)
    url = reverse("flag_case", kwargs={"number": ticket.pk})
    assert sign_in(counted.cast.ana).post(url, {"title": "Bookings twice, every month"}).status_code == 302
    assert Case.objects.get().state == "new"
    assert sign_in(counted.cast.mallory).post(url, {"title": "x"}).status_code == 404
    assert Case.objects.count() == 1


def test_assumptions_are_taken_over_with_their_source(world, sign_in):
    client = sign_in(world.cast.nils)
    assert client.post(reverse("assumptions"), {"name": "loyalty-large-loss"}).status_code == 302
    assert "TARP" in client.get(reverse("assumptions")).content.decode()
    given = {
        "parameter": "customer_value",
        "low": 5,
        "likely": 3,
        "high": 9,
        "source": "x",
        "dated_on": "2026-01-01",
    }
    assert client.post(reverse("assumptions"), given).status_code == 422
    assert client.post(reverse("assumptions"), given | {"likely": 7}).status_code == 302


def test_an_uncoded_cluster_is_made_a_case_with_its_tickets(counted, sign_in):
    make_issue("other")
    ticket = make_ticket(counted.cast)
    signal = make_signal(kind="emerging", dimension="words", value="lid, hinge", examples=[ticket.pk])
    case = services.promote_signal(signal=signal, by=counted.cast.nils, at=NOW)
    assert list(case.evidence.values_list("ticket", "how")) == [(ticket.pk, "model")]
    assert sign_in(counted.cast.nils).get(reverse("case", kwargs={"number": case.pk})).status_code == 200


@pytest.mark.parametrize("asked", ["RC-{pk}", "charged", "since MAY"])
def test_a_search_finds_cases_by_number_and_words_where_one_may_see_them(counted, sign_in, asked, cast):
    case = make_case(counted)
    url = reverse("case_search") + f"?q={asked.format(pk=case.pk)}"
    assert case.title in sign_in(counted.cast.nils).get(url).content.decode()
    assert sign_in(counted.cast.ana).get(url).status_code == 403
    assert case.title not in sign_in(make_user("olga", "owner", cast.shipping)).get(url).content.decode()


def test_an_ownership_rule_is_added_and_removed(world, sign_in):
    client = sign_in(world.cast.nils)
    url = reverse("ownership")
    assert "No rule yet" in client.get(url).content.decode()
    given = {"issue": world.parent.pk, "department": world.cast.billing.pk}
    assert client.post(url, given).status_code == 302
    assert "exactly this" in client.post(url, given).content.decode()
    assert client.post(url, {"department": world.cast.shipping.pk}).status_code == 422  # nobody heads it
    assert client.post(url, {**given, "issue": "", "person": world.cast.ana.pk}).status_code == 422
    client.post(reverse("remove_ownership", kwargs={"number": OwnershipRule.objects.get().pk}))
    assert not OwnershipRule.objects.exists()
    assert sign_in(world.cast.lena).post(url, given).status_code == 403
