"""The pipe of the mail server, a folder, an mbox: nothing lost, the right exit code."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from apps.intake.models import InboundMail
from helpdesk.models import Department, Ticket
from tests.intake.letters import evil, mail


@pytest.fixture
def pipe(monkeypatch):
    def from_standard_input(raw, *options):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("receive_mail", *options)

    return from_standard_input


def test_one_message_comes_in_through_the_pipe(cast, pipe):
    pipe(mail(), "--mailbox", "shipping@desk.test")
    assert Ticket.objects.get().department == Department.objects.get(slug="shipping")


def test_a_poisoned_message_is_ours_and_needs_no_second_try(cast, pipe, capsys):
    pipe(evil()["every byte"])
    assert InboundMail.objects.get().state == "quarantined"
    assert "held back" in capsys.readouterr().err


def test_a_database_that_is_away_asks_for_another_try(cast, pipe, monkeypatch, capsys):
    def away(**_):
        raise OperationalError("the connection was refused")

    monkeypatch.setattr("apps.intake.management.commands.receive_mail.receive_mail", away)
    with pytest.raises(SystemExit) as end:
        pipe(mail())
    assert end.value.code == 75
    assert "try again later" in capsys.readouterr().err


def test_too_large_a_message_is_returned_to_its_sender(cast, pipe, monkeypatch):
    monkeypatch.setattr("apps.intake.management.commands.receive_mail.LARGEST", 100)
    with pytest.raises(SystemExit) as end:
        pipe(mail("x" * 200))
    assert end.value.code == 65
    assert not InboundMail.objects.exists()


def test_a_folder_of_all_evil_is_taken_to_the_last_message(cast, tmp_path, capsys):
    for number, raw in enumerate(evil().values()):
        (tmp_path / f"{number:03}.eml").write_bytes(raw)
    call_command("receive_mail", "--directory", tmp_path)
    assert InboundMail.objects.count() >= len(evil()) - 2
    assert not InboundMail.objects.filter(state="received").exists()
    assert "taken" in capsys.readouterr().out


def test_a_folder_is_emptied_into_another_once_stored(cast, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(mail())
    call_command("receive_mail", "--directory", tmp_path / "new", "--done", tmp_path / "done")
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["1"]
    assert not list((tmp_path / "new").iterdir())


def test_an_mbox_is_read_message_by_message(cast, tmp_path, capsys):
    letters = [mail(headers={"Message-ID": f"<letter.{number}@x.test>"}) for number in range(3)]
    box = b"".join(
        b"From zoe@x.test Mon Feb  2 10:00:00 2026\n" + one.replace(b"\r\n", b"\n") + b"\n\n"
        for one in letters
    )
    (tmp_path / "box").write_bytes(box)
    call_command("receive_mail", "--mbox", tmp_path / "box")
    call_command("receive_mail", "--mbox", tmp_path / "box")
    assert capsys.readouterr().out == "3 taken\n3 taken\n"
    assert Ticket.objects.count() == 3


def test_a_folder_that_is_not_there_is_said(cast, tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        call_command("receive_mail", "--directory", tmp_path / "none")
