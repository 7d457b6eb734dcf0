"""Run the database tests again on PostgreSQL: `python -m tests.run_on_postgres [pytest arguments]`.

Uses the server of `TEST_POSTGRES_URL`, else a throw-away one made from the binaries on this machine, else one that
answers on port 5432 without a password. Without any it says so and fails, unless `ALLOW_NO_POSTGRES=1`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

LIKELY_URLS = ("postgres://postgres@127.0.0.1:5432/postgres", "postgres://root@127.0.0.1:5432/postgres")
SELECTION = ["--ignore=tests/e2e", "-m", "database and not computes and not slow"]


def main(arguments: list[str]) -> int:
    """Run pytest with `DATABASE_URL` set; return its exit code."""
    with _server() as url:
        if url is None:
            print("PostgreSQL: no server and no binaries found; its tests did NOT run", file=sys.stderr)  # noqa: T201
            return 0 if os.environ.get("ALLOW_NO_POSTGRES") else 1
        place = urlsplit(url)
        name = f"labeler_{os.getpid()}"  # Django puts `test_` before it
        environment = {**os.environ, "DATABASE_URL": urlunsplit(place._replace(path=f"/{name}"))}
        print(f"PostgreSQL: testing on {place.hostname}:{place.port}", flush=True)  # noqa: T201
        command = [sys.executable, "-m", "pytest", *SELECTION, *arguments]
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def _server() -> Iterator[str | None]:
    named = os.environ.get("TEST_POSTGRES_URL")
    binaries = None if named else _find_binaries()
    if binaries is None:
        yield named or next((url for url in LIKELY_URLS if _answers(url)), None)
        return
    with _throw_away_server(binaries) as url:  # faster than a lasting one: it need not survive a power cut
        yield url


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def _find_binaries() -> Path | None:
    """The newest PostgreSQL installed, by Debian's layout or on PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    on_path = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    return Path(on_path).parent if on_path else None


@contextmanager
def _throw_away_server(binaries: Path) -> Iterator[str]:
    """A cluster in a temporary folder, stopped and removed at the end. It refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="labeler-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = str(folder / "data")
    port = _free_port()

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run(str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
