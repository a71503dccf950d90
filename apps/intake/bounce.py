"""What a delivery report says: who was not reached, for good or for now, and which of our mails it was.

Reads RFC 3464 reports, and the free text of servers that write none. A full mailbox, a policy refusal and a
time-out say nothing about the address, so they are soft whatever digit they begin with.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from apps.intake.mail import Letter, Limits
from apps.intake.mail import headers as fields


class Permanence(StrEnum):
    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report. `original_message_id` is the id of our mail inside it, without brackets."""

    permanence: Permanence
    recipients: tuple[str, ...]
    status: str
    diagnosis: str
    original_message_id: str


_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SMTP_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -]")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z0-9-]{2,63}")
_INNER_ID = re.compile(r"^message-id:\s*<([^<>\s]{6,500})>", re.IGNORECASE | re.MULTILINE)
_UNKNOWN_PERSON = re.compile(
    r"user (?:unknown|not found)|unknown (?:user|recipient|address)|no such (?:user|mailbox|recipient|address)"
    r"|(?:mailbox|address|recipient|account)[^.\n]{0,40}"
    r"(?:not (?:found|exist)|does(?:n't| not) exist|unavailable|disabled)"
    r"|address (?:couldn't be found|rejected)|host (?:or domain name )?not found|unbekannt|inconnu",
    re.IGNORECASE,
)
# Enhanced status codes (RFC 3463) that begin with 5 and yet do not condemn the address.
_SOFT_THOUGH_PERMANENT = re.compile(r"5\.(?:2\.[2-4]|3\.\d+|4\.[0-37]|6\.\d+|7\.\d+)")
_REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_TYPES = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}
)
_MAX_TEXT = 20_000


def read_bounce(letter: Letter) -> Bounce | None:
    """The delivery failure that a mail reports; None when it reports none (a receipt, a delay that is over)."""
    report = [
        group for group in _report_fields(letter) if group.keys() & {"action", "status", "final-recipient"}
    ]
    text = letter.text[:_MAX_TEXT]
    if report:
        failed = [group for group in report if group.get("action", "failed").lower() in ("failed", "delayed")]
        if not failed:
            return None
    else:
        failed = []
        if (
            not letter.header("x-failed-recipients")
            and not _STATUS.search(text)
            and not _SMTP_CODE.search(text)
        ):
            return None
    status = next(
        (found.group() for group in failed if (found := _STATUS.search(group.get("status", "")))), ""
    )
    diagnosis = next((group["diagnostic-code"] for group in failed if "diagnostic-code" in group), "")
    finer = _STATUS.search(diagnosis) or (None if status else _STATUS.search(text))
    if finer is not None and status in ("", "5.0.0", "4.0.0"):
        status = finer.group()
    delayed = bool(failed) and all(group.get("action", "").lower() == "delayed" for group in failed)
    words = diagnosis or text
    return Bounce(
        permanence=Permanence.SOFT if delayed else _permanence(status, words),
        recipients=_recipients(letter, failed, text),
        status=status,
        diagnosis=fields.one_line(words)[:500],
        original_message_id=_original_id(letter),
    )


def _permanence(status: str, words: str) -> Permanence:
    if status:
        if status.startswith("5") and not _SOFT_THOUGH_PERMANENT.fullmatch(status):
            return Permanence.HARD
        return Permanence.SOFT
    code = _SMTP_CODE.search(words)
    if code is not None and code[1] == "4":
        return Permanence.SOFT
    return Permanence.HARD if _UNKNOWN_PERSON.search(words) else Permanence.SOFT


def _report_fields(letter: Letter) -> list[dict[str, str]]:
    """The groups of a delivery-status part: one about the message, then one a recipient."""
    content = next((one.content for one in letter.attachments if one.content_type in _REPORT_TYPES), b"")
    groups = re.split(rb"\r?\n[ \t]*\r?\n", content[:_MAX_TEXT].strip())
    return [group for raw in groups[:50] if (group := _group(raw))]


def _group(raw: bytes) -> dict[str, str]:
    headers, _, _ = fields.split(raw, Limits(header_fields=100))
    return {name: fields.text(value)[0] for name, value in reversed(headers.fields)}


def _recipients(letter: Letter, failed: list[dict[str, str]], text: str) -> tuple[str, ...]:
    named = [group.get("original-recipient") or group.get("final-recipient", "") for group in failed]
    named = named if any(named) else [letter.header("x-failed-recipients")]
    found = [address for value in named for address in _ADDRESS.findall(value)]
    if not found:  # free text: the first address that is not the server's own
        found = [one for one in _ADDRESS.findall(text) if not re.match(r"(?i)mailer-daemon|postmaster", one)][
            :1
        ]
    return tuple(dict.fromkeys(one.lower() for one in found))


def _original_id(letter: Letter) -> str:
    for one in letter.attachments:
        if one.content_type in _RETURNED_TYPES:
            headers, _, _ = fields.split(one.content.lstrip(b"\r\n"), Limits())
            if ids := fields.message_ids(headers.first("message-id"), 1):
                return ids[0]
    found = _INNER_ID.search(letter.text[:200_000])
    if found:
        return found[1]
    return next(iter((*reversed(letter.references), *letter.in_reply_to)), "")
