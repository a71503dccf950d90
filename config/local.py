"""What a checkout needs to run on this computer, where nobody has set up an environment for it.

Production sets its own variables (docs/running.md); then nothing here adds, starts or touches anything.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from config.services import Services
from config.services.account import data_root

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Everything that `up` keeps: the databases, uploads, unsent mail and the secret key."""
    return Path(os.environ.get("HELPDESK_DATA") or ROOT / "var").expanduser().absolute()


def services() -> Services:
    """The embedded servers this environment does not name itself."""
    return Services(data_folder(), given=os.environ)


def adopt(environment: Mapping[str, str]) -> None:
    """Put these into the environment of this process; what a person has set stays, and a mail server that they have
    named gets the mail instead of our folder."""
    for name, value in environment.items():
        if name == "MAIL_SINK" and os.environ.get("EMAIL_URL"):
            continue
        if not os.environ.get(name):
            os.environ[name] = value


def environment(folder: Path) -> dict[str, str]:
    """The settings of a desk that serves this computer alone, over plain http."""
    return {
        "SECRET_KEY": secret_key(folder),
        "INSECURE_LOCAL": "1",
        "DEBUG": "0",
        "MEDIA_ROOT": str(_folder(folder / "media")),
        "MAIL_SINK": str(_folder(folder / "mail")),
        "STATIC_ROOT": str(folder / "static"),
    }


def secret_key(folder: Path) -> str:
    """Made once and kept, so that sessions and signed links survive a restart."""
    path = data_root(folder) / "secret_key"
    if not path.exists():
        descriptor, whole = tempfile.mkstemp(dir=folder)  # 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was faster, and its key is the one
            os.link(whole, path)
        Path(whole).unlink()
    return path.read_text()


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def ready_for_a_command() -> Iterator[None]:
    """For a command typed by a person: adopt the running servers, or start them for its duration."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with services().for_a_command() as running:
        adopt(running.environment() | environment(data_folder()))
        _point_programs_at(running)
        yield


def _point_programs_at(running: Services) -> None:
    """`dbshell` and `backup` call psql and pg_dump by name: those that fit the server come first, and find it."""
    if running.postgres:
        folder = str(Path(running.postgres.program("psql")).parent)
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")
        os.environ["PGHOST"] = str(running.postgres.sockets)
