"""Start the real product in a temporary folder, and talk to it over HTTP as a browser session or with a token."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "correct-horse-battery"
START_TIMEOUT_S = 120.0

T = TypeVar("T")


@dataclass
class Product:
    """A running `manage.py up`."""

    address: str
    data_dir: Path
    process: subprocess.Popen[str]
    log: Path
    log_start: int = 0

    def output(self) -> str:
        """All that this supervisor has printed; one before it in the same folder wrote the bytes before its start."""
        return self.log.read_bytes()[self.log_start :].decode()

    def logs(self) -> str:
        """The ends of all children's logs, for failure messages."""
        parts = []
        for path in sorted((self.data_dir / "logs").glob("*.log")):
            parts.append(
                f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-40:])
            )
        return "\n".join(parts)

    def client(self, *, username: str = "admin", password: str = PASSWORD) -> "Client":
        """A signed-in client."""
        client = Client(self.address)
        client.sign_in(username=username, password=password)
        return client

    def stop(self) -> int:
        """Ctrl-C, and wait for the end."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


class Client:
    """The API as a browser session uses it, with the CSRF header on writes."""

    def __init__(self, address: str, *, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=f"{address}/api/v1", timeout=60, headers=headers)
        self._address = address

    def sign_in(self, *, username: str, password: str) -> None:
        csrf = self.http.get("/session").raise_for_status().json()["csrf_token"]
        self.http.post(
            f"{self._address}/api/auth/browser/v1/auth/login",
            json={"username": username, "password": password},
            headers={"X-CSRFToken": csrf},
        ).raise_for_status()
        self.http.headers["X-CSRFToken"] = self.http.get("/session").json()["csrf_token"]

    def get(self, path: str, **params: Any) -> Any:
        return self.http.get(path, params=params).raise_for_status().json()

    def list(self, path: str, **params: Any) -> list[Any]:
        """Every item of a list, page by page."""
        page = self.get(path, **params)
        items: list[Any] = page["items"]
        while page["next"] is not None:
            page = self.get(path, **params, after=page["next"])
            items += page["items"]
        return items

    def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        answer = self.http.post(path, json=json, **kwargs)
        assert answer.is_success, f"POST {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_product(
    data_dir: Path, *, command: Sequence[str] = ("up",), **environment: str
) -> Iterator[Product]:
    """Run `manage.py up`, or another command that starts it all, until the block ends; then Ctrl-C, and assert that it
    ended cleanly."""
    port = free_port()
    log = data_dir.parent / f"{data_dir.name}-up.log"
    env = {
        **{key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}},
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "ADMIN_PASSWORD": PASSWORD,
        "LABELER_WEIGHTS_DOWNLOAD": "0",
        "JOB_HEARTBEAT_TIMEOUT_S": "20",
        **environment,
    }
    log_start = log.stat().st_size if log.exists() else 0
    with log.open("a") as out:
        process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "manage.py"), *command],
            env=env,
            stdout=out,
            stderr=out,
            text=True,
        )
    product = Product(f"http://127.0.0.1:{port}", data_dir, process, log, log_start)
    try:
        wait_for(lambda: "is ready at" in product.output() or process.poll() is not None, START_TIMEOUT_S)
        assert process.poll() is None, f"`manage.py up` ended:\n{product.output()}"
        yield product
    finally:
        if process.poll() is None:
            code = product.stop()
            assert code == 0, f"`manage.py up` ended with {code}:\n{product.output()}"


def wait_for(look: Callable[[], T | None], timeout_s: float, *, every_s: float = 0.2) -> T:
    """Poll until `look` gives something true; the limit only bounds a hang."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = look()
        if value:
            return value
        assert time.monotonic() < deadline, f"nothing within {timeout_s} s"
        time.sleep(every_s)


def processes_of(data_dir: Path) -> list[str]:
    """Command lines of live processes that run with this `DATA_DIR` (Linux).

    Told by environment, or by working folder: Redis writes its title over its environment.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes()
            works_in = (folder / "cwd").readlink()
        except OSError:
            continue
        is_ours = f"DATA_DIR={data_dir}".encode() in environment or works_in.is_relative_to(data_dir)
        if is_ours and command:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found
