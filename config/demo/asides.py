"""What is said on some tickets besides the letter and its answer: notes between colleagues, second letters."""

from random import Random

NOTES = (
    "Called back, nobody there. Trying again tomorrow morning.",
    "Same as last week's: checked the account first, nothing else open.",
    "The customer is friendly but tired of it. Please do not ask for the serial number again.",
    "Looked it up with the warehouse: they will answer by noon.",
    "Second contact about this. I have told the lead.",
    "Wants a call after six in the evening only.",
    "Credit agreed with the lead; it goes out with the next invoice.",
    "Log attached in the device system. It lost the connection four times that night.",
    "Not our mistake, but we leave the customer with nothing if we say so. Offered help.",
    "If this comes back: it is the third from this street.",
)
TOO_LATE = (
    "Hello again, it is about that invoice from last season: my accountant has found another mistake in it."
)
STILL_WRONG = (
    "I am afraid it is still not right. It is the same as before.",
    "Thank you, but nothing has changed.",
    "It worked for a day and is back now.",
    "That did not help. What else can we try?",
)
SECOND_ANSWERS = (
    "Hello {name},\n\nThank you for telling us. We looked at it again and found what we had missed; it is put right now.\n\n{agent}, Warmfold",
    "Hello {name},\n\nI am sorry that you had to write twice. It is settled now, and I have checked it myself.\n\n{agent}, Warmfold",
)
NOT_HAPPY = (
    "The answer was friendly, but it took far too long and I had to ask twice what it meant.",
    "I got an explanation, and the trouble is still mine. That is not what I pay for.",
    "Nobody told me why it happened. I have no reason to think that it won't happen again.",
    "I was asked for things that stand in my account. Please read first, then ask.",
    "Three people, three answers. In the end I found it out myself.",
    "Solved, you say. For me it is not.",
)
QUESTIONS = (
    "Can you see on your side what happened here? The customer waits for an answer.",
    "Is this known? Please tell us what to say to the customer.",
    "Please check and put it right; we will tell the customer.",
    "Who decided this, and may we make an exception?",
)
NOTED = 0.05
NOTED_WHILE_OPEN = 0.35


def note(random: Random, *, is_open: bool) -> str | None:
    """A colleague's note; most tickets have none."""
    if random.random() > (NOTED_WHILE_OPEN if is_open else NOTED):
        return None
    return random.choice(NOTES)
