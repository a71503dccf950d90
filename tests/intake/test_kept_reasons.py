"""Why a mail was held back is kept once, and read by everybody in their own language."""

from importlib import import_module

import pytest
from django.utils.translation import override

from apps.intake.models import InboundMail
from apps.intake.services import Poisoned
from helpdesk.errors import DomainError
from helpdesk.models import Event, Ticket
from helpdesk.sentences import read
from tests.factories import NOW
from tests.intake.letters import mail
from tests.intake.test_desk_pages import QUARANTINE, held_back


class TooBad(DomainError):
    """You may not do this."""


@pytest.fixture
def lena(cast, sign_in):
    cast.lena.language = "de"
    cast.lena.save(update_fields=["language"])
    return sign_in(cast.lena)


def shown(lena) -> str:
    return lena.get(QUARANTINE).content.decode()


def test_what_was_screened_in_english_is_read_in_german_and_can_be_restored(cast, lena):
    stored = held_back(cast)
    assert str(InboundMail.objects.get().reason) == "X-Spam-Flag marks it as spam."
    page = shown(lena)
    assert "X-Spam-Flag kennzeichnet sie als Spam." in page
    assert "marks it as spam" not in page
    lena.post(f"{QUARANTINE}{stored.pk}/restore/")
    assert Ticket.objects.exists()


def test_what_was_screened_in_german_is_read_in_english(cast):
    with override("de"):
        held_back(cast)
    assert str(InboundMail.objects.get().reason) == "X-Spam-Flag marks it as spam."
    assert (
        str(read(Event.objects.get(kind="mail.screened").data["reason"])) == "X-Spam-Flag marks it as spam."
    )


def test_a_reason_of_before_is_shown_as_it_was_written(cast, lena):
    held_back(cast)
    InboundMail.objects.update(reason="It was larger than {limit} MB.")
    assert "It was larger than {limit} MB." in shown(lena)


def test_a_refusal_and_a_flood_are_kept_to_be_translated(cast, lena, monkeypatch):
    module = import_module("apps.intake.services.receive_mail")

    def refuse(**_):
        raise TooBad

    with monkeypatch.context() as patched:
        patched.setattr(Ticket, "open", refuse)
        with pytest.raises(Poisoned, match="You may not do this"):
            module.receive_mail(raw=mail(), mailbox="billing@desk.test", by=cast.system, at=NOW)
    monkeypatch.setattr(module, "FLOOD", 0)
    raw = mail(headers={"Message-ID": "<one.more@x.test>"})
    module.receive_mail(raw=raw, mailbox="billing@desk.test", by=cast.system, at=NOW)
    page = shown(lena)
    assert "Das dürfen Sie nicht." in page
    assert "Mehr als 0 Mails dieses Absenders innerhalb einer Stunde." in page
