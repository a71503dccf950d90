"""The fixed words of a ticket: how it stands, how much it hurts, how it came, what it is, how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The fixed categories of a ticket's life."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting on customer")
    WAITING_OWNER = "waiting_owner", _("Waiting on owner")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


OPEN_STATUSES = (Status.NEW, Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_OWNER)
# The event that tells of reaching it.
REACHED_BY = {
    Status.NEW: "ticket.begun",
    Status.OPEN: "ticket.begun",
    Status.WAITING_CUSTOMER: "ticket.held",
    Status.WAITING_OWNER: "ticket.held",
    Status.SOLVED: "ticket.resolved",
    Status.CLOSED: "ticket.closed",
}


class Severity(models.IntegerChoices):
    """How much it hurts the customer; safety first."""

    CRITICAL = 1, _("Critical")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class Channel(models.TextChoices):
    FORM = "form", _("Form")
    EMAIL = "email", _("E-mail")
    API = "api", _("API")
    PHONE = "phone", _("Phone")
    WALK_IN = "walk_in", _("Walk-in")
    IMPORT = "import", _("Import")


class ContactType(models.TextChoices):
    PROBLEM = "problem", _("Problem")
    QUESTION = "question", _("Question")
    REQUEST = "request", _("Request")
    COMPLAINT = "complaint", _("Complaint")
    PRAISE = "praise", _("Praise")
    SUGGESTION = "suggestion", _("Suggestion")


class Outcome(models.TextChoices):
    """What the customer says of the answer: the three states the money model weighs."""

    SATISFIED = "satisfied", _("Satisfied")
    MOLLIFIED = "mollified", _("Mollified")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


class ClockState(models.TextChoices):
    """How the most pressing clock of a ticket stands; empty when none runs."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    BREACHED = "breached", _("Overdue")
