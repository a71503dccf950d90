"""Who the embedded servers run as, where they may live, and where their sockets go."""

import functools
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
from pathlib import Path

from config.services.errors import ServiceError

LONGEST_SOCKET_FOLDER = 80  # bytes; the kernel allows 108 for the folder and the socket's own name
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")  # the path stands in URLs that not every reader unquotes
OS_USER = "helpdesk-db"
SHARED_HOME = Path("/var/lib/helpdesk")  # used by root when the checkout is in a private folder


@functools.cache
def service_account() -> pwd.struct_passwd | None:
    """The account the servers run as; None means the current one. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return _account(OS_USER) or _made_account() or pwd.getpwnam("nobody")


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made_account() -> pwd.struct_passwd | None:
    """Make the system account with whichever tool the system has; None on a read-only /etc."""
    nowhere = ["--shell", "/usr/sbin/nologin", OS_USER]
    makers = (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", *nowhere],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", OS_USER],  # busybox
    )
    for command in makers:
        if shutil.which(command[0]):
            subprocess.run(command, capture_output=True, check=False)
    return _account(OS_USER)


def reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """May the account walk into this folder, or run this program? In a checkout below /root it may not."""
    return all(_may_use(part, account) for part in (path, *path.parents))


def _may_use(path: Path, account: pwd.struct_passwd) -> bool:
    status = path.stat()
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def home_for(root: Path) -> Path:
    """The folder that holds the servers' data: `root`, unless the service account cannot reach it."""
    root = root.resolve()
    account = service_account()
    existing = next(folder for folder in (root, *root.parents) if folder.exists())
    if account and not reachable(existing, account):
        root = shared_home() / short_hash(root)
    return data_root(root)


def data_root(path: Path) -> Path:
    """Make the folder above the servers' data, whatever the umask: their account passes, and reads nothing."""
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)  # two may start at once
        path.chmod(0o711 if service_account() else 0o700)
    return path


def shared_home() -> Path:
    if not SHARED_HOME.exists():
        SHARED_HOME.mkdir(parents=True, exist_ok=True)
        SHARED_HOME.chmod(0o755)
    return SHARED_HOME


def private_folder(path: Path) -> Path:
    """Make a folder that only the service account (and root) can open."""
    path.mkdir(mode=0o700, exist_ok=True)
    give(path)
    return path


def give(path: Path) -> None:
    """Hand a file or folder to the service account."""
    if account := service_account():
        os.chown(path, account.pw_uid, account.pw_gid)


def socket_folder(data: Path) -> Path:
    """A private folder for a server's socket: beside its data, or a short one when that path is too long."""
    near = data.with_name(f"{data.name}.run")
    if len(str(near)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(near)):
        return private_folder(near)
    account = service_account()
    uid = account.pw_uid if account else os.geteuid()
    for base in ("/run", "/tmp") if account else ("/tmp",):
        folder = Path(base) / f"hd-{uid}-{short_hash(data)}"
        try:
            private_folder(folder)
        except OSError:
            continue
        if _is_private(folder, uid):
            return folder
    raise ServiceError(f"no private folder for the sockets of {data}: somebody else owns /tmp/hd-{uid}-*")


def _is_private(folder: Path, uid: int) -> bool:
    """Anybody may have put a folder or a link of that name into /tmp before us."""
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == uid and not status.st_mode & 0o077
