"""The embedded Redis: described here, really started in the end-to-end tests."""

import stat
from pathlib import Path

import pytest

from labeler.lib import embedded_redis
from labeler.lib.embedded_redis import NoRedisServer, find_redis_server


def test_it_listens_on_loopback_with_a_password_that_only_the_owner_reads(tmp_path: Path) -> None:
    described = embedded_redis.embedded_redis(data_dir=tmp_path)
    config = tmp_path / "redis" / "redis.conf"
    assert described.command[1] == str(config)
    lines = dict(line.split(" ", 1) for line in config.read_text().splitlines())
    assert lines["bind"] == "127.0.0.1"
    assert described.url == f"redis://:{lines['requirepass']}@127.0.0.1:{lines['port']}/0"
    assert len(lines["requirepass"]) == 32
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_two_starts_have_two_passwords(tmp_path: Path) -> None:
    first, second = (embedded_redis.embedded_redis(data_dir=tmp_path) for _ in range(2))
    assert first.url.split("@")[0] != second.url.split("@")[0]


def test_the_binary_of_the_package_is_found() -> None:
    assert find_redis_server().name == "redis-server"


def test_without_any_binary_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(NoRedisServer, match="Install Redis, or set REDIS_URL"):
        find_redis_server()
