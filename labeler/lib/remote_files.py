"""Fetch from, or post to, an address that somebody else wrote down: only to hosts that the operator allows.

Every step asks again: the scheme, the host by name, and each address that the name stands for. The connection goes to
the very address that was checked, so a name that changes its mind in between (DNS rebinding) reaches nothing else; a
redirect is a new address with all checks. Private, loopback, link-local and other special ranges are refused unless
the operator lists the host (`Hosts.private`). Proxies of the environment are not used.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

TIMEOUT_S = 20.0
MAX_REDIRECTS = 5
CHUNK_BYTES = 256 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_ANSWER_BYTES = 500  # of the answer to a post, kept for people
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Hosts:
    """Patterns of host names: those that may be reached at public addresses, and those that may be private."""

    allowed: tuple[str, ...]
    private: tuple[str, ...]
    setting: str = ""  # what a refusal names

    def has(self, host: str) -> bool:
        """True if the host may be reached at all."""
        return any(fnmatch(host, pattern.lower()) for pattern in (*self.allowed, *self.private))

    def may_be_private(self, host: str) -> bool:
        """True if the host may be at a private address and at any port."""
        return any(fnmatch(host, pattern.lower()) for pattern in self.private)


@dataclass(frozen=True)
class Answer:
    """What a server said to a post: its status, and the start of its text."""

    status: int
    text: str


class Refused(Exception):  # a reason for people, like the errors of the web side
    """The file may not be fetched, or could not be; the text says why."""


def fetch(url: str, *, max_bytes: int) -> bytes:
    """The body of a GET, after redirects.

    Raises:
        Refused: a host or an address that is not allowed, too many redirects, an answer other than 200, too large.
    """
    hosts = Hosts(tuple(settings.IMPORT_URL_HOSTS), tuple(settings.IMPORT_PRIVATE_HOSTS), "IMPORT_URL_HOSTS")
    for _ in range(MAX_REDIRECTS + 1):
        answer = _get(url, hosts=hosts, max_bytes=max_bytes)
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
    raise Refused(f"more than {MAX_REDIRECTS} redirects")


def post(url: str, *, body: bytes, headers: Mapping[str, str], hosts: Hosts, timeout_s: float) -> Answer:
    """The answer to a POST, whatever its status. A redirect is an answer like any other: it is not followed.

    Raises:
        Refused: a host or an address that is not allowed, no answer, or none within `timeout_s` in all.
    """
    parts = _checked_parts(url, hosts)
    connection = _open(parts, hosts)
    late = threading.Event()

    def end() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):  # closed meanwhile
                connection.sock.shutdown(socket.SHUT_RDWR)  # wakes a reader who gets a byte now and then

    timer = threading.Timer(timeout_s, end)
    timer.start()
    try:
        connection.request("POST", _target(parts), body=body, headers={"User-Agent": "Labeler", **headers})
        response = connection.getresponse()
        text = response.read(MAX_ANSWER_BYTES).decode(errors="replace").replace("\0", "")
        if late.is_set():
            raise TimeoutError
        return Answer(response.status, text)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        reason = f"no answer within {timeout_s:g} s" if late.is_set() else f"{type(error).__name__} {error}"
        raise Refused(f"cannot be sent: {reason}") from error
    finally:
        timer.cancel()
        connection.close()


def check_url(url: str, *, hosts: Hosts) -> None:
    """Refuse an address that could never be reached, by its form alone: no name is looked up.

    Raises:
        Refused: no http or https address, a host or a port that is not allowed, a literal private address.
    """
    host = _checked_parts(url, hosts).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    _check_public(host, host, hosts)


def _get(url: str, *, hosts: Hosts, max_bytes: int) -> bytes | str:
    """The body, or where a redirect points."""
    parts = _checked_parts(url, hosts)
    connection = _open(parts, hosts)
    try:
        connection.request(
            "GET", _target(parts), headers={"User-Agent": "Labeler", "Accept": "image/*,*/*;q=0.5"}
        )
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            return response.headers.get("Location") or _refuse("a redirect to nowhere")
        if response.status != http.HTTPStatus.OK:
            raise Refused(f"the server answers {response.status} {response.reason}")
        return _read(response, max_bytes=max_bytes)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise Refused(f"cannot be fetched: {type(error).__name__} {error}") from error
    finally:
        connection.close()


def _open(parts: SplitResult, hosts: Hosts) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    return _connect(parts.scheme, host, port, _checked_address(host, port, hosts))


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(response: http.client.HTTPResponse, *, max_bytes: int) -> bytes:
    said = response.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > max_bytes:
        raise Refused(f"{said} bytes; the limit is {max_bytes}")
    pieces: list[bytes] = []
    num_bytes = 0
    while piece := response.read(CHUNK_BYTES):
        num_bytes += len(piece)
        if num_bytes > max_bytes:
            raise Refused(f"more than {max_bytes} bytes")
        pieces.append(piece)
    if said.isdecimal() and num_bytes < int(said):
        raise Refused(f"cut off after {num_bytes} of {said} bytes")
    return b"".join(pieces)


def _checked_parts(url: str, hosts: Hosts) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"{url[:80]!r} is no address: {error}") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused(f"{url[:80]!r} is no http or https address")
    if not host or parts.username is not None or any(char <= " " for char in url):
        raise Refused(f"{url[:80]!r} is no usable address")
    if not hosts.has(host):
        raise Refused(f"the host {host!r} is not among {hosts.setting}")
    if port is not None and port != DEFAULT_PORTS[parts.scheme] and not hosts.may_be_private(host):
        raise Refused(f"port {port}; only {DEFAULT_PORTS[parts.scheme]} is allowed for {parts.scheme}")
    return parts


def _checked_address(host: str, port: int, hosts: Hosts) -> str:
    """One address of the host, all of which must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"the host {host!r} has no address: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        _check_public(host, address, hosts)
    return addresses[0]


def _check_public(host: str, address: str, hosts: Hosts) -> None:
    if not hosts.may_be_private(host) and not _is_public(address):
        raise Refused(f"the host {host!r} is at {address}, which is not a public address")


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _connect(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to the checked address that still speaks of the host: its `Host` header and its certificate."""
    try:
        plain = socket.create_connection((address, port), timeout=TIMEOUT_S)
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        if scheme == "https":
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            connection.default_port = DEFAULT_PORTS["https"]  # so that `Host` has no needless port
    except OSError as error:
        raise Refused(f"the host {host!r} cannot be reached: {error}") from error
    connection.sock = plain
    return connection


def _refuse(reason: str) -> str:
    raise Refused(reason)
