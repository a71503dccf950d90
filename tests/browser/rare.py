"""Rows that the full world has no screen for, and that an address leads to all the same."""

from decimal import Decimal
from urllib.parse import urlsplit

from django.urls import resolve

from apps.control.services import make_promise
from apps.intake.services import follow_up
from apps.output.customers.services import merge_customers
from apps.output.organisations.services import add_organisation, merge_organisations
from apps.output.privacy.models import CustomerExport
from apps.response.links.models import TicketLink
from apps.response.links.services import answer_children
from apps.response.models import Approval, GivenRemedy, SampledWeek, SecondReading
from apps.response.reopening.services import save_policy
from apps.response.rules.models import Rule
from apps.response.services import ask_approval, give_remedy, save_draft, split
from apps.response.services.drafts import Composer
from helpdesk.models import (
    Attachment,
    Customer,
    CustomerAddress,
    Issue,
    Organisation,
    OrganisationDomain,
    Recoding,
    SideLetter,
    TaxonomyRelease,
    Ticket,
    User,
)
from tests.analysis.world import TODAY
from tests.browser.worlds import Places
from tests.factories import NOW


def add_what_is_rare(places: Places) -> dict[str, object]:
    """What stands at which parameter; in the transaction of whoever asks, so that nobody else sees them."""
    ticket = Ticket.objects.get(pk=resolve(urlsplit(places["ticket"]).path).kwargs["number"])
    ana, ada = (User.objects.get(email=f"{name}@desk.test") for name in ("ana", "ada"))
    Ticket.objects.filter(pk=ticket.pk).update(external_id="order/4711")
    recode(ticket, ana, ada)
    save_policy(department=ticket.department, days=3, by=ada)
    return {
        **on_the_ticket(ticket, ana),
        **of_the_customer(ticket, ada),
        "rules/*/versions/": Rule.objects.earliest("pk").events.earliest("pgh_id").pgh_id,
    }


def recode(ticket: Ticket, ana: User, ada: User) -> None:
    issue = Issue.objects.get(code="charged-twice")
    week = SampledWeek.objects.create(monday=TODAY, coded=1, drawn_at=NOW)
    SecondReading.objects.create(
        ticket=ticket, week=week, why="any", chance=1, first_issue=issue, first_by=ana, first_at=NOW
    )
    release = TaxonomyRelease.objects.latest("pk")
    Recoding.objects.create(release=release, kind="merge", source=issue, total=1, asked_by=ada, asked_at=NOW)


def on_the_ticket(ticket: Ticket, ana: User) -> dict[str, object]:
    act = {"ticket": ticket, "by": ana, "at": NOW}
    draft = save_draft(kind="reply", text="Dear", composer=Composer("c", 1), **act)
    other = follow_up(**act | {"body": "Another matter", "by": User.objects.system()})
    divided = split(messages=[other.pk], subject="Another matter", **act)
    thanks = follow_up(**act | {"body": "Thank you!", "by": User.objects.system()})
    thanks.judge_thanks(True, by=ana, at=NOW)
    children = TicketLink.objects.filter(second=ticket, kind="child").values_list("first", flat=True)
    answer_children(body="It is back.", children=children, **act)
    give_remedy(remedy="apology", reason="She had to write twice", **act)
    ask_approval(remedy="refund", amount=Decimal(80), why="Two fees of the bank", **act)
    promise = make_promise(text="Call her", working_hours=8, **act)
    file = Attachment.objects.filter(message__ticket=ticket).latest("pk")
    letter = SideLetter.objects.filter(side__ticket=ticket).latest("pk")
    letter.files = [{"name": file.name, "sha256": file.sha256}]
    letter.save(update_fields=["files"])
    return {
        "splits/": divided.pk,
        "t/*/approvals/": Approval.objects.filter(ticket=ticket).latest("pk").pk,
        "t/*/drafts/": draft.pk,
        "t/*/messages/": thanks.pk,
        "t/*/promises/": promise.pk,
        "t/*/remedies/": GivenRemedy.objects.filter(ticket=ticket).latest("pk").pk,
        "side-letters/": letter.pk,
        "t/*/replies/": ticket.messages.filter(direction="out").latest("pk").pk,
        "t/*/sides/letters/": letter.pk,
        "t/*/sides/file/": letter.pk,
        "t/*/sides/file/*/": 0,
        "help/r/*/files/": file.pk,
        "help/o/*/*/files/": file.pk,
    }


def of_the_customer(ticket: Ticket, ada: User) -> dict[str, object]:
    customer = ticket.customer
    gone = Customer.objects.exclude(pk=customer.pk).filter(name__startswith="Kim").earliest("pk")
    merge = merge_customers(kept=customer, gone=gone, by=ada, at=NOW)
    file = Attachment.objects.filter(message__ticket=ticket).latest("pk")
    export = CustomerExport.objects.create(
        customer=customer, state="ready", place=file.file.name, asked_by=ada, asked_at=NOW, ready_at=NOW
    )
    domain = OrganisationDomain.objects.earliest("pk")
    organisation = Organisation.objects.get(pk=domain.organisation_id)
    member = Customer.objects.filter(organisation=organisation)
    twin = add_organisation(values={"name": f"{organisation} again"}, by=ada, at=NOW)
    twins = merge_organisations(kept=organisation, gone=twin, by=ada, at=NOW)
    return {
        "customers/*/addresses/": CustomerAddress.objects.filter(customer=customer).latest("pk").pk,
        "customers/*/exports/": export.pk,
        "customers/*/merges/": merge.pk,
        "customers/*/privacy/": export.pk,
        "organisations/*/domains/": domain.pk,
        "organisations/*/merges/": twins.pk,
        "organisations/*/members/": member.earliest("pk").pk,
    }
