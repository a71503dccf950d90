"""The kept dump of a migrated database has a new name as soon as the migrations would make another one."""

import pytest

from tests import template


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    for name, text in {
        "requirements.txt": "django==5.2.19",
        "helpdesk/migrations/0001_initial.py": "from django.db import migrations",
        "apps/control/migrations/0001_initial.py": "import apps.control.models",
        "apps/control/models.py": "class Clock: ...",
        "apps/control/services/clocks.py": "def start(): ...",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(template, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "helpdesk/migrations/0001_initial.py",
        "helpdesk/migrations/0002_more.py",
        "apps/control/migrations/0001_initial.py",
        "apps/control/models.py",
    ],
)
def test_what_the_migrations_depend_on_makes_a_new_dump(checkout, name):
    before = template.fingerprint()
    (checkout / name).write_text("changed = True")

    assert template.fingerprint() != before


def test_other_code_keeps_the_dump(checkout):
    before = template.fingerprint()
    (checkout / "apps/control/services/clocks.py").write_text("changed = True")

    assert template.fingerprint() == before
