"""Where what is known of a person stands, table by table: an export takes it from there, and erasing takes it away.

Every table that refers to a ticket, a message, a note or a customer and holds words stands in PERSONAL or in PLAIN, and
every column of words in it among its words or in CODES;
`tests/house/test_privacy.py` fails for one that does not. Erasing goes through PERSONAL in this order, and
then looks for addresses, numbers and the whole name in every other text of the database (apps/output/privacy/scrub.py).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked


@dataclass(frozen=True)
class Personal:
    """How rows of one table belong to a customer (paths that end in the customer), and what of them goes."""

    reach: tuple[str, ...]
    title: Marked
    words: tuple[str, ...] = ()
    # The rows go whole; they are in no figure.
    goes: bool = False
    # Colleagues' words: in an export by choice only.
    internal: bool = False
    # In no export: it says nothing that is not elsewhere in it.
    exported: bool = True


_OF_TICKET = ("ticket__customer",)

PERSONAL: dict[str, Personal] = {
    "helpdesk.CustomerAddress": Personal(("customer",), _("Addresses"), goes=True),
    "helpdesk.CustomerPhone": Personal(("customer",), _("Numbers"), goes=True),
    "helpdesk.CustomerChange": Personal(("customer",), _("Changes"), goes=True, internal=True),
    "output.SignInLink": Personal(("customer",), _("Links to sign in"), goes=True, exported=False),
    "output.CustomerSession": Personal(("customer",), _("Sessions"), goes=True, exported=False),
    "output.CustomerNote": Personal(("customer",), _("Notes about the person"), goes=True, internal=True),
    "output.CustomerMerge": Personal(("kept", "gone"), _("Merges"), ("record",), exported=False),
    "helpdesk.Attachment": Personal(
        ("message__ticket__customer", "note__ticket__customer"), _("Files"), goes=True, exported=False
    ),
    "output.Enclosure": Personal(
        ("delivery__ticket__customer",), _("Files of letters"), goes=True, exported=False
    ),
    "intake.InboundMail": Personal(
        ("ticket__customer", "message__ticket__customer"),
        _("Mails as they came"),
        ("raw", "sender", "subject", "reason"),
        exported=False,
    ),
    "output.Delivery": Personal(
        ("ticket__customer", "message__ticket__customer"),
        _("Letters"),
        ("to", "cc", "subject", "text", "html", "headers", "error"),
    ),
    "output.Notification": Personal(_OF_TICKET, _("What colleagues were told"), ("title",), exported=False),
    "helpdesk.Message": Personal(
        ("ticket__customer", "customer"),
        _("Messages"),
        ("body", "html", "sender_name", "sender_email", "cc", "message_id", "in_reply_to"),
    ),
    "helpdesk.Note": Personal(_OF_TICKET, _("Notes on tickets"), ("body",), internal=True),
    "helpdesk.Participant": Personal(_OF_TICKET, _("Who took part"), goes=True),
    "helpdesk.SideLetter": Personal(
        ("side__ticket__customer",),
        _("Letters to others about a ticket"),
        ("body", "files", "sender_name", "sender_email", "message_id"),
        internal=True,
    ),
    "helpdesk.SideConversation": Personal(
        _OF_TICKET, _("Side conversations"), ("subject", "to"), internal=True
    ),
    # Gone, not emptied: what is left would be sent.
    "response.LaterReply": Personal(_OF_TICKET, _("Answers for later"), goes=True, internal=True),
    "response.Draft": Personal(_OF_TICKET, _("Drafts"), goes=True, internal=True),
    "response.TicketTask": Personal(_OF_TICKET, _("Tasks"), ("text",), internal=True),
    # What was said stands among the notes.
    "response.Call": Personal(("customer", "ticket__customer"), _("Calls"), ("number",)),
    "response.TimeEntry": Personal(_OF_TICKET, _("Time"), ("what", "struck_why"), internal=True),
    "response.JointAnswer": Personal(
        ("parent__customer",), _("Answers to several"), ("body",), exported=False
    ),
    "response.BulkRow": Personal(_OF_TICKET, _("Acts on many tickets"), ("why", "done"), exported=False),
    "response.RuleRun": Personal(_OF_TICKET, _("What rules saw"), ("looks",), exported=False),
    "response.MacroUse": Personal(_OF_TICKET, _("Macros"), ("done",), exported=False),
    "response.Merge": Personal(
        ("ticket__customer", "into__customer"), _("Merged tickets"), ("brought",), exported=False
    ),
    "control.Referral": Personal(
        _OF_TICKET,
        _("Questions to departments"),
        ("question", "answer", "customer_words", "closed_why"),
        internal=True,
    ),
    "control.CustomerPromise": Personal(_OF_TICKET, _("What they were promised"), ("text", "why")),
    "control.FollowUp": Personal(
        ("survey__ticket__customer",), _("Calls after surveys"), ("note",), internal=True
    ),
    "response.FoundFact": Personal(_OF_TICKET, _("What was found out"), ("answer",), internal=True),
    "response.GivenRemedy": Personal(_OF_TICKET, _("What was given"), ("reason", "struck_why")),
    "response.Approval": Personal(_OF_TICKET, _("Approvals"), ("why", "above", "answer"), internal=True),
    "control.Survey": Personal(_OF_TICKET, _("Surveys"), ("comment",)),
    "control.Clock": Personal(_OF_TICKET, _("Promises of time")),
    "evaluation.ReviewMark": Personal(
        ("review__ticket__customer",), _("Marks of reviews"), ("note",), exported=False
    ),
    "evaluation.Review": Personal(
        _OF_TICKET, _("Reviews"), ("summary", "answer", "settlement"), exported=False
    ),
    "analysis.CustomerVoice": Personal(("customer",), _("What they said of a fix")),
    "awareness.WaveLetter": Personal(
        ("customer", "ticket__customer"), _("Letters about a fix"), ("comment",)
    ),
    "awareness.OptOut": Personal(("customer",), _("Letters they do not want")),
    "intake.TextVector": Personal(_OF_TICKET, _("Vectors"), ("vector",), exported=False),
    "helpdesk.Event": Personal(_OF_TICKET, _("What happened")),
    "helpdesk.Ticket": Personal(
        ("customer",), _("Tickets"), ("subject", "remedy_wanted", "custom", "external_id")
    ),
}

# Columns of these tables that hold codes, keys and our own words.
CODES: dict[str, frozenset[str]] = {
    "intake.InboundMail": frozenset({"mailbox", "sha256", "fingerprint"}),
    "output.Notification": frozenset({"kind", "key", "about", "url", "mail"}),
    "output.Delivery": frozenset({"about", "key", "sender", "letter_id"}),
    "helpdesk.Message": frozenset({"channel"}),
    "response.RuleRun": frozenset({"chain"}),
    "response.JointAnswer": frozenset({"then"}),
    "response.Merge": frozenset({"status_before"}),
    "response.FoundFact": frozenset({"question"}),  # as the guidance has it
    "response.GivenRemedy": frozenset({"currency"}),
    # Whom we asked, and what they call it.
    "control.Referral": frozenset({"outside_name", "outside_email", "reference", "answered_as"}),
    "control.Survey": frozenset({"key", "skipped", "offered", "problems"}),
    "awareness.WaveLetter": frozenset({"key", "skipped"}),
    "intake.TextVector": frozenset({"encoder"}),
    "helpdesk.Event": frozenset({"kind", "about", "data", "owes"}),  # words in `data` go one by one
    "helpdesk.Ticket": frozenset({"product_version", "segment", "region", "language", "tags", "campaign"}),
}

# Tables that refer to them and hold codes, keys and other people's words alone; each with why it stays.
PLAIN: dict[str, str] = {
    "helpdesk.Customer": "emptied by itself, and stays to be counted",
    "helpdesk.User": "the portal account, closed and emptied by itself",
    "output.LegalHold": "a colleague's reason; looked through for the person's name and addresses",
    "helpdesk.RecodedTicket": "issues",
    "response.HandRecodedTicket": "issues",
    "response.JointAnswerTicket": "a refusal in our words",
    "response.Split": "numbers of messages",
    "awareness.OutreachCustomer": "a drawn lot",
    "awareness.Digest": "a letter to a colleague",
    "awareness.ReportLetter": "a letter to a colleague",
    "control.ServicePolicy": "a rule; its name is looked through for the person's",
    "control.ServicePolicyEvent": "a rule; its name is looked through for the person's",
    "control.RecurringTicket": "colleagues' words; looked through for the person's name and addresses, and paused",
    "control.RecurringTicketEvent": "colleagues' words; looked through for the person's name and addresses",
    "staff.Suggestion": "a colleague's idea; looked through for the person's name and addresses",
    "staff.SuggestionEvent": "a colleague's idea; looked through for the person's name and addresses",
}
