"""The nouns of the house, one file each."""

from helpdesk.models.absence import Absence
from helpdesk.models.api import ApiToken, IdempotencyKey
from helpdesk.models.attachment import Attachment
from helpdesk.models.change_set import ChangeSet, ChangeSetState, DraftChange
from helpdesk.models.coding import CodingSource, Remedy, TicketIssue
from helpdesk.models.custom_field import CustomField
from helpdesk.models.customer import Customer, CustomerChange, Participant
from helpdesk.models.customer_address import CustomerAddress, CustomerPhone
from helpdesk.models.department import Department
from helpdesk.models.event import Event, SubscriberFailure
from helpdesk.models.issue import Issue, IssueKind, SuspectedCause, TaxonomyRelease
from helpdesk.models.matching import matches_words, numbers_matching
from helpdesk.models.message import Direction, Message, Note
from helpdesk.models.organisation import Organisation, OrganisationDomain
from helpdesk.models.product import Product
from helpdesk.models.recoding import RecodedTicket, Recoding, RecodingKind, RecodingState, original_codes
from helpdesk.models.side import SideConversation, SideLetter, SideState
from helpdesk.models.status import TicketStatus
from helpdesk.models.ticket import Ticket
from helpdesk.models.ticket_choices import Channel, ClockState, ContactType, Outcome, Severity, Status
from helpdesk.models.user import Role, User

__all__ = [
    "Absence",
    "ApiToken",
    "Attachment",
    "ChangeSet",
    "ChangeSetState",
    "Channel",
    "ClockState",
    "CodingSource",
    "ContactType",
    "CustomField",
    "Customer",
    "CustomerAddress",
    "CustomerChange",
    "CustomerPhone",
    "Department",
    "Direction",
    "DraftChange",
    "Event",
    "IdempotencyKey",
    "Issue",
    "IssueKind",
    "Message",
    "Note",
    "Organisation",
    "OrganisationDomain",
    "Outcome",
    "Participant",
    "Product",
    "RecodedTicket",
    "Recoding",
    "RecodingKind",
    "RecodingState",
    "Remedy",
    "Role",
    "Severity",
    "SideConversation",
    "SideLetter",
    "SideState",
    "Status",
    "SubscriberFailure",
    "SuspectedCause",
    "TaxonomyRelease",
    "Ticket",
    "TicketIssue",
    "TicketStatus",
    "User",
    "matches_words",
    "numbers_matching",
    "original_codes",
]
