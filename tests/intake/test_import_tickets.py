"""A table of old tickets comes in: fast, complete, and told to nobody."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from apps.intake.bulk import encoded
from apps.intake.columns import read_rows
from apps.intake.models import ImportRun
from apps.intake.services import import_tickets
from helpdesk.errors import NotAllowed
from helpdesk.models import Customer, Event, Message, Ticket, TicketIssue, numbers_matching
from tests.factories import NOW, make_issue, make_product, make_ticket

HEADER = "external_id,subject,body,email,name,created,issue,product,severity,status,channel,tags\n"
ROW = (
    'A-1,Card,"It has\nnot come, and ""soon"" is\tno \\n date"'
    ',Jo@x.test,Jo,2024-02-28 14:30,charged-twice,Lamp,urgent,Closed,web,"a b;c""d"\n'
)


def importing(cast, text, *, by=None, **options):
    refused = []
    run = import_tickets(
        rows=read_rows(io.BytesIO(text.encode())), source="old.csv", by=by or cast.ada, at=NOW, refuse=refused.append,
        progress=lambda rows: None, **options,
    )  # fmt: skip
    return run, [(row.line, row.reason) for row in refused]


def nothing_came_in():
    return not Ticket.objects.exists() and not Event.objects.exists() and not ImportRun.objects.exists()


def test_a_row_becomes_a_ticket_with_all_it_says(cast):
    issue = make_issue(owner=cast.shipping, default_severity=3)
    make_product()
    run, refused = importing(cast, HEADER + ROW)
    ticket = Ticket.objects.get()
    opened = datetime(2024, 2, 28, 14, 30, tzinfo=UTC)
    assert refused == []
    assert (run.imported, run.state) == (1, "done")
    assert (ticket.external_id, ticket.subject, ticket.status, ticket.severity, ticket.channel) == (
        "A-1", "Card", "closed", 1, "form",
    )  # fmt: skip
    assert (ticket.opened_at, ticket.solved_at, ticket.closed_at, ticket.occurred_at) == (opened,) * 4
    assert (ticket.department, ticket.primary_issue, ticket.product.code) == (cast.shipping, issue, "lamp")
    assert ticket.tags == ["a b", 'c"d']
    assert (ticket.customer.email, ticket.customer.name) == ("jo@x.test", "Jo")
    message = ticket.messages.get()
    assert message.body == 'It has\nnot come, and "soon" is\tno \\n date'
    coded = TicketIssue.objects.get()
    assert (coded.issue, coded.source, coded.is_primary, coded.at) == (issue, "import", True, opened)


def test_what_came_in_is_told_to_nobody_and_is_found(cast):
    importing(cast, HEADER + "A-1,Card,The parcel is lost\n")
    event = Event.objects.get()
    assert (event.kind, event.owes, event.ticket) == ("ticket.opened", [], Ticket.objects.get())
    assert len(numbers_matching("parcels", notes=False)) == 1


def test_columns_of_the_model_that_no_file_knows_have_their_defaults(cast):
    importing(cast, "subject\nCard\n")
    ticket, made = Ticket.objects.get(), make_ticket(cast)
    same = ("outcome", "remedy_wanted", "attempts_before", "custom", "tags", "would_buy_again", "language")
    assert [getattr(ticket, name) for name in same] == [getattr(made, name) for name in same]


def test_a_known_customer_stays_as_known_and_gives_segment_and_region(cast):
    importing(
        cast, "subject,email,name,segment\nCard,ZOE@customer.test,Somebody,office\nCard,zoe@customer.test,,\n"
    )
    assert Customer.objects.get(pk=cast.zoe.pk).segment == "home"
    assert list(Ticket.objects.order_by("pk").values_list("customer", "segment", "region")) == [
        (cast.zoe.pk, "office", "north"), (cast.zoe.pk, "home", "north"),
    ]  # fmt: skip


def test_rows_without_an_address_are_people_of_their_own(cast):
    importing(cast, "subject,name\nCard,Jo\nCard,Jo\nCard,\n")
    assert Ticket.objects.values("customer").distinct().count() == 3


def test_a_second_run_brings_in_only_what_is_new(cast):
    importing(cast, HEADER + "A-1,Card\nA-2,Card\n")
    run, _ = importing(cast, HEADER + "A-1,Card\nA-2,Card\nA-3,Card\nA-3,Card again\n")
    assert (run.imported, run.known) == (1, 3)
    assert Ticket.objects.count() == Message.objects.count() == 3


def test_json_lines_come_in_too(cast):
    lines = "\n".join(
        json.dumps({"subject": f"Card {n}", "tags": ["a,b"], "createdAt": NOW.isoformat()}) for n in range(3)
    )
    importing(cast, lines)
    assert Ticket.objects.filter(tags=["a,b"]).count() == 3


def test_numbers_of_tickets_that_come_later_do_not_collide(cast):
    importing(cast, "subject\nCard\nCard\n")
    assert make_ticket(cast).pk > max(Ticket.objects.filter(channel="import").values_list("pk", flat=True))


def test_old_events_get_partitions_of_their_months(cast):
    importing(cast, "subject,created\nCard,2019-03-05\n")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM helpdesk_event")
        assert cursor.fetchone()[0] == "helpdesk_event_2019_03"


def test_batches_go_on_after_one_another(cast, monkeypatch):
    from importlib import import_module

    monkeypatch.setattr(import_module("apps.intake.services.import_tickets"), "BATCH", 2)
    seen = []
    import_tickets(
        rows=read_rows(io.BytesIO(b"subject,id\n" + b"".join(b"Card,%d\n" % (n % 5) for n in range(7)))), source="x",
        by=cast.ada, at=NOW, refuse=print, progress=seen.append,
    )  # fmt: skip
    assert seen == [2, 4, 6, 7]
    assert Ticket.objects.count() == 5


# --- refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("subject,issue\nCard,nope", 'issue "nope" is not known here'),
        ("subject,product\nCard,nope", 'product "nope" is not known here'),
        ("subject,team\nCard,nope", 'department "nope" is not known here'),
        ("subject,status\nCard,nope", 'status "nope" is not known here'),
        ("subject,created\nCard,2030-01-01", "opened_at lies in the future"),
        ("subject,id\nCard," + "x" * 201, "external_id is longer than 200 characters"),
        ("subject,body\n,", None),
    ],
)
def test_a_row_that_can_not_be_taken_is_refused_with_the_reason_and_stops_no_other(cast, row, reason):
    run, refused = importing(cast, row + "\nGood one\n")
    if reason:
        assert refused == [(2, reason)]
    assert (run.imported, run.refused) == (1, len(refused))
    assert Ticket.objects.get().subject == "Good one"


def test_unknown_words_may_be_kept_as_words(cast):
    run, refused = importing(
        cast, "subject,issue,status\nCard,Old code,strange\n", keep_unknown=True, status="closed"
    )
    assert (run.imported, refused) == (1, [])
    ticket = Ticket.objects.get()
    assert (ticket.custom, ticket.status, ticket.primary_issue) == (
        {"issue": "Old code", "status": "strange"}, "closed", None,
    )  # fmt: skip


def test_a_dry_run_leaves_nothing(cast):
    run, refused = importing(cast, "subject,issue\nCard,\nCard,nope\n", dry_run=True)
    assert (run.imported, len(refused)) == (1, 1)
    assert nothing_came_in()


def test_an_agent_may_not_import(cast):
    with pytest.raises(NotAllowed):
        importing(cast, HEADER + ROW, by=cast.ana)
    assert nothing_came_in()


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\\N\tb\nc\rd", "a\\\\N\\tb\\nc\\rd"), (None, "\\N"), ("\\N", "\\\\N"), ("", ""), (True, "t"), ([], "{}"),
     (["a", 'b"\\'], '{"a","b\\\\"\\\\\\\\"}'), ({"a": "ü\n"}, '{"a": "\\\\u00fc\\\\n"}')],
)  # fmt: skip
def test_values_are_written_as_copy_reads_them(value, text):
    assert encoded(value) == text


# --- the command --------------------------------------------------------------------------------------


def test_the_command_says_what_came_in_and_what_was_refused(cast, tmp_path, capsys):
    file, refused = tmp_path / "old.csv", tmp_path / "refused.csv"
    file.write_text("Nr;Text\n1;Card\n2;\n3;Lamp\n")
    call_command(
        "import_tickets", file, "--map", "Nr=external_id", "--map", "Text=subject", "--refused", str(refused)
    )
    assert "2 tickets came in, 0 were here already, 1 refused." in capsys.readouterr().out
    assert list(csv.reader(refused.open()))[1][0] == "3"
    assert ImportRun.objects.get().refused == 1


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", [], "The file is empty."),
        ("a,b\n1,2\n", [], "No column says what the ticket is about"),
        ("a,b\n1,2\n", ["--map", "c=subject"], "no column named c"),
        ("a,b\n1,2\n", ["--map", "a=nonsense"], "is not COLUMN=FIELD"),
        ("[{}]", [], "JSON list"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_as_a_whole(cast, tmp_path, text, options, words):
    file = tmp_path / "old.csv"
    file.write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("import_tickets", file, *options)
    assert nothing_came_in()


def test_a_file_that_is_not_there_is_said(cast, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_tickets", tmp_path / "none.csv")
