"""A throw-away PostgreSQL and Valkey with an empty, migrated helpdesk in it: the ground a benchmark stands on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


@contextmanager
def empty_helpdesk() -> Iterator[Path]:
    """The folder of the servers; Django is set up on them, and nothing is queued, for there is no worker."""
    from config.local import environment
    from config.services import Services

    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    try:
        with Services(folder, given={}) as running:
            settings = {"LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings"}
            os.environ |= running.environment() | environment(folder) | settings
            os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
            subprocess.run([str(PYTHON), str(ROOT / "manage.py"), "migrate", "-v", "0"], check=True)
            import django

            django.setup()
            from helpdesk import events

            events.queue = lambda keys: None
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
