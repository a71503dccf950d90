"""The use cases of intake, one file each."""

from apps.intake.files import File, FileTooLarge, TooManyFiles, check_files
from apps.intake.services.contact import Contact, customer_of
from apps.intake.services.encode import AlreadyEncoding, encode_ticket, encode_tickets
from apps.intake.services.follow_up import AlreadySolved, confirm_solved, follow_up
from apps.intake.services.import_complaints import import_complaints
from apps.intake.services.import_tickets import import_tickets
from apps.intake.services.learn import AlreadyTraining, train_suggestions
from apps.intake.services.open_ticket import ExternalIdTaken, NoDepartment, department_for, open_ticket
from apps.intake.services.receive_mail import (
    NotHeldBack,
    Poisoned,
    hold_back,
    read_waiting_mail,
    receive_mail,
    restore_mail,
)
from apps.intake.services.sent import tell_of_form
from apps.intake.services.suggest import suggest_issue

__all__ = [
    "AlreadyEncoding",
    "AlreadySolved",
    "AlreadyTraining",
    "Contact",
    "ExternalIdTaken",
    "File",
    "FileTooLarge",
    "NoDepartment",
    "NotHeldBack",
    "Poisoned",
    "TooManyFiles",
    "check_files",
    "confirm_solved",
    "customer_of",
    "department_for",
    "encode_ticket",
    "encode_tickets",
    "follow_up",
    "hold_back",
    "import_complaints",
    "import_tickets",
    "open_ticket",
    "read_waiting_mail",
    "receive_mail",
    "restore_mail",
    "suggest_issue",
    "tell_of_form",
    "train_suggestions",
]
