"""One stylesheet from many files, also when static files are collected again."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command


@pytest.fixture
def css(tmp_path, settings) -> Path:
    """The sources of a stylesheet that imports one other file."""
    folder = tmp_path / "static" / "css"
    folder.mkdir(parents=True)
    (folder / "app.css").write_text('@import "base.css";\n')
    (folder / "base.css").write_text("a { color: red }\n")
    settings.STATIC_ROOT = str(tmp_path / "collected")
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "helpdesk.staticfiles.Storage"}}
    return folder


def collected(css: Path) -> str:
    """What a browser is given now."""
    call_command("collectstatic", interactive=False, verbosity=0)
    root = css.parents[1] / "collected"
    names = json.loads((root / "staticfiles.json").read_text())["paths"]
    return (root / names["css/app.css"]).read_text()


def test_the_stylesheet_holds_what_it_imports(css):
    assert collected(css) == "a { color: red }\n"


def test_a_change_in_an_imported_file_reaches_the_stylesheet(css):
    collected(css)
    (css / "base.css").write_text("a { color: blue }\n")
    assert collected(css) == "a { color: blue }\n"
