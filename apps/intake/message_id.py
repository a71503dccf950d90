"""Our own Message-IDs, and what else in a mail names a ticket.

An outgoing mail carries `<ticket.4182.NONCE.MAC@domain>`: a mail that refers to it proves that its sender received
ours, because nobody else can make the MAC (HMAC-SHA-256, 100 bits, over the number and the nonce). All of it is
lower case letters and digits, since some servers change the case; the domain is not signed, so that it may change
one day.
"""

# ruff: noqa: SIM905  a paragraph of words is easier to read and to extend than a list of strings

import base64
import hashlib
import hmac
import re

_MAC_CHARS = 20
_OWN_ID = re.compile(r"<?ticket\.([1-9][0-9]{0,17})\.([a-z0-9]{1,40})\.([a-z2-7]{20})@[^\s<>@]{1,255}>?")
_TAG = re.compile(r"\[#([1-9][0-9]{0,17})\]")
# Re, Fwd and their like in the mail programs of many languages. Compared without case.
_PREFIXES = """re res aw antw antwort sv vs rv r rif resp odp ynt vá atb ats bls اعادة رد aв отв отг отн ответ σχετ απ
    השב 回复 回覆 答复 答覆 返信 답장 회신 回信 fw fwd wg wtr doorst tr vl vb i enc pd továbbítás továbbított пересл прд
    ilt iletme 转发 轉寄 轉發 転送 전달""".split()
_ANY_PREFIX = "|".join(sorted(set(_PREFIXES), key=len, reverse=True))  # `fwd` before `fw`
_PREFIX = re.compile(
    rf"\s*(?:\[(?:ext|extern|external)\]\s*)?(?:{_ANY_PREFIX})"
    r"(?:\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}))?\s{0,2}[:：]",
    re.IGNORECASE,
)


def sign(ticket_number: int, nonce: str, *, domain: str, secret: str) -> str:
    """The Message-ID of one outgoing mail, with its angle brackets. Raises ValueError for a nonce not of `[a-z0-9]`."""
    if not re.fullmatch(r"[a-z0-9]{1,40}", nonce):
        raise ValueError(f"A nonce is 1 to 40 lower-case letters and digits, not {nonce!r}.")
    return f"<ticket.{ticket_number}.{nonce}.{_mac(ticket_number, nonce, secret)}@{domain.lower()}>"


def verify(value: str, *, secret: str) -> int | None:
    """The ticket number of a Message-ID that we signed, with or without brackets; None for anybody else's."""
    found = _OWN_ID.fullmatch(value.strip().lower())
    if found is None:
        return None
    number = int(found[1])
    return number if hmac.compare_digest(found[3], _mac(number, found[2], secret)) else None


def names_side(value: str) -> bool:
    """Whether an id of ours is that of a letter in a side conversation: its nonce says so, and is signed."""
    found = _OWN_ID.fullmatch(value.strip().lower())
    return found is not None and found[2].startswith("s")


def _mac(number: int, nonce: str, secret: str) -> str:
    # The fixed words keep this use of the secret apart from every other.
    content = f"helpdesk/message-id/1/{number}/{nonce}".encode()
    digest = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:_MAC_CHARS]


def subject_tag(ticket_number: int) -> str:
    return f"[#{ticket_number}]"


def subject_tags(subject: str) -> tuple[int, ...]:
    """The ticket numbers that a subject names our way, `[#4182]`; foreign systems' tags look otherwise."""
    return tuple(dict.fromkeys(int(number) for number in _TAG.findall(subject[:1_000])))


def bare_subject(subject: str) -> str:
    """The subject without reply prefixes, in whatever language and however many, and without our tag."""
    rest = _TAG.sub("", subject)
    while found := _PREFIX.match(rest):
        rest = rest[found.end() :]
    return " ".join(rest.split())


def is_reply(subject: str) -> bool:
    return _PREFIX.match(_TAG.sub("", subject)) is not None
