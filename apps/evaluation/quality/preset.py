"""The form a new house begins with: what customers expect of an answer, and what the house owes whoever gives it.

Ours, to be changed. Its order is that of an answer: acknowledge, find out, explain, settle within authority, say what
comes next, code it rightly; then the same question of the system, for most dissatisfaction is not made by who answers.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.evaluation.models import About, Scale


@dataclass(frozen=True)
class Question:
    """One criterion, before it belongs to a scorecard."""

    group: str
    code: str
    question: str
    looks_like: str
    scale: str = Scale.YES_NO
    weight: int = 1
    is_critical: bool = False
    about: str = About.AGENT


def name() -> str:
    """What the form is called."""
    return _("How we answer")


def questions() -> tuple[Question, ...]:
    """In the language of whoever lays it out: from then on the words are the house's own."""
    listen, settle, close = _("Listen"), _("Settle"), _("Close the loop")
    system = _("What the system allowed")
    return (
        Question(
            listen, "acknowledge", _("Is what happened acknowledged, before anything else?"),
            _("Names the customer's problem in their own terms and, where we caused it, says sorry once and means it. "
              "Money with an explanation or apology satisfies about twice as many as money alone."), Scale.FOUR, 2,
        ),
        Question(
            listen, "wish", _("Is it clear what the customer wants?"),
            _("Asks, or has read it in the message, and answers that. Asks everything that is missing in one go."),
            weight=2,
        ),
        Question(
            listen, "every-issue", _("Is every issue in the message answered?"),
            _("Nothing that was asked is left for a second contact."), weight=2,
        ),
        Question(
            settle, "cause", _("Is the cause explained?"),
            _("Says why it happened, truthfully and without blaming a colleague, a department or the customer."),
            Scale.FOUR, 2,
        ),
        Question(
            settle, "remedy", _("Is the remedy fair, and within the agent's authority?"),
            _("Uses the solution space of the issue: no less than was allowed, no more without asking."), Scale.FOUR, 3,
        ),
        Question(
            settle, "correct", _("Is everything that was said correct?"),
            _("Facts, amounts, dates and conditions are right. A wrong answer costs more than a late one."), weight=3,
            is_critical=True,
        ),
        Question(
            settle, "safety", _("Were safety, privacy and promises of the law kept?"),
            _("No data of others, no advice that can hurt somebody, identity checked where it has to be."), weight=3,
            is_critical=True,
        ),
        Question(
            close, "expectation", _("Does the customer know what happens next, and when?"),
            _("A next step with a time that we will keep, and what to do should it not happen."), weight=2,
        ),
        Question(
            close, "prevent", _("Is said how to avoid it next time, where the customer can?"),
            _("One sentence, as help and not as reproach. Does not apply where the cause is ours alone."),
        ),
        Question(
            close, "coding", _("Is the ticket coded rightly, and is the suspected cause noted?"),
            _("Whoever counts these tickets would find the reason. This is how the cause gets removed."), weight=2,
        ),
        Question(
            close, "language", _("Is it plain, kind and easy to read?"),
            _("Short sentences, no jargon, no blocks of text that answer somebody else. "
              "A person wrote it to a person."),
            Scale.FOUR,
        ),
        Question(
            system, "guidance", _("Was there guidance for this issue, and was it right?"),
            _("No: it was missing, out of date or impossible to follow."), about=About.GUIDANCE,
        ),
        Question(
            system, "authority", _("Could the agent settle it without asking?"),
            _("No: a fair remedy was above the limit, or waited for somebody."), about=About.AUTHORITY,
        ),
        Question(
            system, "promise", _("Was what we promised the customer true?"),
            _("No: advertising, the contract or a colleague promised what the company does not do."),
            about=About.PROMISE,
        ),
        Question(
            system, "product", _("Does the product do what the customer may expect?"),
            _("No: without a change of the product the next customer writes the same."), about=About.PRODUCT,
        ),
        Question(
            system, "process", _("Did our process make it easy?"),
            _("No: a rule, a hand-over or a wait of ours is why they had to write, or write again."),
            about=About.PROCESS,
        ),
        Question(
            system, "tools", _("Had the agent what was needed on one screen?"),
            _("No: looked it up elsewhere, asked around, or could not know."), about=About.TOOL,
        ),
)  # fmt: skip
