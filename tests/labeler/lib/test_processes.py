"""The supervisor, with tiny children: it starts, restarts, gives up, and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labeler.lib import processes
from labeler.lib.processes import ProcessGroup, ProcessSpec

SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def group(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessGroup]:
    monkeypatch.setattr(processes, "RESTART_DELAY_S", 0.01)
    group = ProcessGroup(log_dir=tmp_path / "logs", say=said.append)
    yield group
    group.stop()


def child(name: str, code: str, *, stop_timeout_s: float = 10.0, **env: str) -> ProcessSpec:
    return ProcessSpec(name, [sys.executable, "-c", code], env, stop_timeout_s)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come true within 30 s"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def pid_in(path: Path) -> int:
    wait_for(lambda: path.exists() and path.read_text().endswith("\n"))
    return int(path.read_text())


def writes_pid(path: Path, then: str = SLEEP) -> str:
    return f"import os; open({str(path)!r}, 'w').write(f'{{os.getpid()}}\\n')\n{then}"


def test_output_and_environment_reach_the_log(group: ProcessGroup) -> None:
    group.start(child("web", "import os; print('hello', os.environ['COLOUR'])", COLOUR="green"))
    wait_for(lambda: "hello green" in group.log_tail("web"))
    assert group.log_tail("nobody") == ""


def test_the_tail_is_the_end_of_the_log(group: ProcessGroup) -> None:
    group.start(child("web", "print(*range(100), sep='\\n')"))
    wait_for(lambda: group.log_tail("web", num_lines=2) == "98\n99")


def test_a_child_that_dies_is_started_again(group: ProcessGroup, said: list[str], tmp_path: Path) -> None:
    group.start(child("beat", writes_pid(tmp_path / "pid")))
    first = pid_in(tmp_path / "pid")
    assert group.check()
    assert said == []
    (tmp_path / "pid").unlink()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: group.check() and bool(said))
    assert said == ["beat ended with code -9; starting it again"]
    second = pid_in(tmp_path / "pid")
    assert second != first
    assert is_alive(second)


def test_a_child_that_dies_again_and_again_is_given_up_with_its_last_words(
    group: ProcessGroup, said: list[str]
) -> None:
    group.start(child("web", "import sys; sys.exit('no such module: labeler')"))
    wait_for(lambda: not group.check())
    assert len(said) == processes.RESTARTS_LIMIT
    assert said[-1].startswith("web ended 5 times within 60 s (last exit code 1)")
    assert "no such module: labeler" in said[-1]


def test_watching_ends_when_a_stop_is_asked_for(group: ProcessGroup) -> None:
    group.start(child("web", SLEEP))
    group.request_stop()
    assert group.is_stopping
    assert group.watch() is True


def test_watching_ends_when_a_child_cannot_stay_up(group: ProcessGroup) -> None:
    group.start(child("web", "raise SystemExit(3)"))
    assert group.watch() is False


def test_children_stop_in_reverse_order(group: ProcessGroup, tmp_path: Path) -> None:
    log = tmp_path / "order"
    for name in ("redis", "worker", "web"):
        note = (
            "import signal, sys, time\n"
            f"def end(*_): open({str(log)!r}, 'a').write('{name} '); sys.exit(0)\n"
            f"signal.signal(signal.SIGTERM, end)\nopen({str(tmp_path / name)!r}, 'w')\ntime.sleep(600)"
        )
        group.start(child(name, note))
    wait_for(lambda: all((tmp_path / name).exists() for name in ("redis", "worker", "web")))
    group.stop()
    assert log.read_text() == "web worker redis "


def test_stopping_takes_grandchildren_along(group: ProcessGroup, tmp_path: Path) -> None:
    grandchild = writes_pid(tmp_path / "grandchild")
    code = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
    group.start(child("worker", code + writes_pid(tmp_path / "child")))
    pids = [pid_in(tmp_path / "child"), pid_in(tmp_path / "grandchild")]
    assert all(map(is_alive, pids))
    group.stop()
    wait_for(lambda: not any(map(is_alive, pids)))


def test_a_restart_clears_away_what_the_dead_child_left(group: ProcessGroup, tmp_path: Path) -> None:
    grandchild = writes_pid(tmp_path / "grandchild")
    code = f"import subprocess, sys, os\nsubprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
    group.start(
        child(
            "worker",
            code + f"import time\nwhile not os.path.exists({str(tmp_path / 'die')!r}): time.sleep(0.01)",
        )
    )
    orphan = pid_in(tmp_path / "grandchild")
    (tmp_path / "die").touch()
    wait_for(lambda: group.check() and not is_alive(orphan))


def test_a_child_that_will_not_stop_is_killed_and_that_is_said(
    group: ProcessGroup, said: list[str], tmp_path: Path
) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    group.start(child("worker", stubborn + writes_pid(tmp_path / "pid"), stop_timeout_s=0.2))
    pid = pid_in(tmp_path / "pid")
    group.stop()
    assert said == ["worker did not stop in 0 s; killing it"]
    assert not is_alive(pid)


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, time\n"
        "from labeler.lib.processes import ProcessGroup, ProcessSpec\n"
        f"group = ProcessGroup(log_dir=pathlib.Path({str(tmp_path)!r}), say=print)\n"
        f"group.start(ProcessSpec('web', [sys.executable, '-c', {writes_pid(tmp_path / 'pid')!r}]))\n"
        "time.sleep(600)"
    )
    repository = Path(__file__).resolve().parents[3]
    env = {**os.environ, "DATA_DIR": str(tmp_path / "data")}
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=repository, env=env)
    try:
        pid = pid_in(tmp_path / "pid")
    finally:
        supervisor.kill()
        supervisor.wait()
    wait_for(lambda: not is_alive(pid))


def test_a_large_log_is_put_aside(
    group: ProcessGroup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MAX_LOG_BYTES", 10)
    (tmp_path / "logs" / "web.log").write_text("eleven bytes")
    group.start(child("web", "print('new')"))
    wait_for(lambda: group.log_tail("web") == "new")
    assert (tmp_path / "logs" / "web.log.1").read_text() == "eleven bytes"
