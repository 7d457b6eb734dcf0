"""Fetching from addresses of strangers: allowed hosts and public addresses only, asked again at every step."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from labeler.lib import remote_files
from labeler.lib.remote_files import Refused, fetch
from tests.local_server import QuietHandler, serving

PICTURE = b"\xff\xd8 a picture"
LIMIT = 1_000


class Handler(QuietHandler):
    """A host with a picture, redirects, and answers that lie."""

    def do_GET(self) -> None:
        routes = {
            "/ok.jpg?size=1": (200, {}, PICTURE),
            "/moved": (302, {"Location": "ok.jpg?size=1"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/nowhere": (302, {}, b""),
            "/long": (200, {"Content-Length": "2000"}, b"x" * 2_000),
            "/endless": (200, {"Transfer-Encoding": "chunked"}, b"7d0\r\n" + b"x" * 2_000 + b"\r\n0\r\n\r\n"),
            "/short": (200, {"Content-Length": "500"}, b"x"),
        }
        status, headers, body = routes.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def host(settings: Settings) -> Iterator[str]:
    """A server of the operator's own network."""
    settings.IMPORT_PRIVATE_HOSTS, settings.IMPORT_URL_HOSTS = ["127.0.0.1"], ["*.example.org"]
    with serving(Handler) as address:
        yield address


def at(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name stands for these addresses; returns what is connected to."""
    connected: list[str] = []

    def getaddrinfo(name: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    def create_connection(address: tuple[str, int], **_: Any) -> socket.socket:
        connected.append(address[0])
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    return connected


@pytest.mark.parametrize("path", ["/ok.jpg?size=1", "/moved"])
def test_a_picture_comes_also_after_a_redirect(host: str, path: str) -> None:
    assert fetch(host + path, max_bytes=LIMIT) == PICTURE


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/inside", "'169.254.169.254' is not among IMPORT_URL_HOSTS"),
        ("/file", "no http or https address"),
        ("/loop", "more than 5 redirects"),
        ("/nowhere", "a redirect to nowhere"),
        ("/long", "2000 bytes; the limit is 1000"),
        ("/endless", "more than 1000 bytes"),
        ("/short", "IncompleteRead|cut off after 1 of 500 bytes"),
        ("/missing", "404"),
    ],
)
def test_what_the_server_answers_is_not_trusted(host: str, path: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        fetch(host + path, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://elsewhere.net/x.jpg", "not among IMPORT_URL_HOSTS"),
        ("http://example.org.evil.net/x.jpg", "not among IMPORT_URL_HOSTS"),
        ("http://evil.net#img.example.org/x.jpg", "'evil.net' is not among"),
        ("http://img.example.org@evil.net/x.jpg", "no usable address"),
        ("http://img.example.org:22/x.jpg", "port 22; only 80"),
        ("ftp://img.example.org/x.jpg", "no http or https"),
        ("http://img.example.org/x\r\nHost: inside", "no usable address"),
        ("http://[::1/x.jpg", "no address"),
        ("http:///x.jpg", "no usable address"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_before_anything_is_asked(
    host: str, monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    connected = at(monkeypatch, "93.184.216.34")
    with pytest.raises(Refused, match=told):
        fetch(url, max_bytes=LIMIT)
    assert connected == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1", "::",
    ],
)  # fmt: skip
def test_an_allowed_name_that_stands_for_a_special_address_is_refused(
    host: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for addresses in ([address], ["93.184.216.34", address]):
        connected = at(monkeypatch, *addresses)
        with pytest.raises(Refused, match="not a public address"):
            fetch("http://img.example.org/x.jpg", max_bytes=LIMIT)
        assert connected == []


def test_the_connection_goes_to_the_address_that_was_checked(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its mind after the check reaches nothing else: it is not asked again."""
    asked: list[str] = []
    connected = at(monkeypatch, "93.184.216.34")
    first = socket.getaddrinfo

    def rebind(name: str, port: int, **options: Any) -> Any:
        asked.append(name)
        return first(name, port, **options) if len(asked) == 1 else [(0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    with pytest.raises(Refused, match="cannot be reached"):
        fetch("https://img.example.org/x.jpg", max_bytes=LIMIT)
    assert (asked, connected) == (["img.example.org"], ["93.184.216.34"])


def test_a_proxy_of_the_environment_is_not_used(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(f"{host}/ok.jpg?size=1", max_bytes=LIMIT) == PICTURE


def test_without_settings_nothing_is_reachable(settings: Settings) -> None:
    assert (settings.IMPORT_URL_HOSTS, settings.IMPORT_PRIVATE_HOSTS) == ([], [])
    with pytest.raises(Refused, match="not among IMPORT_URL_HOSTS"):
        remote_files.fetch("http://example.org/x.jpg", max_bytes=LIMIT)
