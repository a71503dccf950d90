"""What a mail server is told: `manage.py receive_mail` as it runs it, a program of its own with an exit code."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from apps.intake.models import InboundMail
from helpdesk.models import Ticket
from tests.factories import make_cast
from tests.intake.letters import mail

MANAGE = Path(__file__).parents[2] / "manage.py"
TAKEN, TRY_AGAIN = 0, 75


def bring(raw=b"", *options, **changed):
    """Run the command with these changes of its environment; None takes a variable away."""
    environment = {name: value for name, value in (os.environ | changed).items() if value is not None}
    command = [sys.executable, MANAGE, "receive_mail", *options]
    return subprocess.run(
        command, input=raw or mail(), env=environment, capture_output=True, check=False, timeout=60
    )


@pytest.fixture
def desk(transactional_db):
    """The address of a database that the program and the test share."""
    make_cast()
    server = urlsplit(os.environ["DATABASE_URL"])
    return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def full_disk():
    """PostgreSQL answers every new mail as it does when its disk is full."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE 'no space left' USING ERRCODE = 'disk_full';"
            "END $$ LANGUAGE plpgsql;"
            "CREATE TRIGGER refuse BEFORE INSERT ON intake_inboundmail EXECUTE FUNCTION refuse()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION refuse() CASCADE")


def test_a_mail_that_was_taken_ends_well(desk):
    done = bring(DATABASE_URL=desk)
    assert (done.returncode, done.stderr) == (TAKEN, b"")
    assert Ticket.objects.count() == InboundMail.objects.count() == 1


def test_a_full_disk_of_the_database_asks_for_another_try(desk):
    with full_disk():
        done = bring(DATABASE_URL=desk)
    assert done.returncode == TRY_AGAIN
    assert b"try again later: no space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_database_that_nobody_reaches_asks_for_another_try():
    done = bring(DATABASE_URL="postgresql://nobody@127.0.0.1:1/desk")
    assert done.returncode == TRY_AGAIN
    assert b"try again later" in done.stderr


def test_a_database_without_its_tables_asks_for_another_try():
    assert bring(DATABASE_URL=os.environ["DATABASE_URL"]).returncode == TRY_AGAIN


def test_servers_that_can_not_be_started_ask_for_another_try(tmp_path):
    broken = {"HELPDESK_DATA": str(tmp_path / "var"), "HELPDESK_PG_BIN": str(tmp_path), "DATABASE_URL": None}
    assert bring(**broken).returncode == TRY_AGAIN


def test_a_data_folder_that_can_not_be_made_asks_for_another_try(tmp_path):
    (tmp_path / "file").touch()
    done = bring(HELPDESK_DATA=str(tmp_path / "file" / "var"), DATABASE_URL=None)
    assert done.returncode == TRY_AGAIN


def test_a_missing_variable_asks_for_another_try():
    done = bring(SECRET_KEY=None)
    assert done.returncode == TRY_AGAIN
    assert b"SECRET_KEY" in done.stderr


def test_a_folder_that_is_not_there_is_a_mistake_of_whoever_called(tmp_path):
    done = bring(b"", "--directory", str(tmp_path / "none"))
    assert done.returncode == 1
    assert b"is no folder" in done.stderr
