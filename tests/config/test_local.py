"""The environment of a checkout: made once, kept private, and never in the way of one that a person has set."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import local


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first = local.secret_key(tmp_path / "var")

    assert local.secret_key(tmp_path / "var") == first
    assert len(first) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_of_two_starts_at_once_both_have_the_same_secret_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: local.secret_key(tmp_path / "var"), range(16)))

    assert len(keys) == 1


def test_what_a_person_has_set_stays(monkeypatch):
    monkeypatch.setenv("MAIL_SINK", "/their/own")
    monkeypatch.setenv("MEDIA_ROOT", "")

    local.adopt({"MAIL_SINK": "/ours", "MEDIA_ROOT": "/ours"})

    assert os.environ["MAIL_SINK"] == "/their/own"
    assert os.environ["MEDIA_ROOT"] == "/ours"


def test_mail_goes_to_the_server_that_a_person_has_named(monkeypatch):
    monkeypatch.delenv("MAIL_SINK", raising=False)
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example:25")

    local.adopt({"MAIL_SINK": "/ours"})

    assert "MAIL_SINK" not in os.environ


def test_a_command_with_a_database_of_its_own_starts_and_adds_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("HELPDESK_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/desk")
    monkeypatch.delenv("SECRET_KEY")
    before = dict(os.environ)

    with local.ready_for_a_command():
        assert dict(os.environ) == before

    assert not (tmp_path / "var").exists()


def test_the_data_folder_may_be_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("HELPDESK_DATA", str(tmp_path))
    assert local.data_folder() == tmp_path

    monkeypatch.delenv("HELPDESK_DATA")
    assert local.data_folder() == local.ROOT / "var"


@pytest.mark.parametrize("name", ["SECRET_KEY", "MEDIA_ROOT", "MAIL_SINK", "STATIC_ROOT"])
def test_everything_is_kept_below_the_data_folder(tmp_path, name):
    value = local.environment(tmp_path)[name]

    assert value.startswith(str(tmp_path)) or name == "SECRET_KEY"
