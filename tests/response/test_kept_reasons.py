"""What rules saw and did, and why something was refused, is kept once and read by everybody in their language."""

import pytest
from django.utils.translation import override

from apps.intake.services import follow_up
from apps.response import services as response
from apps.response.acting import Act
from apps.response.bulk import services as bulk
from apps.response.rules.models import RuleRun
from tests.factories import NOW, make_ticket
from tests.response.ruling import all_of, line
from tests.response.test_sending_later import later


@pytest.fixture
def german(cast, sign_in):
    """An administrator who reads German; what is kept is kept while nobody's language was asked for."""
    cast.ada.language = "de"
    cast.ada.save(update_fields=["language"])
    return sign_in(cast.ada)


def test_what_a_rule_saw_and_did_is_read_in_german(cast, rule, obeyed, german):
    rule(conditions=all_of(line("severity", "is", "normal")))
    ticket = make_ticket(cast)
    obeyed()
    page = german.get(f"/t/{ticket.pk}/rules/").content.decode()
    assert "Schweregrad ist Normal" in page
    assert "Schlagwort „seen“" in page
    assert "Severity" not in page


def test_why_a_rule_did_nothing_is_read_in_german(cast, rule, obeyed, german):
    for name, seen, given in (("Up", "high", 1), ("Down", "critical", 2)):
        acts = [{"act": "rate", "value": given}]
        rule(name, when="rated", conditions=all_of(line("severity", "is", seen)), acts=acts)
    ticket = make_ticket(cast)
    response.rate(ticket=ticket, severity=2, by=cast.ana, at=NOW)
    obeyed()
    page = german.get(f"/t/{ticket.pk}/rules/").content.decode()
    assert "Sie hat in dieser Kette schon gehandelt:" in page
    assert "It has acted" not in page


def test_a_trace_of_before_is_shown_as_it_was_written(cast, rule, obeyed, german):
    row = rule()
    ticket = make_ticket(cast)
    obeyed()
    look = {
        "rule": row.pk, "name": row.name, "outcome": "capped", "join": "all", "why": "Often {enough}.",
        "seen": [{"text": "Channel is {E-mail}", "saw": "Form", "fits": False, "group": 0}],
        "acts": [{"text": "Tag {old}", "changed": True}],
    }  # fmt: skip
    RuleRun.objects.update(looks=[look])
    page = german.get(f"/t/{ticket.pk}/rules/").content.decode()
    assert all(words in page for words in ("Often {enough}.", "Channel is {E-mail}", "Tag {old}"))


def test_why_many_were_refused_or_stay_is_read_in_german(cast, german):
    tickets = [make_ticket(cast) for _ in range(2)]
    response.solve(ticket=tickets[1], by=cast.ana, at=NOW)
    begun = {"numbers": [one.pk for one in tickets], "by": cast.ana, "at": NOW}
    refused = bulk.do_at_once(job=bulk.begin_bulk(acts=[Act("solve")], **begun), at=NOW)
    assert f"#{tickets[1].pk} is “Solved”" in str(refused.rows.get(ticket=tickets[1]).why)
    assert "ist „Gelöst“" in german.get(f"/queue/bulk/{refused.pk}/").content.decode()
    job = bulk.do_at_once(job=bulk.begin_bulk(acts=[Act("rate", 1)], **begun), at=NOW)
    response.rate(ticket=tickets[0], severity=2, by=cast.ana, at=NOW)
    bulk.undo_bulk(job=job, by=cast.ana, at=NOW)
    bulk.do_at_once(job=job, at=NOW)
    why = job.rows.get(ticket=tickets[0]).why
    assert "Somebody changed it since." in str(why)
    with override("de"):
        assert "Jemand hat es inzwischen geändert." in str(why)


def test_why_an_answer_is_held_back_is_read_on_its_ticket_in_german(cast, german, deliver_news):
    ticket = make_ticket(cast)
    later(cast, ticket)
    follow_up(ticket=ticket, body="It came.", by=cast.system, at=NOW)
    deliver_news()
    page = german.get(f"/t/{ticket.pk}/").content.decode()
    assert "Der Kunde hat geschrieben." in page
    assert "Read it, then send this" not in page
