"""What `up` does between started servers and the first page."""

from pathlib import Path

import pytest

from config.demo.logins import LOGINS
from config.up import prepare
from helpdesk.models import User

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture
def calls(monkeypatch):
    """The commands that would have run."""
    names = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.fixture
def one_static_file(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path / "collected")
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = STORAGES
    (tmp_path / "static").mkdir()
    (tmp_path / "collected").mkdir()
    file = tmp_path / "static" / "app.css"
    file.write_text("a {}")
    return file


def test_static_files_are_collected_once(one_static_file, calls):
    prepare.collect_static_files()
    prepare.collect_static_files()

    assert calls == ["collectstatic"]


def test_a_changed_static_file_is_collected_again(one_static_file, calls):
    prepare.collect_static_files()
    one_static_file.write_text("a { color: red }")
    prepare.collect_static_files()

    assert calls == ["collectstatic", "collectstatic"]


def test_a_collection_that_was_interrupted_is_done_again(one_static_file, calls, monkeypatch):
    def interrupted(name, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "call_command", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare.collect_static_files()

    assert not (Path(one_static_file).parents[1] / "collected" / "collected.txt").exists()


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_not_migrated(calls):
    prepare.migrate()

    assert calls == []


@pytest.mark.django_db
def test_an_empty_desk_sends_its_first_admin_to_the_set_up_page(settings):
    settings.SITE_URL = "http://localhost:8000"
    User.objects.system()

    assert "http://localhost:8000/setup/" in prepare.who_may_log_in()


@pytest.mark.django_db
def test_a_demo_desk_names_the_logins_that_exist():
    one, *others = [login for login in LOGINS if login.role != "customer"]
    User.objects.create_user(email=one.email, name="One", role="agent")

    said = prepare.who_may_log_in()

    assert one.email in said
    assert one.password in said
    assert not any(other.email in said for other in others)


@pytest.mark.django_db
def test_a_desk_of_real_people_is_told_no_passwords():
    User.objects.create_user(email="someone@example.org", name="Someone", role="admin")

    assert prepare.who_may_log_in() == ""


@pytest.mark.django_db
def test_only_a_desk_without_people_is_filled(calls, monkeypatch):
    monkeypatch.setattr(prepare, "collect_static_files", lambda: None)
    monkeypatch.setattr(prepare.sys, "argv", ["prepare"])

    prepare.main()
    User.objects.create_user(email="someone@example.org", name="Someone", role="admin")
    prepare.main()

    assert calls == ["demo"]


@pytest.mark.django_db
def test_an_empty_desk_stays_empty_when_asked(calls, monkeypatch):
    monkeypatch.setattr(prepare, "collect_static_files", lambda: None)
    monkeypatch.setattr(prepare.sys, "argv", ["prepare", "--empty"])

    prepare.main()

    assert calls == []
