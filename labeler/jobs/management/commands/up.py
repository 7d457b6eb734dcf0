"""`manage.py up`: the whole product on one machine under one supervisor. Ctrl-C stops it all.

Steps: check port, folder and Redis; start the embedded Redis unless `REDIS_URL` names one; migrate; make the first
admin; queue again what the last stop cut off; start worker, beat and web server; say where it is.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeler.lib.embedded_redis import EmbeddedRedis, NoRedisServer, embedded_redis
from labeler.lib.env import BASE_DIR, numba_cache_dir
from labeler.lib.processes import ProcessGroup, ProcessSpec

READY_TIMEOUT_S = 90.0
WORKER_STOP_TIMEOUT_S = 8.0
WS_MAX_BYTES = 65_536  # a longer websocket message is refused (1009) before it is in memory
WEB_OPTIONS = [
    *("--ws", "websockets", "--ws-max-size", str(WS_MAX_BYTES)),
    *("--no-access-log", "--timeout-graceful-shutdown", "3"),
]


class Command(BaseCommand):
    help = "Start everything on this machine: Redis, worker, beat and the web server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        check_port(host, port)
        lock = lock_data_dir(settings.DATA_DIR)
        embedded = None if os.environ.get("REDIS_URL") else _describe_redis()
        env = {} if embedded is None else {"REDIS_URL": embedded.url}
        group = ProcessGroup(log_dir=settings.DATA_DIR / "logs", say=self._say)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: group.request_stop())
        try:
            self._run(group, embedded, env, host=host, port=port)
        finally:
            group.stop()
            lock.close()
        self._say("stopped")

    def _run(
        self,
        group: ProcessGroup,
        embedded: EmbeddedRedis | None,
        env: dict[str, str],
        *,
        host: str,
        port: int,
    ) -> None:
        if embedded is not None:
            group.start(ProcessSpec("redis", embedded.command))
        wait_for_redis(env.get("REDIS_URL", settings.REDIS_URL))
        self._prepare(env)
        for spec in _specs(env, host=host, port=port):
            group.start(spec)
        address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
        if not self._wait_until_ready(group, address):
            return
        self._say(f"Labeler is ready at {address}  (Ctrl-C stops it; logs in {settings.DATA_DIR / 'logs'})")
        self.when_ready(address, env)
        if not group.watch():
            raise CommandError("A part of the product cannot stay up; see the lines above")

    def when_ready(self, address: str, env: dict[str, str]) -> None:
        """For a command that starts the product and does more; `env` is what its children need besides."""

    def _prepare(self, env: dict[str, str]) -> None:
        """Migrate and prepare in a process of its own, whose settings know the embedded Redis."""
        done = subprocess.run(
            [sys.executable, str(BASE_DIR / "manage.py"), "prepare", "--no-workers-run"],
            env={**os.environ, **env},
            check=False,
        )
        if done.returncode:
            raise CommandError("The database could not be prepared; see the lines above")

    def _wait_until_ready(self, group: ProcessGroup, address: str) -> bool:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not group.is_stopping:
            if not group.check():
                raise CommandError("A part of the product does not start; see the lines above")
            if _answers(f"{address}/api/v1/session"):
                return True
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The web server did not answer within {READY_TIMEOUT_S:.0f} s; its last lines:\n"
                    + group.log_tail("web")
                )
            time.sleep(0.1)
        return False

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def check_port(host: str, port: int) -> None:
    """One clear line when the port is taken or not ours to use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Set PORT to another one."
            ) from error


def lock_data_dir(folder: Path) -> IO[str]:
    """Hold `DATA_DIR` for this supervisor alone; one clear line when it cannot be written or is in use."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "up.lock").open("w")
    except OSError as error:
        raise CommandError(
            f"The folder {folder} cannot be written: {error.strerror}. Set DATA_DIR to another one."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise CommandError(f"Another `manage.py up` runs in {folder}; stop it or set DATA_DIR") from error
    return lock


def wait_for_redis(url: str) -> None:
    """Wait until Redis answers; one clear line when it does not."""
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    deadline = time.monotonic() + 10
    while True:
        try:
            client.ping()
            return
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise CommandError(f"Redis does not answer: {error}. Check REDIS_URL.") from error
            time.sleep(0.05)


def _describe_redis() -> EmbeddedRedis:
    try:
        return embedded_redis(data_dir=settings.DATA_DIR)
    except NoRedisServer as error:
        raise CommandError(str(error)) from error


def _specs(env: dict[str, str], *, host: str, port: int) -> list[ProcessSpec]:
    celery = [sys.executable, "-m", "celery", "-A", "worker.app"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    quiet = {**env, "OMP_WAIT_POLICY": "PASSIVE", "NUMBA_CACHE_DIR": str(numba_cache_dir())}
    concurrency = os.environ.get("WORKER_CONCURRENCY", str(max(2, min(4, (os.cpu_count() or 2) - 1))))
    uvicorn = [
        sys.executable,
        "-m",
        "uvicorn",
        "labeler.asgi:application",
        "--host",
        host,
        "--port",
        str(port),
    ]
    return [
        ProcessSpec(
            "worker-cpu",
            [*worker, "-Q", "cpu", "-n", "cpu@%h", "--concurrency", concurrency],
            quiet,
            WORKER_STOP_TIMEOUT_S,
        ),
        ProcessSpec(
            "worker-gpu",
            [*worker, "-Q", "gpu", "-n", "gpu@%h", "--concurrency", "1"],
            quiet,
            WORKER_STOP_TIMEOUT_S,
        ),
        ProcessSpec("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], env),
        ProcessSpec(
            "web",
            [*uvicorn, *WEB_OPTIONS],
            env,
        ),
    ]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  # our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
