"""Calls to programs of others, at addresses that people named: the only file that speaks HTTP to the outside.

Private, loopback and link-local addresses are refused when the name is looked up, and the call goes to the address that
was checked (requests-hardened), unless WEBHOOKS_TO_PRIVATE_ADDRESSES is set. Redirects are not followed: they would
lead elsewhere what was meant for one address. A call ends after `seconds`, however slowly the other side speaks or its
name is looked up: it is made in a thread, which is left behind. Of an answer no more than `most` bytes are read.
"""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

from helpdesk.errors import Invalid

SECONDS = 10.0
AGENT = "Helpdesk/1 (webhooks)"


@dataclass(frozen=True)
class Answer:
    """What the other side said; `status` is None when it said nothing, and `error` why."""

    status: int | None
    text: str
    seconds: float
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def must_be_reachable(url: str, pointer: str) -> str:
    """An address calls may go to, as far as it can be told without a look-up. Raises Invalid."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid(gettext("This is no address. Begin with https://."), pointer=pointer) from error
    inside = settings.WEBHOOKS_TO_PRIVATE_ADDRESSES
    if parts.scheme not in ({"https", "http"} if inside else {"https"}) or not host:
        plain = (
            gettext(" Plain http is spoken only with WEBHOOKS_TO_PRIVATE_ADDRESSES=1.")
            if parts.scheme == "http"
            else ""
        )
        raise Invalid(
            gettext("Begin the address with https://.%(plain)s") % {"plain": plain}, pointer=pointer
        )
    if parts.username or parts.password:
        raise Invalid(
            gettext("Leave name and password out of the address: it is shown in lists."), pointer=pointer
        )
    if not inside and (host == "localhost" or _is_private(host)):
        raise Invalid(
            gettext(
                "This is an address inside your network. Calls go there only with "
                "WEBHOOKS_TO_PRIVATE_ADDRESSES=1."
            ),
            pointer=pointer,
        )
    return url.strip()


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False  # a name: what it stands for is looked at with every call


def call(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str], most: int,
    seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """One call, and what came of it. Trouble of the other side is an answer too; faults of ours are raised."""
    began, found = time.monotonic(), Future[Answer]()
    given = (method, url, body, dict(headers), most, seconds)
    threading.Thread(target=_answer, args=(found, *given), daemon=True).start()
    try:
        return found.result(timeout=seconds)
    except TooSlow:
        return Answer(
            None,
            "",
            time.monotonic() - began,
            gettext("No answer within %(seconds)s seconds.") % {"seconds": f"{seconds:g}"},
        )


def _answer(found: Future[Answer], *given: object) -> None:
    try:
        found.set_result(_call(*given))  # type: ignore[arg-type]
    except BaseException as error:  # raised again where it is waited for
        found.set_exception(error)
        raise


def _call(
    method: str, url: str, body: bytes | None, headers: dict[str, str], most: int, seconds: float
) -> Answer:
    began = time.monotonic()
    try:
        with _manager(seconds).get_session() as session:
            session.trust_env = False  # neither a .netrc nor a proxy of this machine speaks for us
            with session.request(method, url, data=body, headers=headers, stream=True) as response:
                text = _read(response, most)
                return Answer(response.status_code, text, time.monotonic() - began)
    except InvalidIPAddress as error:
        words = gettext("%(error)s is an address inside your network: calls do not go there.") % {
            "error": error
        }
        return Answer(None, "", time.monotonic() - began, words)
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        return Answer(None, "", time.monotonic() - began, _why(error))


def _manager(seconds: float) -> Manager:
    return Manager(
        Config(
            default_timeout=(seconds, seconds),
            never_redirect=True,
            ip_filter_enable=not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES,
            ip_filter_allow_loopback_ips=False,
            user_agent_override=AGENT,
        )
    )


def _read(response: requests.Response, most: int) -> str:
    got = b""
    for piece in response.iter_content(1024):
        got += piece
        if len(got) >= most:
            break
    return got[:most].decode(errors="replace").replace("\0", "")


def _why(error: Exception) -> str:
    """In few words: what is behind the wrappings, without the addresses of objects."""
    while (inner := _inside(error)) is not None:
        error = inner
    words = str(getattr(error, "strerror", "") or error) or type(error).__name__
    return words.split("): ", 1)[-1].split(">: ", 1)[-1][:300]


def _inside(error: Exception) -> Exception | None:
    """What it was raised from, or wraps."""
    wrapped = (error.__cause__, getattr(error, "reason", None), *error.args)
    return next((one for one in wrapped if isinstance(one, Exception) and one is not error), None)
