"""What kind of mail this is, by a table: which header says what, and what follows from each kind.

Nothing is dropped silently: each verdict carries its reason in words. Mail from a list, or from a machine that
reports something, is a contact like any other and opens a ticket; only our automatic answer is held back, because
two machines that answer each other never stop.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from apps.intake.bounce import Bounce, Permanence, read_bounce
from apps.intake.mail import Letter
from helpdesk.sentences import Words, said


class Kind(StrEnum):
    OK = "ok"
    OWN_MAIL = "own_mail"
    BOUNCE = "bounce"
    OUT_OF_OFFICE = "out_of_office"
    AUTO_REPLY = "auto_reply"
    SPAM = "spam"
    LIST = "list"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a kind of mail may do."""

    opens_ticket: bool
    may_be_answered_automatically: bool
    counts_as_answer: bool  # reopens, stops or restarts a clock


CONSEQUENCES: dict[Kind, Consequence] = {
    Kind.OK: Consequence(opens_ticket=True, may_be_answered_automatically=True, counts_as_answer=True),
    Kind.LIST: Consequence(opens_ticket=True, may_be_answered_automatically=False, counts_as_answer=True),
    Kind.AUTOMATIC: Consequence(
        opens_ticket=True, may_be_answered_automatically=False, counts_as_answer=True
    ),
    Kind.AUTO_REPLY: Consequence(
        opens_ticket=False, may_be_answered_automatically=False, counts_as_answer=False
    ),
    Kind.OUT_OF_OFFICE: Consequence(
        opens_ticket=False, may_be_answered_automatically=False, counts_as_answer=False
    ),
    Kind.BOUNCE: Consequence(opens_ticket=False, may_be_answered_automatically=False, counts_as_answer=False),
    Kind.SPAM: Consequence(opens_ticket=False, may_be_answered_automatically=False, counts_as_answer=False),
    Kind.OWN_MAIL: Consequence(
        opens_ticket=False, may_be_answered_automatically=False, counts_as_answer=False
    ),
}


@dataclass(frozen=True, slots=True)
class Screening:
    """The verdict on one mail, with its reason in words that a person may read."""

    kind: Kind
    reason: Words
    bounce: Bounce | None = None

    @property
    def consequence(self) -> Consequence:
        return CONSEQUENCES[self.kind]


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a header's value matches, the mail is of this kind."""

    kind: Kind
    header: str
    pattern: str
    reason: Words

    def applies(self, letter: Letter) -> bool:
        return any(
            re.search(self.pattern, value, re.IGNORECASE) for value in letter.header_values(self.header)
        )


