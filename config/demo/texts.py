"""How customers write: whole letters put together out of an issue's sentences, in moods, lengths and languages.

A letter is a greeting, an opener, what happened, details, a wish and a name, most of them left out at random; some
letters are a hurried line, some ramble, some carry typing errors, and some hold what should be masked: card
numbers (the card industry's test numbers), telephone numbers (kept free for films), account numbers (the
standards' specimens). Everything is drawn from one `random.Random`, so the same draws give the same letters.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from config.demo.taxonomy import Wording

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ROOMS = (
    "living room", "bedroom", "kitchen", "bathroom", "nursery", "study", "hall", "dining room", "guest room", "attic",
)  # fmt: skip
ROOMS_DE, ROOMS_ES = "Schlafzimmer", "dormitorio"
GREETINGS = {
    "en": ("Hello,", "Hi,", "Dear Warmfold team,", "Good morning,", "Good evening,", "Hi there,", "To whom it may concern,", "Hello again,"),
    "de": ("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,"),
    "es": ("Hola,", "Buenos días,", "Estimados señores:"),
}  # fmt: skip
OPENERS = {
    "en": (
        "I have been a customer for {weeks} weeks.",
        "I hope you can help me.",
        "I am writing because of order {order}.",
        "I tried to find the answer on your pages first.",
        "My husband set everything up, so forgive me if I use the wrong words.",
        "I am usually very content with you.",
        "We have {count} radiators with your valves.",
        "This concerns my {plan} plan.",
        "I rent out a flat with your system in it.",
        "I was on the phone with you on {date}.",
    ),
    "de": ("Ich bin seit {weeks} Wochen Kunde bei Ihnen.", "Es geht um meine Bestellung {order}.", "Ich hoffe, Sie können mir helfen."),
    "es": ("Soy cliente desde hace {weeks} semanas.", "Escribo por mi pedido {order}.", "Espero que puedan ayudarme."),
}  # fmt: skip
WISHES = {
    "en": (
        "Please put this right.",
        "Please let me know by {date}.",
        "What can be done?",
        "I expect an answer within {days} days.",
        "Could you look into it?",
        "Please call me, I am at home from {hour}.",
        "I would be grateful for a quick answer.",
        "Otherwise I will have to leave you.",
        "A short answer by mail is enough.",
        "Is that normal?",
    ),
    "de": ("Bitte kümmern Sie sich darum.", "Bitte um Antwort bis zum {dmy}.", "Was kann man da tun?"),
    "es": ("Por favor, soluciónenlo.", "Espero su respuesta antes del {dmy}.", "¿Qué se puede hacer?"),
}  # fmt: skip
ATTEMPTS = (
    "I wrote to you on {date} and got no answer.",
    "I have already called {count} times.",
    "The chat on your page sent me round in circles.",
    "A friend looked at it as well and could not explain it.",
    "I waited {days} days before writing, hoping it would go away.",
)
CLOSINGS = {
    "en": ("Kind regards", "Thanks", "Best wishes", "Thank you", "Regards", "Yours", "Cheers"),
    "de": ("Mit freundlichen Grüßen", "Danke", "Viele Grüße"),
    "es": ("Saludos", "Gracias", "Un saludo"),
}
CONFIDENCES = (
    "My card number is {card} in case you need it.",
    "You can charge it to {card}, valid until 09/29.",
    "You reach me at {phone}.",
    "My mobile is {phone}, in the evening.",
    "Please pay it to {iban}.",
)
CARDS = (
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "4000056655665556",
    "3782 822463 10005",
    "4242-4242-4242-4242",
)
IBANS = ("GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00", "ES91 2100 0418 4502 0005 1332")
PHONE_NOTES = ("Caller says: ", "By phone. ", "Customer rang. ", "Call from {name}: ")
SUBJECTS = {"de": ("Frage zu {order}", "Problem mit Warmfold", "Bitte um Hilfe", "Anliegen vom {dmy}"),
            "es": ("Consulta sobre {order}", "Problema con Warmfold", "Necesito ayuda", "Asunto del {dmy}")}  # fmt: skip
REPLY_ENDS = ("Kind regards", "With best wishes", "Yours")
KEYS, KEYS_BESIDE = "abcdefghijklmnopqrstuvwxyz", "svxfrghjoklknmpowtdyibecux"
NEIGHBOURS = dict(zip(KEYS, KEYS_BESIDE, strict=True))

HURRIED, LONG, TYPING_ERRORS, CONFIDING, OPENING, WISHING, DETAILED = 0.16, 0.12, 0.16, 0.05, 0.45, 0.55, 0.6


@dataclass(frozen=True)
class Letter:
    """A subject, a body, and our answer to it."""

    subject: str
    body: str
    reply: str


@dataclass(frozen=True)
class Occasion:
    """Who writes, when, about which thing, in which language and by which channel."""

    name: str
    day: date
    language: str
    channel: str
    version: str
    plan: str
    agent: str


def compose(random: Random, wording: Wording, second: Wording | None, occasion: Occasion) -> Letter:
    """A letter about an issue, and about a second one if there is one, and what we answered."""
    slots = _slots(random, occasion)
    says = _says(random, wording, occasion.language)
    if second is not None:
        says += _another(occasion.language) + _says(random, second, occasion.language)
    body = _body(random, says, wording, occasion).format_map(slots)
    subject = _subject(random, wording, occasion).format_map(slots)
    if random.random() < TYPING_ERRORS:
        body, subject = (
            _mistyped(random, body),
            _mistyped(random, subject) if random.random() < 0.3 else subject,
        )
    return Letter(subject, body, _reply(random, wording, occasion, slots))


def _slots(random: Random, occasion: Occasion) -> dict[str, str]:
    past = occasion.day - timedelta(days=int(random.expovariate(1 / 9)) + 1)
    sign = "$" if occasion.language == "en" else "€"
    amount = random.choice((7.99, 9.9, 12.9, 14.9, 19.9, 24.9, 34.5, 49.0, 89.0)) + random.randrange(0, 40)
    room = {"de": ROOMS_DE, "es": ROOMS_ES}.get(occasion.language) or random.choice(ROOMS)
    return {
        "amount": f"{sign}{amount:.2f}",
        "amount2": f"{sign}{amount * random.choice((0.5, 0.6, 0.75, 0.8)):.2f}",
        "date": f"{past.day} {MONTHS[past.month - 1]}",
        "dmy": f"{past:%d.%m.%Y}",
        "month": MONTHS[past.month - 1],
        "days": str(random.randrange(3, 24)),
        "weeks": str(random.randrange(2, 60)),
        "count": str(random.randrange(2, 9)),
        "room": room,
        "order": f"WF-{random.randrange(100_000, 999_999)}",
        "hour": f"{random.randrange(0, 24)}:{random.choice(('00', '10', '15', '30', '45', '50'))}",
        "voucher": f"WARM-{random.randrange(100, 999)}",
        "plan": occasion.plan,
        "version": occasion.version,
        "name": occasion.name,
        "card": random.choice(CARDS),
        "phone": f"07700 900{random.randrange(0, 1000):03}",
        "iban": random.choice(IBANS),
    }


def _says(random: Random, wording: Wording, language: str) -> str:
    return random.choice({"de": wording.de, "es": wording.es}.get(language, wording.says))


def _another(language: str) -> str:
    return {"de": " Außerdem: ", "es": " Además: "}.get(language, " One more thing: ")


def _body(random: Random, says: str, wording: Wording, occasion: Occasion) -> str:
    language, chance = occasion.language, random.random
    if occasion.channel == "phone" and language == "en":
        return (
            random.choice(PHONE_NOTES)
            + says
            + (f" {random.choice(wording.more)}" if chance() < DETAILED else "")
        )
    if chance() < HURRIED:
        return says if chance() < 0.5 else f"{says} {random.choice(WISHES[language])}"
    rambles = chance() < LONG
    openers = 2 if rambles else int(chance() < OPENING)
    sentences = random.sample(OPENERS[language], openers)
    sentences.append(says)
    if language == "en" and (rambles or chance() < DETAILED):
        sentences += random.sample(wording.more, min(len(wording.more), 3 if rambles else 1))
    if rambles and language == "en":
        sentences.append(random.choice(ATTEMPTS))
    if chance() < CONFIDING:
        sentences.append(random.choice(CONFIDENCES))
    if rambles or chance() < WISHING:
        sentences.append(random.choice(WISHES[language]))
    return _laid_out(random, sentences, rambles=rambles, language=language)


def _laid_out(random: Random, sentences: list[str], *, rambles: bool, language: str) -> str:
    middle = len(sentences) // 2
    parts = [" ".join(sentences[:middle]), " ".join(sentences[middle:])] if rambles else [" ".join(sentences)]
    if random.random() < 0.8:
        parts.insert(0, random.choice(GREETINGS[language]))
    if random.random() < 0.7:
        parts.append(f"{random.choice(CLOSINGS[language])}\n{{name}}")
    return "\n\n".join(part for part in parts if part)


def _subject(random: Random, wording: Wording, occasion: Occasion) -> str:
    subject = random.choice(SUBJECTS.get(occasion.language, wording.subjects))
    if occasion.language == "en" and "{" not in subject and random.random() < 0.35:
        subject += random.choice(
            (" ({order})", ", {date}", " - {room}", " - {plan} plan", " again", ", please help")
        )
    return subject.lower() if random.random() < 0.08 else subject


def _mistyped(random: Random, text: str) -> str:
    """One to three slips of the finger: a letter dropped, doubled, swapped with the next, or the key beside it."""
    letters = list(text)
    for _ in range(random.randrange(1, 4)):
        place = random.randrange(len(letters))
        letter = letters[place]
        if not letter.isalpha():
            continue
        slip = random.randrange(4)
        if slip == 0:
            letters[place] = ""
        elif slip == 1:
            letters[place] = letter * 2
        elif slip == 2 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letter
        else:
            letters[place] = NEIGHBOURS.get(letter, letter)
    return "".join(letters)


def _reply(random: Random, wording: Wording, occasion: Occasion, slots: dict[str, str]) -> str:
    first = occasion.name.split(" ", 1)[0]
    answer = random.choice(wording.replies).format_map(slots)
    start = random.choice(
        ("Thank you for writing.", "Thank you for your patience.", "I have looked into this.")
    )
    return f"Hello {first},\n\n{start} {answer}\n\n{random.choice(REPLY_ENDS)}\n{occasion.agent}, Warmfold"
