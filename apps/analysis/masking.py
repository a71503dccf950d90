"""Personal data hidden in words that are shown to people who need no names: verbatims, digests, owners'
pages.

Each find is replaced by what it was, as in “[e-mail]”. Card numbers must pass Luhn's check and bank accounts
the IBAN check, so ordinary numbers survive; long runs of digits and numbers that are named (orders, accounts,
national ids) are masked all the same, because a case needs the complaint and not the account. Error codes stay.
Names are masked when they are known (from the ticket's customer) or announced (“my name is ...”, a greeting, a
signature).

Limits: rules, not understanding: a name in the middle of a sentence that nobody told us stays. Masking is for
display; the stored text is untouched, and masking twice changes nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){12,18}(?![\w-]*\d)")
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d[\d ().-]{6,18}\d(?![\w/]|[.,]\d)")
_AREA_CODE = re.compile(r"(?<![\w.,/-])\(?0\d{1,5}\)? ?/ ?\d[\d -]{3,10}\d(?![\w/]|[.,]\d)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$")
_NUMBER = re.compile(r"(?<![\w.,-])[A-Z]{0,4}[-#]?\d(?:[- ]?\d){6,}(?!\w|[.,]\d)")
# A number with letters before it ("WF-204817") is an order's from five digits on; fewer may be an error's.
_PREFIXED = re.compile(r"(?<![\w-])[A-Z]{1,6}[-/#]?\d(?:[-/ ]?\d){4,}(?!\w|[.,]\d)")
_REFERRED = re.compile(
    r"\b(?P<cue>(?i:order|invoice|customer|account|contract|ticket|case|booking|voucher|tracking|reference|ref|policy|"
    r"bestell\w*|rechnung\w*|kunden\w*|vertrag\w*|pedido|factura|cliente|commande|facture|ordine|fattura)"
    r"\.?(?: ?(?i:id|no|nr|number|nummer|code|n[o\u00ba\u00b0]|n\u00famero|num\u00e9ro|numero))?[.:]? ?(?i:is )?#?)"
    r"(?P<name>(?=(?:[A-Za-z/-]*\d){4})[A-Za-z0-9][A-Za-z0-9/-]*[A-Za-z0-9])(?![.,]\d)"
)
_ADDRESS_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_STREET = re.compile(
    r"\b\d{1,5}[a-zA-Z]?,? (?:[A-Z][\w'-]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Way|Square|Sq|Boulevard|Blvd|Close|Place)\b\.?"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?"
_NAME = rf"(?P<name>{_WORD}(?: {_WORD}){{0,2}})"
_CALLED = (
    r"my (?:full )?name is|i am called|this is(?= \S+(?: \S+)? (?:calling|speaking|writing))|account holder(?: is)?|"
    r"(?:mr|mrs|ms|miss|dr)\.?|ich hei(?:ß|ss)e|mein name ist|herrn?|frau|me llamo|mi nombre es|señora?|sra?\.|"
    r"je m['’]appelle|mon nom est|monsieur|madame|mi chiamo|mijn naam is|ik heet"
)
_GREETINGS = (
    r"dear|hello|hi|hallo|guten (?:tag|morgen)|lieber?|sehr geehrter?|hola|estimad[oa]|buenos días|bonjour|"
    r"ch(?:er|ère)|ciao|buongiorno|beste"
)
_CLOSINGS = (
    r"regards|wishes|sincerely|thanks|thank you|cheers|yours|faithfully|grü(?:ß|ss)en?|gru(?:ß|ss)|danke|saludos?|"
    r"gracias|atentamente|cordialement|merci|saluti|grazie|groeten|bedankt"
)
_ANNOUNCED = re.compile(rf"(?P<cue>\b(?i:{_CALLED})[ :]+){_NAME}")
_SAID_OF_ONESELF = re.compile(
    rf"(?P<cue>\b(?i:i am|i['’]m|ich bin) )(?P<name>{_WORD} {_WORD})(?= (?:and|from|und|aus)|[,.])"
)
_GREETED = re.compile(rf"(?P<cue>^\s*(?i:{_GREETINGS})[ ,]+){_NAME}(?=\s*[,!:\n]|$)", re.MULTILINE)
_SIGNED = re.compile(
    rf"(?P<cue>(?i:{_CLOSINGS})[,.!]?\s*\n+\s*)(?P<name>{_WORD}(?: {_WORD}){{0,3}})(?=\s*$)", re.MULTILINE
)
_NOT_NAMES = frozenset(
    {
        "sir", "madam", "team", "support", "all", "there", "everyone", "customer", "service", "again", "damen",
        "herren", "zusammen", "kundenservice", "señores", "señoras", "todos", "tous", "equipo",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Masked:
    """A text fit to be shown, and how many finds of each kind it hides."""

    text: str
    hidden: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        return sum(number for _, number in self.hidden)


def mask(text: str, *, names: Iterable[str] = ()) -> Masked:
    """Hide personal data in `text`; `names` are words known to be personal (the customer's name, their
    company).
    """
    found: Counter[str] = Counter()
    for kind, pattern, holds in _CHECKED:
        text = pattern.sub(_replacing(kind, holds, found), text)
    text = _REFERRED.sub(_replacing_reference(found), text)
    for kind, pattern, holds in _LOOSE:
        text = pattern.sub(_replacing(kind, holds, found), text)
    for pattern in (_ANNOUNCED, _SAID_OF_ONESELF, _GREETED, _SIGNED):
        text = pattern.sub(_replacing_name(found), text)
    text = _mask_known(text, names, found)
    return Masked(text, tuple(sorted(found.items())))


def sentence(masked: Masked) -> str:
    """One plain sentence on what was hidden."""
    if not masked.count:
        return "Nothing personal was found to hide."
    return "Hidden: " + ", ".join(f"{number} x {kind}" for kind, number in masked.hidden) + "."


def _replacing(
    kind: str, holds: Callable[[str], bool], found: Counter[str]
) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if not holds(match[0]):
            return match[0]
        found[kind] += 1
        return f"[{kind}]"

    return replace


def _replacing_name(found: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if match["name"].split()[0].lower().strip(".") in _NOT_NAMES:
            return match[0]
        found["name"] += 1
        return f"{match['cue']}[name]"

    return replace


def _replacing_reference(found: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if not _is_no_date(match["name"]):
            return match[0]
        found["number"] += 1
        return f"{match['cue']}[number]"

    return replace


def _mask_known(text: str, names: Iterable[str], found: Counter[str]) -> str:
    """Whole names first, then their words of three letters and more, so that “Zoe Marsh” becomes one mask."""
    whole = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    words = sorted({word for name in whole for word in name.split() if len(word) > 2}, key=len, reverse=True)
    for known in [*whole, *words]:
        if _folded(known) not in _folded(text):
            continue  # most texts name nobody, and a pattern for each name costs more than all the fixed ones
        text, number = re.subn(
            rf"(?<![\w\[]){re.escape(known)}(?![\w\]])", "[name]", text, flags=re.IGNORECASE
        )
        if number:
            found["name"] += number
    return text


def _folded(text: str) -> str:
    """Letters that a pattern takes for each other when it ignores case become one: an i with a dot and without too."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def _always(_: str) -> bool:
    return True


def _passes_luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_iban(account: str) -> bool:
    bare = account.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1


def _is_phone(number: str) -> bool:
    """Long enough, no date, and written as people write telephone numbers; a bare run of digits is a number."""
    digits = sum(c.isdigit() for c in number)
    written_so = not number.isdigit() or number.startswith("0")
    return 7 <= digits <= 15 and written_so and _is_no_date(number)


def _is_no_date(number: str) -> bool:
    return not _DATE.match(number)


Rule = tuple[str, re.Pattern[str], Callable[[str], bool]]
_CHECKED: tuple[Rule, ...] = (
    ("e-mail", _EMAIL, _always),
    ("link", _LINK, _always),
    ("bank account", _IBAN, _is_iban),
    ("card number", _CARD, _passes_luhn),
    ("national id", _SOCIAL, _always),
    ("internet address", _ADDRESS_IP, _always),
)
_LOOSE: tuple[Rule, ...] = (
    ("number", _PREFIXED, _is_no_date),
    ("phone", _AREA_CODE, _is_no_date),
    ("phone", _PHONE, _is_phone),
    ("number", _NUMBER, _is_no_date),
    ("address", _STREET, _always),
)
