"""The only file that talks to a mail server: one letter out, and what the other side said of it."""

import re
import smtplib
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from apps.output.models import Delivery
from helpdesk.models import Attachment

_TYPE = re.compile(r"([A-Za-z0-9!#$&^_.+-]+)/[A-Za-z0-9!#$&^_.+-]+")
UNKNOWN = "application/octet-stream"
TIMEOUT = 20  # seconds for one answer of the server


@dataclass(frozen=True)
class Refusal:
    """Why a letter did not leave, and whether trying again may help."""

    reason: str
    for_good: bool


def connect() -> BaseEmailBackend:
    return get_connection(timeout=TIMEOUT)


def send(delivery: Delivery, *, over: BaseEmailBackend) -> Refusal | None:
    """Hand one letter to the server. None when it took it; else why not. Anything but mail trouble is raised."""
    try:
        letter_with_files(delivery, over).send()
    except Exception as error:
        over.close()  # what state the conversation is in nobody knows: the next letter begins a new one
        if isinstance(error, smtplib.SMTPException | OSError | ValueError):
            return judge(error)
        raise
    return None


def letter_with_files(delivery: Delivery, over: BaseEmailBackend) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        from_email=delivery.sender,
        to=delivery.to,
        cc=delivery.cc,
        headers={**delivery.headers, "Message-ID": delivery.letter_id},
        connection=over,
    )
    if delivery.html:
        letter.attach_alternative(delivery.html, "text/html")
    if delivery.message_id is not None:
        for file in Attachment.objects.filter(message=delivery.message_id).order_by("pk"):
            with file.file.open("rb") as content:
                letter.attach(file.name, content.read(), _type_of(file))
    else:
        for enclosure in delivery.enclosures.all():
            letter.attach(enclosure.name, bytes(enclosure.content), enclosure.content_type)
    return letter


def _type_of(file: Attachment) -> str:
    """The type the uploader named, where a file of that type can be sent byte for byte: a type that is none would
    refuse the whole letter, and mails within mails are taken apart and written anew."""
    whole = _TYPE.fullmatch(file.content_type)
    return file.content_type if whole and whole[1].lower() not in ("message", "multipart") else UNKNOWN


def judge(error: Exception) -> Refusal:
    """5xx on the sender, the recipients or the letter is final; so is an address no mail can be made for.

    A wrong password or a missing file of ours is not: an administrator can mend that, and the letter must not be lost.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            answers = list(error.recipients.values())
            final = bool(answers) and all(code >= 500 for code, _ in answers)
            return Refusal("; ".join(_said(code, text) for code, text in answers), final)
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Refusal(_said(error.smtp_code, error.smtp_error), for_good=False)
        case smtplib.SMTPResponseException():
            return Refusal(_said(error.smtp_code, error.smtp_error), error.smtp_code >= 500)
        case ValueError():
            return Refusal(f"The letter can't be made: {error}", for_good=True)
        case _:
            return Refusal(str(error) or type(error).__name__, for_good=False)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {words}".strip()
