"""Backup and restore: a round trip, and every way in which it must refuse and change nothing."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from helpdesk.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    folder = Path(settings.MEDIA_ROOT) / "attachments"
    folder.mkdir(parents=True)
    (folder / "bill.pdf").write_bytes(b"%PDF of Zoe")
    return folder


@pytest.fixture
def file(tmp_path, cast):
    """A backup of a desk with its cast."""
    path = tmp_path / "desk.tar"
    call_command("backup", path)
    return path


def restore(file, **options):
    connection.close()
    call_command("restore", file, **options)


def names():
    return set(User.objects.values_list("name", flat=True))


def archive_of(path, **members):
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_dot_", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_what_was_lost_comes_back_and_what_came_later_goes(file, cast, media):
    before = names()
    User.objects.filter(pk=cast.ana.pk).update(name="Somebody else")
    (media / "bill.pdf").unlink()
    (media / "later.txt").write_text("after the backup")

    restore(file, replace=True)

    assert names() == before
    assert (media / "bill.pdf").read_bytes() == b"%PDF of Zoe"
    assert not (media / "later.txt").exists()


def test_the_restored_database_takes_new_rows(file):
    """Sequences, constraints and triggers come back too."""
    restore(file, replace=True)

    User.objects.create_user(email="new@example.org", name="New", role="agent")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchone()[0] > 0


def test_a_backup_is_for_its_owner_alone(file):
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.glob("*.making")) == []


def test_a_database_that_is_not_empty_is_not_overwritten_by_accident(file, cast):
    User.objects.filter(pk=cast.ana.pk).update(name="After the backup")

    with pytest.raises(CommandError, match="not empty.*--replace"):
        restore(file)

    assert "After the backup" in names()


def test_a_broken_dump_changes_nothing(file, tmp_path, media):
    note = json.dumps({"format": 1}).encode()
    broken = archive_of(tmp_path / "broken.tar", backup_dot_json=note, database_dot_dump=b"PGDMP nonsense")
    before = names()

    with pytest.raises(CommandError, match="pg_restore failed"):
        restore(broken, replace=True)

    assert names() == before
    assert (media / "bill.pdf").exists()


def test_a_dump_that_fails_half_way_changes_nothing(file, monkeypatch, media):
    from config import backup

    run = backup.run

    def run_with_an_error_at_the_end(command):
        if "psql" in command[0]:
            script = Path(command[-1].removeprefix("--file="))
            script.write_text(script.read_text() + "\nSELECT 1/0;\n")
        run(command)

    monkeypatch.setattr(backup, "run", run_with_an_error_at_the_end)
    before = names()

    with pytest.raises(CommandError, match="division by zero"):
        restore(file, replace=True)

    assert names() == before


def test_a_backup_cannot_write_outside_its_folder(file, tmp_path):
    note = json.dumps({"format": 1}).encode()
    evil = archive_of(
        tmp_path / "evil.tar", backup_dot_json=note, database_dot_dump=b"", media__dot_dot__dot_dot_x=b""
    )
    with tarfile.open(evil, "a") as archive:
        archive.addfile(tarfile.TarInfo("media/../../../outside"))

    with pytest.raises(CommandError, match="does not belong there"):
        restore(evil, replace=True)


def test_something_else_is_not_taken_for_a_backup(tmp_path, cast):
    other = tmp_path / "photos.tar"
    archive_of(other, holiday=b"sun")
    with pytest.raises(CommandError, match="not a backup"):
        restore(other, replace=True)

    other.write_bytes(b"no tar at all")
    with pytest.raises(CommandError, match="not a whole backup"):
        restore(other, replace=True)


def test_a_backup_into_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "nowhere" / "desk.tar")
