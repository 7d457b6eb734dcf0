"""Run a job: claim it, keep its heartbeat, pass progress on, and end it whatever happens.

The one place where errors of `worker.ml` and of services become a failed job, and any other error becomes the code
`internal` with its traceback in the log. A thread beats while long steps run, so that the sweep tells a busy worker
from a lost one; it sweeps too, because a worker that is busy for an hour cannot take the `sweep_jobs` message.
"""

import errno
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module

from django.db import Error as DatabaseError
from django.db import OperationalError, close_old_connections, connections

from labeler.errors import LabelerError
from labeler.jobs import services
from labeler.jobs.models import Job, JobState
from labeler.jobs.selectors import is_sibling_running
from worker.ml.errors import Cancelled, MLError
from worker.ml.types import Progress, ProgressFn

logger = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
SILENCE_S = 3 * HEARTBEAT_S  # a worker that beats is heard at least once in this time
SWEEP_EVERY_BEATS = 4
REPORT_EVERY_S = 0.25
RATE_OVER_S = 20.0  # the rate that people see is that of the last seconds, not of the whole stage
RATE_FROM_S = 1.0
DISK_ERRORS = {
    errno.ENOSPC: "The disk that holds DATA_DIR is full",
    errno.EDQUOT: "The disk quota of DATA_DIR is used up",
}
JOB_LOST = "job_lost"  # code of the error when another attempt owns the job, or somebody cancelled it


