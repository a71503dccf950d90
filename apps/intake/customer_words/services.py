"""What is done about the words customers read."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.intake.customer_words.queries import LANGUAGES, texts
from apps.intake.models import MAX_CUSTOMER_WORDS, CustomerWords
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import User
from helpdesk.permissions import require
from helpdesk.sentences import Number

VERB = "intake.fields"


@transaction.atomic
def say_to_customers(*, language: str, words: Mapping[str, str], by: User, at: datetime) -> int:
    """Write what texts are called in a language; "" takes a translation away, and texts that are not sent keep theirs.
    Returns how many changed. Raises Invalid, NotAllowed."""
    require(by, VERB)
    if language not in LANGUAGES:
        raise Invalid(_("Choose a language."), pointer="language")
    given = {text: " ".join(said.replace("\0", "").split()) for text, said in words.items()}
    if unknown := set(given) - set(texts()):
        raise Invalid(
            _("Customers read nothing called “%(text)s”.") % {"text": min(unknown)}, pointer="words"
        )
    if any(len(said) > MAX_CUSTOMER_WORDS for said in given.values()):
        most = Number(MAX_CUSTOMER_WORDS, grouped=True)
        raise Invalid(_("At most %(most)s characters.") % {"most": most}, pointer="words")
    rows = CustomerWords.objects.select_for_update(of=("self",), no_key=True)
    stand = {row.text: row.words for row in rows.filter(language=language)}
    changed = [text for text, said in given.items() if said != stand.get(text, "")]
    CustomerWords.objects.filter(language=language, text__in=changed).delete()
    # Of two who write the same at once, the later word stands.
    CustomerWords.objects.bulk_create(
        [CustomerWords(language=language, text=text, words=given[text]) for text in changed if given[text]],
        update_conflicts=True, unique_fields=["language", "text"], update_fields=["words"],
    )  # fmt: skip
    if changed:
        told = [{"text": text, "from": stand.get(text, ""), "to": given[text]} for text in changed]
        events.record(
            "customer_words.saved", about=f"customer_words:{language}", by=by, at=at, data={"changed": told}
        )
    return len(changed)
