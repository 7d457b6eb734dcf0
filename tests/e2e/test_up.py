"""`manage.py up` with real processes: starts, says what is wrong, stops without a trace, comes back with everything."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.product import REPOSITORY, Client, free_port, processes_of, running_product, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.own_product]


def test_it_starts_stops_without_a_trace_and_comes_back(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running_product(data_dir) as product:
        admin = product.client()
        project = admin.post("/projects", {"name": "Gulls", "backbone": "mobilenet_v2"})
        running = processes_of(data_dir)
        assert sum("celery" in command for command in running) >= 3  # two workers and beat
        assert any("redis-server" in command for command in running)
    assert processes_of(data_dir) == []
    with running_product(data_dir) as product:
        assert [found["id"] for found in product.client().list("/projects")] == [project["id"]]
        assert "First start" not in product.output()


def test_it_restarts_a_part_that_dies(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running_product(data_dir) as product:
        beat = wait_for(lambda: _pid_of(data_dir, "celery -A worker.app beat"), 30)
        os.kill(beat, signal.SIGKILL)
        wait_for(lambda: "beat ended with code -9; starting it again" in product.output(), 30)
        wait_for(lambda: _pid_of(data_dir, "celery -A worker.app beat") not in {None, beat}, 30)
        assert product.client().get("/session")["user"]["username"] == "admin"


def test_everything_stops_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running_product(data_dir) as product:
        product.process.kill()
        product.process.wait()
        wait_for(lambda: processes_of(data_dir) == [], 60)


def test_the_first_admin_gets_a_random_password_that_works(tmp_path: Path) -> None:
    with running_product(tmp_path / "data", ADMIN_PASSWORD="") as product:
        line = next(line for line in product.output().splitlines() if line.startswith("First start"))
        password = line.rsplit(": ", 1)[1]
        assert len(password) >= 16
        client = Client(product.address)
        client.sign_in(username="admin", password=password)
        assert client.get("/session")["user"]["is_staff"] is True


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = _up(DATA_DIR=str(tmp_path / "data"), PORT=str(port))
    assert result.returncode == 1
    assert _last_line(result) == (
        f"CommandError: Port {port} on 127.0.0.1 cannot be used: Address already in use. Set PORT to another one."
    )


def test_an_unwritable_folder_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    result = _up(DATA_DIR=str(folder), PORT=str(free_port()))
    assert result.returncode == 1
    assert _last_line(result) == (
        f"The folder {folder} cannot be written: Not a directory. Set DATA_DIR to another one."
    )


def test_a_redis_that_does_not_answer_is_one_clear_line(tmp_path: Path) -> None:
    port = free_port()
    result = _up(
        DATA_DIR=str(tmp_path / "data"), PORT=str(free_port()), REDIS_URL=f"redis://127.0.0.1:{port}/0"
    )
    assert result.returncode == 1
    assert _last_line(result).startswith("CommandError: Redis does not answer: ")
    assert _last_line(result).endswith("Check REDIS_URL.")


def test_a_second_one_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running_product(data_dir):
        result = _up(DATA_DIR=str(data_dir), PORT=str(free_port()))
    assert result.returncode == 1
    assert _last_line(result) == (
        f"CommandError: Another `manage.py up` runs in {data_dir}; stop it or set DATA_DIR"
    )


def _up(**environment: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "manage.py"), "up"],
        env={**env, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _last_line(result: subprocess.CompletedProcess[str]) -> str:
    return result.stderr.strip().splitlines()[-1]


def _pid_of(data_dir: Path, command: str) -> int | None:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if f"DATA_DIR={data_dir}".encode() in environment and command in line:
            return int(folder.name)
    return None