class JobRun:
    """One attempt at a job, as the work sees it: the job, a place to report to, and a stopwatch."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.seconds: dict[str, float] = {}
        self._should_stop = threading.Event()
        self._is_over = threading.Event()
        self._last: Progress | None = None
        self._is_last_sent = True
        self._sent_at = 0.0
        self._moments: deque[tuple[float, int]] = deque()

    def report(self, progress: Progress) -> None:
        """Pass progress on, at most four times a second; a new stage and the end of one always.

        Raises:
            Cancelled: somebody asked to stop the job, or another attempt owns it.
        """
        self.check()
        is_new_stage = self._last is None or self._last.stage != progress.stage
        is_end = progress.done >= progress.total
        self._last, self._is_last_sent = progress, False
        self._note_moment(progress, is_new_stage=is_new_stage)
        if is_new_stage or is_end or time.monotonic() - self._sent_at >= REPORT_EVERY_S:
            self._send(progress)

    def stage(self, name: str) -> ProgressFn:
        """A progress callback whose reports all go under one stage name."""
        return lambda progress: self.report(replace(progress, stage=name))

    @property
    def stage_name(self) -> str:
        """The stage of the last report."""
        return "start" if self._last is None else self._last.stage

    def check(self) -> None:
        """Raise `Cancelled` if the heartbeat learned that the job should stop."""
        if self._should_stop.is_set():
            raise Cancelled(f"Job {self.job.id} was cancelled or taken over")

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to `seconds[stage]`, in seconds."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - started

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Keep the job's heartbeat from a thread until the block ends."""
        thread = threading.Thread(target=self._beat_until_over, name=f"heartbeat-{self.job.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def flush(self) -> None:
        """Send the last report if it was held back."""
        if self._last is not None and not self._is_last_sent:
            self._send(self._last)

    def _note_moment(self, progress: Progress, *, is_new_stage: bool) -> None:
        if is_new_stage or (self._moments and progress.done < self._moments[-1][1]):
            self._moments.clear()
        now = time.monotonic()
        self._moments.append((now, progress.done))
        while now - self._moments[0][0] > RATE_OVER_S and len(self._moments) > 2:
            self._moments.popleft()

    def _rate_per_s(self) -> float | None:
        """Units a second over the last `RATE_OVER_S` of this stage; None before there is anything to tell."""
        (first_at, first), (last_at, last) = self._moments[0], self._moments[-1]
        if last_at - first_at < RATE_FROM_S or last <= first:
            return None
        return (last - first) / (last_at - first_at)

    def _send(self, progress: Progress) -> None:
        self._sent_at, self._is_last_sent = time.monotonic(), True
        goes_on = services.report_progress(
            job_id=self.job.id,
            attempt=self.job.num_attempts,
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
            rate_per_s=self._rate_per_s(),
        )
        if not goes_on:
            self._should_stop.set()
            self.check()

    def _beat_until_over(self) -> None:
        num_beats = 0
        try:
            while not self._is_over.wait(HEARTBEAT_S):
                num_beats += 1
                self._beat(also_sweep=num_beats % SWEEP_EVERY_BEATS == 0)
        finally:
            connections.close_all()

    def _beat(self, *, also_sweep: bool) -> None:
        try:
            close_old_connections()
            if not services.beat(job_id=self.job.id, attempt=self.job.num_attempts):
                self._should_stop.set()
            if also_sweep:
                services.sweep()
        except DatabaseError as error:  # the next beat tries again; until then the sweep has patience
            logger.warning("job %s: heartbeat failed: %s", self.job.id, error)


def run_job(job_id: int, work: str, *, is_redelivered: bool = False) -> bool:
    """Claim a job and do it; True when this call ended it.

    `work` names a function as `module:function`; it gets the `JobRun` and returns one line for people about what came
    of it. It is imported under the job's heartbeat: loading torch takes seconds on a busy machine.

    A message can come twice. A job that another worker runs is left alone; if the broker says that it lost sight of the
    first worker, this one listens whether that worker still beats, and queues the job again when it does not.
    """
    queued = Job.objects.filter(id=job_id, state=JobState.QUEUED).first()
    if queued is not None and queued.kind in services.ONE_AT_A_TIME and is_sibling_running(job_id=job_id):
        logger.info("job %s waits until the %s that runs has ended", job_id, queued.kind)
        return False
    job = services.start_job(job_id=job_id)
    if job is None:
        if is_redelivered:
            _recover_if_silent(job_id)
        return False
    run = JobRun(job)
    logger.info(
        "job %s (%s of project %s) starts, attempt %s", job.id, job.kind, job.project_id, job.num_attempts
    )
    with run.beating():
        is_ended = _attempt(run, work)
    logger.info("job %s %s", job.id, "ended" if is_ended else "belongs to another attempt now")
    return is_ended


def _attempt(run: JobRun, work: str) -> bool:
    ours = {"job_id": run.job.id, "attempt": run.job.num_attempts}
    try:
        module, _, name = work.partition(":")
        summary = getattr(import_module(module), name)(run)
        run.flush()
        return services.succeed_job(**ours, summary=summary)
    except Cancelled:
        return services.confirm_cancelled(**ours)
    except LabelerError as error:
        if error.code == JOB_LOST:
            return services.confirm_cancelled(**ours)
        logger.warning("job %s failed: %s", run.job.id, error.message)
        return services.fail_job(**ours, code=error.code, message=error.message)
    except MLError as error:
        logger.warning("job %s failed: %s", run.job.id, error.message)
        return services.fail_job(**ours, code=error.code, message=error.message)
    except OperationalError as error:
        if "disk is full" in str(error):  # SQLite's words
            return _fail_on_full_disk(run, errno.ENOSPC)
        logger.warning("job %s stops, the sweep will start it again: %s", run.job.id, error)
        return False
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            return _fail_on_full_disk(run, error.errno)
        logger.exception("job %s failed unexpectedly in stage %r", run.job.id, run.stage_name)
        message = f"An unexpected error in the worker; its log tells more under job {run.job.id}"
        return services.fail_job(**ours, code="internal", message=message)


def _fail_on_full_disk(run: JobRun, number: int) -> bool:
    logger.warning("job %s failed in stage %r: %s", run.job.id, run.stage_name, DISK_ERRORS[number])
    return services.fail_job(
        job_id=run.job.id,
        attempt=run.job.num_attempts,
        code="disk_full",
        message=f"{DISK_ERRORS[number]}. What was done is kept; make room and start it again.",
    )


def _recover_if_silent(job_id: int) -> None:
    """Queue a running job again unless its heartbeat moves while we listen."""
    seen = Job.objects.filter(id=job_id, state=JobState.RUNNING).first()
    if seen is None or seen.heartbeat_at is None:
        return
    logger.info("job %s came again while it runs; listening for its worker", job_id)
    time.sleep(SILENCE_S)
    services.recover_silent_job(job_id=job_id, heard_at=seen.heartbeat_at)
