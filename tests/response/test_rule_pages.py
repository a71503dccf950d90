"""The pages of rules and their API: the same use cases by other doors."""

import pytest

from apps.response.rules import services as rules
from apps.response.rules.models import Rule
from apps.response.rules.services import RuleGiven
from helpdesk.models import Event
from tests.factories import NOW, make_ticket, make_token
from tests.response.pages import count_queries

FORM = {"field": "channel", "operator": "is", "value": "form"}
TAG = {"act": "tag", "value": "seen"}


@pytest.fixture
def ada(cast, sign_in):
    return sign_in(cast.ada)


@pytest.fixture
def rule(cast):
    def make(name="Mark it", department=None, **more):
        given = {"when": "opened", "conditions": {"join": "all", "lines": [FORM]}, "acts": [TAG]} | more
        return rules.save_rule(
            given=RuleGiven(name=name, department=department, **given), by=cast.ada, at=NOW
        )

    return make


def typed(*lines, **more):
    """What a browser sends: lines are (group, field, operator, value)."""
    data = {"name": "Typed", "when": "opened", "g-0-join": "all", "then-tag": "seen", "do": "save"}
    for place, told in enumerate(lines):
        names = ("group", "field", "operator", "value")
        data |= {f"c-{place}-{name}": one for name, one in zip(names, told, strict=True)}
    return data | more


def test_a_rule_is_written_on_a_page_with_a_group_in_it(cast, ada):
    lines = [(0, "channel", "is", ["form", "email"]), (1, "tag", "is", "vip"), (1, "severity", "is", "high")]
    answer = ada.post("/rules/new/", typed(*lines, **{"g-1-join": "any", "stops": "on"}))
    row = Rule.objects.get()
    assert answer.headers["Location"] == f"/rules/{row.pk}/"
    assert row.conditions == {
        "join": "all",
        "lines": [
            {"field": "channel", "operator": "is", "value": "form, email"},
            {"join": "any", "lines": [
                {"field": "tag", "operator": "is", "value": "vip"},
                {"field": "severity", "operator": "is", "value": "high"},
            ]},
        ],
    }  # fmt: skip
    assert (row.acts, row.stops, row.is_active) == ([TAG], True, False)
    page = ada.get(f"/rules/{row.pk}/").content.decode()
    assert "if Channel is Form or E-mail and (Tag is vip or Severity is High)" in page.replace("\n", " ")
    assert 'value="vip"' in page


def test_buttons_add_and_remove_conditions_and_keep_what_was_typed(cast, ada):
    line = (0, "tag", "is", "vip-and-more")
    more = ada.post("/rules/new/", typed(line, do="add:0", **{"then-note": "Half a note"}))
    page = more.content.decode()
    assert more.status_code == 200
    assert 'name="c-1-field"' in page
    assert "vip-and-more" in page
    assert "Half a note" in page
    assert 'value="Typed"' in page
    grouped = ada.post("/rules/new/", typed(line, do="group")).content.decode()
    assert 'name="g-1-join"' in grouped
    less = ada.post("/rules/new/", typed(line, (0, "region", "is", "north"), do="drop:0")).content.decode()
    assert "vip-and-more" not in less
    assert 'value="north"' in less
    assert not Rule.objects.exists()


def test_what_is_wrong_is_said_at_its_line(cast, ada):
    lines = [(0, "tag", "is", "vip"), (0, "created", "more_ago", "ages"), (0, "department", "is", "nowhere")]
    answer = ada.post("/rules/new/", typed(*lines))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="c-0-error"' not in page
    assert "a length of time such as 30m" in page.split('id="c-1-error"')[1][:120]
    assert "short name" in page.split('id="c-2-error"')[1][:120]
    assert 'value="ages"' in page
    nothing = ada.post("/rules/new/", typed(**{"then-tag": ""}))
    assert nothing.status_code == 422
    assert "Choose what to do" in nothing.content.decode()
    assert not Rule.objects.exists()


def test_a_rule_is_tried_on_its_page_and_nothing_is_kept(cast, ada):
    ticket = make_ticket(cast)
    events = Event.objects.count()
    page = ada.post("/rules/new/", typed((0, "channel", "is", "form"), do="try")).content.decode()
    assert "Of 1 tickets it would have looked at, 1 fit" in page
    assert f"/t/{ticket.pk}/" in page
    assert Event.objects.count() == events
    assert not Rule.objects.exists()


def test_its_page_tells_what_became_of_it(cast, ada, rule, obeyed):
    row = rules.switch_rule(rule=rule(), on=True, by=cast.ada, at=NOW)
    ticket = make_ticket(cast)
    obeyed()
    page = ada.get(f"/rules/{row.pk}/").content.decode()
    assert "It fitted 1 time." in page
    assert f'<a href="/t/{ticket.pk}/rules/">#{ticket.pk} Charged twice</a>' in page


def test_the_list_takes_as_many_queries_for_one_rule_as_for_many(cast, ada, rule):
    rule()
    one = count_queries(ada, "/rules/")
    for number in range(8):
        rule(f"Rule {number}", acts=[TAG, {"act": "assign", "value": cast.ana.pk}])
    rule("Another", acts=[{"act": "assign", "value": cast.lena.pk}])
    assert count_queries(ada, "/rules/") <= one + 1