_AWAY_SUBJECTS = (
    r"out of (?:the )?office|away from (?:the |my )?(?:office|desk|mail)"
    r"|on (?:vacation|holiday|annual leave|parental leave)"
    r"|abwesen|nicht im (?:büro|haus)|urlaubs|absence du bureau|absent du bureau|message d.absence"
    r"|fuera de (?:la )?oficina"
    r"|ausencia|ausente|ausência|fora do escritório|fuori (?:sede|ufficio)|assente|afwezig|niet aanwezig|ej på kontoret"
    r"|frånvar|ikke på kontoret|ikke til stede|fravær|poissa|poza biurem|nieobecno|nepřítom|mimo kancelář|házon kívül"
    r"|отсутств|вне офиса|в отпуске|відсутн|ofis dışı|εκτός γραφείου|不在|休暇|外出|休假|부재중|מחוץ למשרד"
)
_AUTO_SUBJECTS = (
    r"auto(?:matic|mated)?[- ]?(?:reply|response|answer|svar|respuesta|odpov)"
    r"|automatisch(?:e|es)? (?:antwort|antwoord|rückmeldung)"
    r"|réponse automatique|respuesta automática|resposta automática|risposta automatica"
    r"|automaattinen|automatyczna odpowied"
    r"|automatická odpov|automatikus válasz|автоответ|автоматический ответ|автоматична відповідь|otomatik yanıt"
    r"|αυτόματη απάντηση|自动回复|自動回覆|自動返信|自動応答|자동 (?:회신|응답)"
)
# The first rule that applies decides. Replies of machines come before spam and lists: they must never open a ticket.
_RULES: tuple[_Rule, ...] = (
    _Rule(
        Kind.OUT_OF_OFFICE,
        "subject",
        rf"^\W*(?:\w{{1,12}}\W+)?(?:{_AWAY_SUBJECTS})",
        said("The subject is an absence notice."),
    ),
    _Rule(
        Kind.OUT_OF_OFFICE,
        "auto-submitted",
        r"auto-replied.*vacation|^vacation",
        said("The mail says it is an absence notice."),
    ),
    _Rule(
        Kind.OUT_OF_OFFICE,
        "delivered-by-the-graces-of",
        r"vacation|autoresp",
        said("Sent by a vacation program."),
    ),
    _Rule(
        Kind.AUTO_REPLY,
        "auto-submitted",
        r"^\s*auto-replied",
        said("Auto-Submitted says that a machine replied."),
    ),
    _Rule(
        Kind.AUTO_REPLY,
        "subject",
        rf"^\W*(?:{_AUTO_SUBJECTS})",
        said("The subject is that of an automatic reply."),
    ),
    _Rule(Kind.AUTO_REPLY, "x-autoreply", r"^(?!\s*no\b)", said("X-Autoreply is set.")),
    _Rule(Kind.AUTO_REPLY, "x-autorespond", r"^(?!\s*no\b)", said("X-Autorespond is set.")),
    _Rule(Kind.AUTO_REPLY, "x-autoreply-from", r"", said("X-Autoreply-From is set.")),
    _Rule(Kind.AUTO_REPLY, "x-mail-autoreply", r"", said("X-Mail-Autoreply is set.")),
    _Rule(
        Kind.AUTO_REPLY,
        "precedence",
        r"^\s*auto_?reply",
        said("Precedence says that it is an automatic reply."),
    ),
    _Rule(
        Kind.AUTO_REPLY,
        "x-precedence",
        r"^\s*auto_?reply",
        said("X-Precedence says that it is an automatic reply."),
    ),
    _Rule(
        Kind.AUTO_REPLY,
        "content-type",
        r"report-type=\W?disposition-notification",
        said("It is a read receipt."),
    ),
    _Rule(Kind.SPAM, "x-spam-flag", r"^\s*yes", said("X-Spam-Flag marks it as spam.")),
    _Rule(Kind.SPAM, "x-spam-status", r"^\s*yes", said("X-Spam-Status marks it as spam.")),
    _Rule(Kind.SPAM, "x-spam", r"^\s*(?:yes|true)", said("X-Spam marks it as spam.")),
    _Rule(
        Kind.SPAM,
        "x-ms-exchange-organization-scl",
        r"^\s*[6-9]\b",
        said("The mail server is confident that it is spam."),
    ),
    _Rule(Kind.LIST, "list-id", r"\S", said("It came through a mailing list (List-Id).")),
    _Rule(Kind.LIST, "list-post", r"\S", said("It came through a mailing list (List-Post).")),
    _Rule(Kind.LIST, "list-unsubscribe", r"\S", said("It was sent to many (List-Unsubscribe).")),
    _Rule(Kind.LIST, "precedence", r"^\s*(?:bulk|junk|list)", said("It was sent to many (Precedence).")),
    _Rule(Kind.AUTOMATIC, "auto-submitted", r"^\s*(?!no\b)\S", said("A machine wrote it (Auto-Submitted).")),
    _Rule(
        Kind.AUTOMATIC,
        "x-auto-response-suppress",
        r"\b(?!none\b)\w",
        said("It asks for no automatic answer."),
    ),
    _Rule(
        Kind.AUTOMATIC,
        "return-path",
        r"^\s*<\s*>",
        said("It must not be answered automatically (empty Return-Path)."),
    ),
    _Rule(Kind.AUTOMATIC, "content-type", r"^\s*multipart/report", said("A machine wrote it (a report).")),
    _Rule(Kind.AUTOMATIC, "from", r"mailer-daemon|postmaster@", said("A mail server wrote it.")),
    _Rule(
        Kind.AUTOMATIC,
        "from",
        r"\b(?:no|do[-_.]?not)[-_.]?reply\b[^<>]{0,60}@",
        said("Its sender reads no answers."),
    ),
)
_BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|maildaemon|mdaemon)@", re.IGNORECASE)
_DELIVERY_REPORT = re.compile(
    r"multipart/report\b.{0,500}report-type=\W?delivery-status", re.IGNORECASE | re.DOTALL
)


def screen(
    letter: Letter, *, own_addresses: frozenset[str], is_own_message_id: Callable[[str], bool]
) -> Screening:
    """The kind of a mail. `own_addresses` are case-folded; `is_own_message_id` knows every id that we ever sent."""
    if any(is_own_message_id(one) for one in letter.message_ids):
        return Screening(Kind.OWN_MAIL, said("It carries a Message-ID of our own: our mail came back."))
    if letter.sender is not None and letter.sender.key in own_addresses:
        own = said("Its sender %(address)s is an address of our own.", address=letter.sender.email)
        return Screening(Kind.OWN_MAIL, own)
    if _may_be_bounce(letter) and (bounce := read_bounce(letter)) is not None:
        return Screening(Kind.BOUNCE, _bounce_reason(bounce), bounce)
    for rule in _RULES:
        if rule.applies(letter):
            return Screening(rule.kind, rule.reason)
    return Screening(Kind.OK, said("Nothing speaks against it."))


def _may_be_bounce(letter: Letter) -> bool:
    """A delivery report, or a letter of a mail server. A customer who forwards a bounce is neither."""
    if _DELIVERY_REPORT.search(letter.header("content-type")) or letter.header("x-failed-recipients"):
        return True
    if any(one.content_type.endswith("delivery-status") for one in letter.attachments):
        return letter.header("return-path").strip() in ("", "<>")
    return letter.sender is not None and _BOUNCE_SENDER.match(letter.sender.email) is not None


def _bounce_reason(bounce: Bounce) -> Words:
    who: Words = ", ".join(bounce.recipients) or said("an unnamed recipient")
    status = f" ({bounce.status})" if bounce.status else ""
    if bounce.permanence is Permanence.HARD:
        return said("Our mail came back: %(who)s cannot be reached%(status)s.", who=who, status=status)
    return said("Our mail came back: %(who)s could not be reached for now%(status)s.", who=who, status=status)
