"""Complaints in the public format come in with their issues and products, and once."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from apps.intake.complaints import product_code, read_complaints, subject_of
from apps.intake.services import import_complaints
from helpdesk.errors import NotAllowed
from helpdesk.models import Event, Issue, Product, TaxonomyRelease, Ticket, TicketIssue
from tests.factories import NOW

COLUMNS = (
    "Date received", "Product", "Sub-product", "Issue", "Sub-issue", "Consumer complaint narrative", "Company",
    "State", "ZIP code", "Tags", "Submitted via", "Company response to consumer", "Timely response?", "Complaint ID",
)  # fmt: skip
USUAL = {
    "Date received": "2025-07-18",
    "Product": "Checking or savings account",
    "Sub-product": "Checking account",
    "Issue": "Closing an account",
    "Sub-issue": "Funds not received from closed account",
    "Consumer complaint narrative": "They closed it, and the XXXX dollars never came.",
    "Company": "EXAMPLE BANK, N.A.",
    "State": "OH",
    "Tags": "Older American",
    "Submitted via": "Web",
    "Company response to consumer": "Closed with explanation",
}


def file_of(*complaints, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    for number, complaint in enumerate(complaints, start=100):
        writer.writerow({"Complaint ID": str(number)} | USUAL | complaint)
    return io.BytesIO(out.getvalue().encode())


def bring_in(cast, stream, **options):
    refused = []
    run = import_complaints(
        stream=stream, source="complaints.csv", by=options.pop("by", cast.ada), at=NOW, refuse=refused.append,
        progress=lambda rows: None, **options,
    )  # fmt: skip
    return run, refused


def test_a_complaint_becomes_a_ticket_with_its_issue_product_and_words(cast):
    run, refused = bring_in(cast, file_of({}))
    assert (run.imported, refused) == (1, [])
    ticket = Ticket.objects.get(external_id="cfpb-100")
    assert ticket.primary_issue.label == "Funds not received from closed account"
    assert ticket.primary_issue.parent.label == "Closing an account"
    assert ticket.product.name == "Checking account"
    assert (ticket.region, ticket.segment, ticket.channel) == ("OH", "Older American", "form")
    assert (ticket.status, ticket.contact_type) == ("closed", "complaint")
    assert ticket.opened_at.date().isoformat() == "2025-07-18"
    assert ticket.tags == ["EXAMPLE BANK, N.A.", "Closed with explanation"]
    assert ticket.messages.get().body == USUAL["Consumer complaint narrative"]


def test_the_words_of_the_issue_are_not_in_the_text_a_model_learns_from(cast):
    bring_in(cast, file_of({"Consumer complaint narrative": ""}))
    ticket = Ticket.objects.get()
    text = ticket.subject + ticket.messages.get().body
    assert "Funds" not in text
    assert "Closing" not in text


def test_the_issues_are_one_edition_of_the_taxonomy_two_levels_deep(cast):
    before = TaxonomyRelease.objects.count()
    bring_in(
        cast, file_of({}, {"Sub-issue": "Fees charged for closing account"}, {"Issue": "Managing an account"})
    )
    assert TaxonomyRelease.objects.count() == before + 1
    assert Issue.objects.filter(parent=None, code__startswith="cfpb-").count() == 2
    assert set(TicketIssue.objects.values_list("release__number", flat=True)) == {
        TaxonomyRelease.objects.first().number
    }


def test_an_issue_without_a_sub_issue_has_a_place_beside_those_that_have_one(cast):
    _, refused = bring_in(cast, file_of({}, {"Sub-issue": ""}))
    assert refused == []
    assert Ticket.objects.get(external_id="cfpb-101").primary_issue.label == "Not further specified"


def test_brought_in_again_a_file_that_has_grown_adds_what_is_new(cast):
    bring_in(cast, file_of({}))
    run, _ = bring_in(cast, file_of({}, {"Sub-issue": "Something else"}))
    assert (run.imported, run.known) == (1, 1)
    assert Ticket.objects.count() == 2
    bring_in(cast, file_of({}, {"Sub-issue": "Something else"}))
    assert Ticket.objects.count() == 2
    assert Product.objects.filter(code="checking-account").count() == 1


def test_a_dry_run_checks_everything_and_leaves_nothing(cast):
    releases, happened = TaxonomyRelease.objects.count(), Event.objects.count()
    run, refused = bring_in(cast, file_of({}, {"Date received": "soon"}), dry_run=True)
    assert run.imported == 1
    assert len(refused) == 1
    assert not Ticket.objects.exists()
    assert not Issue.objects.filter(code__startswith="cfpb-").exists()
    assert (TaxonomyRelease.objects.count(), Event.objects.count()) == (releases, happened)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"Complaint ID": ""}, "Complaint ID"),
        ({"Date received": "18/07"}, "opened_at"),
        ({"Date received": ""}, "Date"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_others_come_in(cast, given, reason):
    run, refused = bring_in(cast, file_of(given, {}))
    assert run.imported == 1
    assert [row.line for row in refused] == [2]
    assert reason in refused[0].reason


def test_another_table_is_refused_before_anything_comes_in(cast, tmp_path):
    path = tmp_path / "other.csv"
    path.write_bytes(file_of({}, columns=("Date received", "Product")).getvalue())
    with pytest.raises(CommandError, match="Issue, Complaint ID"):
        call_command("import_tickets", str(path), "--format", "cfpb")
    assert not Ticket.objects.exists()


def test_the_command_brings_in_a_file(cast, tmp_path, capsys):
    path = tmp_path / "complaints.csv"
    path.write_bytes(file_of({}, {"Issue": "Other"}).getvalue())
    call_command("import_tickets", str(path), "--format", "cfpb")
    assert "2 tickets came in" in capsys.readouterr().out


def test_who_may_not_import_brings_nothing_in(cast):
    with pytest.raises(NotAllowed):
        bring_in(cast, file_of({}), by=cast.ana)
    assert not Product.objects.exists()


def test_codes_are_short_and_still_differ():
    long = "Their investigation did not fix an error on your report, nor did the next one, nor any that came after it"
    codes = {subject_of({"Issue": long, "Sub-issue": long + end}).part for end in ("", " either", " at all")}
    assert len(codes) == 3
    assert all(len(code) <= 80 for code in codes)
    assert len(product_code(long)) <= 60
    assert not list(read_complaints(file_of()))