def test_the_order_switch_copy_and_removal_are_buttons(cast, ada, rule):
    first, second = rule("First"), rule("Second")
    ada.post(f"/rules/{second.pk}/change/", {"act": "up"})
    assert list(Rule.objects.all()) == [second, first]
    ada.post(f"/rules/{first.pk}/change/", {"act": "on"})
    assert Rule.objects.get(pk=first.pk).is_active
    ada.post(f"/rules/{first.pk}/change/", {"act": "copy"})
    assert Rule.objects.filter(name="First (copy 1)").exists()
    ada.post(f"/rules/{first.pk}/change/", {"act": "remove"})
    assert not Rule.objects.filter(pk=first.pk).exists()


def test_a_lead_changes_the_rules_of_their_department_and_reads_the_others(cast, sign_in, rule):
    lena, ana = sign_in(cast.lena), sign_in(cast.ana)
    own, whole = rule("Own", department=cast.billing), rule("Whole")
    theirs = rule("Theirs", department=cast.shipping)
    assert [lena.get(f"/rules/{row.pk}/").status_code for row in (own, whole, theirs)] == [200, 200, 404]
    assert lena.post(f"/rules/{whole.pk}/change/", {"act": "on"}).status_code == 403
    assert lena.post(f"/rules/{own.pk}/change/", {"act": "on"}).status_code == 302
    assert (
        lena.post("/rules/new/", typed((0, "tag", "is", "vip"), department=cast.billing.pk)).status_code
        == 302
    )
    assert ana.get("/rules/").status_code == 403
    assert list(Rule.objects.filter(is_active=True)) == [own]


def test_versions_are_shown_and_restored_on_pages(cast, ada, rule):
    row = rule()
    ada.post(f"/rules/{row.pk}/", typed((0, "tag", "is", "vip")))
    page = ada.get(f"/rules/{row.pk}/versions/").content.decode()
    assert "Channel is Form" in page
    number = page.split("/versions/")[1].split("/restore/")[0]
    ada.post(f"/rules/{row.pk}/versions/{number}/restore/")
    assert Rule.objects.get().name == "Mark it"


def test_a_ticket_tells_what_rules_did_to_it(cast, sign_in, rule):
    rules.switch_rule(rule=rule(), on=True, by=cast.ada, at=NOW)
    ticket, other = make_ticket(cast), make_ticket(cast, channel="phone")
    for event in Event.objects.filter(kind="ticket.opened"):
        rules.obey(event=event, by=cast.system, at=NOW)
    ana = sign_in(cast.ana)
    page = ana.get(f"/t/{ticket.pk}/rules/").content.decode()
    assert "Mark it" in page
    assert "Tag “seen”" in page
    assert "Mark it" not in ana.get(f"/t/{other.pk}/rules/").content.decode()
    assert "Did not fit" in ana.get(f"/t/{other.pk}/rules/?show=all").content.decode()
    assert sign_in(cast.mallory).get(f"/t/{ticket.pk}/rules/").status_code == 404


def test_programs_do_all_of_it(cast, client):
    auth = {"Authorization": f"Bearer {make_token(cast.robot)}"}

    def ask(method, path, data=None, status=200):
        answer = getattr(client, method)(
            f"/api/v1/{path}", data, content_type="application/json", headers=auth
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    given = {"name": "By program", "when": "opened", "acts": [TAG],
             "conditions": {"join": "all", "lines": [FORM]}}  # fmt: skip
    ticket = make_ticket(cast)
    tried = ask("post", "rules/try/", given)
    assert (tried["looked"], tried["fitted"], tried["shown"][0]["ticket"]) == (1, 1, ticket.pk)
    made = ask("post", "rules/", given, 201)
    number = made["id"]
    assert made["told"] == "When a ticket is opened, if Channel is Form: Tag “seen”"
    wrong = given | {"name": "B", "conditions": {"join": "all", "lines": [FORM | {"value": "fax"}]}}
    problem = ask("post", "rules/", wrong, 422)
    assert "conditions/lines/0" in str(problem)
    ask("post", "rules/", given | {"colour": "red"}, 422)
    assert ask("patch", f"rules/{number}/", {"is_active": True, "stops": True})["is_active"]
    rules.obey(event=Event.objects.get(kind="ticket.opened"), by=cast.system, at=NOW)
    (trace,) = ask("get", f"tickets/{ticket.pk}/rules/")["data"]
    assert trace["looks"][0]["outcome"] == "done"
    assert ask("get", "rules/")["data"][0]["figures"]["fitted"] == 1
    assert ask("post", f"rules/{number}/copy/", status=201)["name"] == "By program (copy 1)"
    ask("post", f"rules/{number}/move/", {"way": "later"})
    versions = ask("get", f"rules/{number}/versions/")["data"]
    ask("post", f"rules/{number}/versions/{versions[-1]['number']}/restore/")
    assert not Rule.objects.get(pk=number).stops
    ask("delete", f"rules/{number}/", status=204)
    ask("get", f"rules/{number}/", status=404)
