"""The fixed words of a ticket: how it stands, how much it hurts, how it came, what it is, how it ended."""

from django.db import models


class Status(models.TextChoices):
    """The fixed categories of a ticket's life."""

    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING_CUSTOMER = "waiting_customer", "Waiting on customer"
    WAITING_OWNER = "waiting_owner", "Waiting on owner"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


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

    CRITICAL = 1, "Critical"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


class Channel(models.TextChoices):
    FORM = "form", "Form"
    EMAIL = "email", "E-mail"
    API = "api", "API"
    PHONE = "phone", "Phone"
    WALK_IN = "walk_in", "Walk-in"
    IMPORT = "import", "Import"


class ContactType(models.TextChoices):
    PROBLEM = "problem", "Problem"
    QUESTION = "question", "Question"
    REQUEST = "request", "Request"
    COMPLAINT = "complaint", "Complaint"
    PRAISE = "praise", "Praise"
    SUGGESTION = "suggestion", "Suggestion"


class Outcome(models.TextChoices):
    """What the customer says of the answer: the three states the money model weighs."""

    SATISFIED = "satisfied", "Satisfied"
    MOLLIFIED = "mollified", "Mollified"
    DISSATISFIED = "dissatisfied", "Dissatisfied"


class ClockState(models.TextChoices):
    """How the most pressing clock of a ticket stands; empty when none runs."""

    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    BREACHED = "breached", "Overdue"
