"""Run child processes as one unit: start in order, restart what dies, stop all in reverse order, leave none behind.

Each child leads its own process group, so that Ctrl-C in the terminal reaches the supervisor alone and a stop
takes the child's own children along. On Linux a child also gets SIGTERM from the kernel if the supervisor itself
is killed.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

STOP_TIMEOUT_S = 12.0
RESTART_DELAY_S = 1.0
RESTARTS_LIMIT = 5
RESTARTS_WINDOW_S = 60.0
PR_SET_PDEATHSIG = 1
MAX_LOG_BYTES = 10 * 2**20


@dataclass(frozen=True)
class ProcessSpec:
    """A child: its name in messages and log file, its command line, and additions to the environment."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_timeout_s: float = STOP_TIMEOUT_S


@dataclass
class _Child:
    spec: ProcessSpec
    process: subprocess.Popen[bytes]
    started_at: list[float]


class ProcessGroup:
    """The running children. `start` them, `watch` until asked to stop, `stop`."""

    def __init__(self, *, log_dir: Path, say: Callable[[str], None]) -> None:
        self._log_dir = log_dir
        self._say = say
        self._children: list[_Child] = []
        self._stopping = threading.Event()
        log_dir.mkdir(parents=True, exist_ok=True)

    def start(self, spec: ProcessSpec) -> None:
        """Start a child; its output goes to `<log_dir>/<name>.log`."""
        self._children.append(_Child(spec, self._spawn(spec), [time.monotonic()]))

    def request_stop(self) -> None:
        """Make `watch` return; safe in a signal handler."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        """True once a stop was asked for."""
        return self._stopping.is_set()

    def watch(self) -> bool:
        """Restart children that die, until a stop is asked for; False when one dies again and again."""
        while not self._stopping.wait(0.3):
            if not self.check():
                return False
        return True

    def check(self) -> bool:
        """Look once after the children; restart the dead ones. False when one dies again and again."""
        return all(child.process.poll() is None or self._restart(child) for child in self._children)

    def stop(self) -> None:
        """Stop all children, last started first."""
        self._stopping.set()
        for child in reversed(self._children):
            _signal_group(child.process, signal.SIGTERM)
            try:
                child.process.wait(timeout=child.spec.stop_timeout_s)
            except subprocess.TimeoutExpired:
                self._say(f"{child.spec.name} did not stop in {child.spec.stop_timeout_s:.0f} s; killing it")
            _signal_group(child.process, signal.SIGKILL)
            child.process.wait()
        self._children.clear()

    def log_tail(self, name: str, *, num_lines: int = 15) -> str:
        """The last lines that a child wrote."""
        path = self._log_path(name)
        if not path.exists():
            return ""
        return "\n".join(path.read_text(errors="replace").splitlines()[-num_lines:])

    def _restart(self, child: _Child) -> bool:
        now = time.monotonic()
        recent = [moment for moment in child.started_at if now - moment < RESTARTS_WINDOW_S]
        if len(recent) >= RESTARTS_LIMIT:
            self._say(
                f"{child.spec.name} ended {len(recent)} times within {RESTARTS_WINDOW_S:.0f} s "
                f"(last exit code {child.process.returncode}); its last lines:\n{self.log_tail(child.spec.name)}"
            )
            return False
        self._say(f"{child.spec.name} ended with code {child.process.returncode}; starting it again")
        _signal_group(child.process, signal.SIGKILL)  # whatever it left of its own children
        if self._stopping.wait(RESTART_DELAY_S):
            return True
        child.process = self._spawn(child.spec)
        child.started_at = [*recent, time.monotonic()]
        return True

    def _spawn(self, spec: ProcessSpec) -> subprocess.Popen[bytes]:
        path = self._log_path(spec.name)
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return subprocess.Popen(
                list(spec.command),
                env={**os.environ, **spec.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # no threads yet
            )

    def _log_path(self, name: str) -> Path:
        return self._log_dir / f"{name}.log"


def end_with_parent() -> None:
    """In a new child on Linux: ask the kernel for SIGTERM when the parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)  # the child leads a group of its own id
    except (ProcessLookupError, PermissionError):
        logger.debug("process group %s is gone", process.pid)
