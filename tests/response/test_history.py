"""What happened to a ticket, in sentences, by kind and by person."""

import pytest
from django.utils.translation import override

from apps.response import queries, services
from apps.response.links.services import add_link
from apps.response.queries.history_sentences import SENTENCES, Names
from tests.factories import NOW, make_issue, make_product, make_ticket, make_token
from tests.response.pages import count_queries


@pytest.fixture
def busy(cast):
    """A ticket to which much happened."""
    ticket = make_ticket(cast)
    by = {"by": cast.ana, "at": NOW}
    services.assign(ticket=ticket, assignee=cast.ana, **by)
    services.assign(ticket=ticket, assignee=cast.lena, **by)
    services.rate(ticket=ticket, severity=1, **by)
    services.describe(ticket=ticket, product=make_product(), tags=("vip", "loud"), **by)
    services.describe(ticket=ticket, product=None, tags=("vip",), **by)
    services.classify(ticket=ticket, issue=make_issue(), **by)
    services.hold(ticket=ticket, waiting_on="waiting_owner", reason="Stock", **by)
    add_link(ticket=ticket, other=make_ticket(cast), as_="blocks", **by)
    services.solve(ticket=ticket, by=cast.lena, at=NOW)
    services.merge(ticket=ticket, into=make_ticket(cast), by=cast.lena, at=NOW)
    return ticket


def test_each_change_says_what_it_was_before(cast, busy):
    said = "\n".join(moment.text for moment in queries.history(busy))
    for words in (
        "Given to Ana", "Given to Lena (before: Ana)", "Severity Normal to Critical", "tagged vip, loud",
        "product no product → Lamp", "product Lamp → no product", "tag loud taken off", "Coded as Charged twice",
        "Waiting on owner (before: new): Stock", "Blocks #", "Solved (before: waiting on owner)", "Merged into #",
    ):  # fmt: skip
        assert words in said


def test_the_history_is_narrowed_by_kind_and_by_person(cast, busy, ana):
    kinds = {moment.kind for moment in queries.past(busy, group="people").moments}
    assert kinds == {"ticket.assigned"}
    assert {moment.who for moment in queries.past(busy, by=cast.lena.pk).moments} == {"Lena"}
    page = ana.get(f"/t/{busy.pk}/history/?kind=ties&by={cast.lena.pk}").content.decode()
    assert ("Merged into" in page, "Blocks #" in page, "Given to" in page) == (True, False, False)


def test_the_history_costs_the_same_for_one_change_and_for_twenty(cast, ana):
    few, many = make_ticket(cast), make_ticket(cast)
    services.rate(ticket=few, severity=1, by=cast.ana, at=NOW)
    for number in range(20):
        services.rate(ticket=many, severity=1 + number % 2, by=cast.ana, at=NOW)
    assert count_queries(ana, f"/t/{few.pk}/history/") == count_queries(ana, f"/t/{many.pk}/history/") <= 9


def test_a_program_reads_the_history(cast, busy, client):
    headers = {"Authorization": f"Bearer {make_token(cast.robot)}"}
    path = f"/api/v1/tickets/{busy.pk}/history/"
    found = client.get(f"{path}?group=people", headers=headers).json()
    assert [one["text"] for one in found["moments"]] == ["Given to Lena (before: Ana)", "Given to Ana"]
    assert client.get(f"{path}?group=nothing", headers=headers).status_code == 422
    assert client.get(f"{path}?by=x", headers=headers).status_code == 422


def test_a_german_history_holds_no_word_of_the_source():
    """Codes, moments and money of events are in the reader's words, as the sentence around them is."""
    names = Names(people={1: "Ana"}, departments={}, issues={}, products={})
    said = {
        "ticket.opened": ({"channel": "phone"}, "Eröffnet über Telefon"),
        "ticket.assigned": ({"from": 1, "to": 9}, "An jemand gegeben (vorher: Ana)"),
        "ticket.reopened": ({"from": "waiting_owner", "reason": "We wrote again"},
                            "Wieder geöffnet (vorher: wartet auf Zuständige): Wir haben wieder geschrieben"),
        "clock.breached": ({"kind": "first_reply"}, "Frist „Erste Antwort“ ist abgelaufen"),
        "remedy.given": ({"remedy": "refund", "amount": "1200.50"}, "Gegeben: Erstattung 1.200,50\u00a0$"),
        "ticket.snoozed": ({"until": "2026-05-07T10:00:00+00:00"}, "Zurückgestellt bis 7. Mai 2026, 10:00"),
        "outcome.told": ({"outcome": "dissatisfied"}, "Der Kunde ist unzufrieden"),
    }  # fmt: skip
    with override("de"):
        assert {kind: SENTENCES[kind](data, names) for kind, (data, _) in said.items()} == {
            kind: words for kind, (_, words) in said.items()
        }
