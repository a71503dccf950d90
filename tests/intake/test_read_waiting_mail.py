"""Mail that was stored and not read: one that breaks its reader stops none of the others."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import OperationalError

from apps.intake.models import InboundMail
from apps.intake.services import read_waiting_mail
from tests.factories import NOW
from tests.intake.letters import mail

LATER = timedelta(minutes=2)
receiving = import_module("apps.intake.services.receive_mail")


@pytest.fixture
def waiting(cast) -> list[InboundMail]:
    """Three mails whose process died before it read them, oldest first."""
    raws = [mail(headers={"Message-ID": f"<{n}@x.test>", "Subject": f"Number {n}"}) for n in range(3)]
    return [
        InboundMail.objects.create(
            mailbox="billing@desk.test", raw=raw, size=len(raw), sha256=str(n), received_at=NOW
        )
        for n, raw in enumerate(raws)
    ]


@pytest.fixture
def faulty(waiting, monkeypatch) -> InboundMail:
    """The oldest: the database is away whenever it is its turn."""
    take_in = receiving._take_in

    def give_up(stored, letter, **told):
        if stored.pk == waiting[0].pk:
            raise OperationalError("the connection was lost")
        return take_in(stored, letter, **told)

    monkeypatch.setattr(receiving, "_take_in", give_up)
    return waiting[0]


def states():
    return list(InboundMail.objects.order_by("pk").values_list("state", flat=True))


def test_all_that_waits_is_read(cast, waiting):
    assert read_waiting_mail(by=cast.system, at=NOW + LATER) == 3
    assert states() == ["done"] * 3


def test_what_must_wait_does_not_keep_the_others(cast, faulty):
    with pytest.raises(ExceptionGroup, match="1 failed, 2 done") as raised:
        read_waiting_mail(by=cast.system, at=NOW + LATER)
    assert raised.group_contains(OperationalError)
    assert states() == ["received", "done", "done"]


def test_it_is_tried_again_and_holds_nobody_up(cast, faulty, monkeypatch):
    InboundMail.objects.exclude(pk=faulty.pk).update(received_at=NOW + LATER)
    for at in (NOW + LATER, NOW + 3 * LATER):
        with pytest.raises(ExceptionGroup):
            read_waiting_mail(by=cast.system, at=at)
    assert states() == ["received", "done", "done"]
    monkeypatch.undo()
    assert read_waiting_mail(by=cast.system, at=NOW + 3 * LATER) == 1
    assert states() == ["done"] * 3


def test_what_the_database_will_always_refuse_is_set_aside(cast, waiting, monkeypatch):
    take_in = receiving._take_in

    def refuse(stored, letter, **told):
        if stored.pk == waiting[0].pk:
            error = OperationalError("string is too long for tsvector")
            error.__cause__ = type("Cause", (Exception,), {"pgcode": "54000"})()
            raise error
        return take_in(stored, letter, **told)

    monkeypatch.setattr(receiving, "_take_in", refuse)
    read_waiting_mail(by=cast.system, at=NOW + LATER)
    assert states() == ["quarantined", "done", "done"]
