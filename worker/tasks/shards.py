"""Do a stage of a job in shards: the job's own worker takes one after the other, and any idle worker helps.

The owner offers all shards but the first as messages. A helper that gets one claims the shard, does it under a
heartbeat of its own, and goes on with the next free one while its tools are loaded. When nothing is free the owner
waits for the helpers; a helper that falls silent loses its shard to whoever asks next.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from labeler.jobs import shards
from labeler.jobs.models import Job, JobKind, JobShard
from worker.ml.errors import Cancelled
from worker.ml.types import Progress
from worker.tasks.running import HEARTBEAT_S, JobRun

logger = logging.getLogger(__name__)

POLL_S = 0.3
REPORT_SHARD_EVERY_S = 1.0
YIELD_AFTER_S = 2.0  # a training that waits this long finds no free worker
SLICE_S = 60.0  # jobs of one kind take turns of this length when several projects want the same workers

ReportFn = Callable[[int], None]
"""Takes how many images of the shard are done; may raise `Cancelled`."""
ShardWork = Callable[[int, ReportFn], None]
"""Does the shard of a number: idempotent, and stores what it made before it returns."""

SHARD_WORK = {  # stage -> function of a job that gives its `ShardWork`, for helpers; named, because it loads torch
    "features": "worker.tasks.features:feature_shard_work",
    "crops": "worker.tasks.crops:crop_shard_work",
}


class ShardRun:
    """One worker's turn at one shard."""

    def __init__(self, shard: JobShard, *, on_report: Callable[[], None] | None = None) -> None:
        self.shard = shard
        self._on_report = on_report
        self._sent_at = 0.0
        self._is_lost = threading.Event()
        self._is_over = threading.Event()

    def report(self, done: int) -> None:
        """Pass progress on, about once a second.

        Raises:
            Cancelled: the job was cancelled or has ended, or the claim is lost.
        """
        self._check()
        if done >= self.shard.total or time.monotonic() - self._sent_at >= REPORT_SHARD_EVERY_S:
            self._sent_at = time.monotonic()
            if not shards.report_shard(self.shard, done=done):
                self._is_lost.set()
            self._check()
        if self._on_report is not None:
            self._on_report()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Keep the claim from a thread until the block ends."""
        thread = threading.Thread(target=self._beat_until_over, name=f"shard-{self.shard.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _check(self) -> None:
        if self._is_lost.is_set():
            raise Cancelled(f"Shard {self.shard.number} of job {self.shard.job_id} is no longer ours")

    def _beat_until_over(self) -> None:
        try:
            while not self._is_over.wait(HEARTBEAT_S):
                try:
                    close_old_connections()
                    if not shards.report_shard(self.shard):
                        self._is_lost.set()
                except DatabaseError as error:  # the next beat tries again
                    logger.warning("shard %s: heartbeat failed: %s", self.shard.id, error)
        finally:
            connections.close_all()


def do_shards(
    run: JobRun,
    *,
    stage: str,
    totals: Mapping[int, int],
    work: ShardWork,
    done_before: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Do the shards that are left of a stage, with whoever helps.

    Args:
        run: the job that owns them; reports go there, in images, those of the helpers included.
        stage: a key of `SHARD_WORK`.
        totals: images to do in each shard, by its number.
        work: does one shard here.
        done_before: images of the stage that were done already.
        should_stop: asked between shards; the rest is then left to another job.

    Returns:
        True when all are done, False when `should_stop` said so.
    """
    job_id, total = run.job.id, done_before + sum(totals.values())

    def report() -> None:
        run.report(Progress(stage, done_before + shards.count_done(job_id=job_id, stage=stage), total))

    shards.plan_shards(job_id=job_id, stage=stage, totals=totals)
    num_offered = shards.send_shards(job_id=job_id, stage=stage)
    logger.info("job %s: %s shards of %s, %s offered to others", job_id, len(totals), stage, num_offered)
    while not shards.is_stage_done(job_id=job_id, stage=stage):
        report()
        if should_stop():
            return False
        shard = shards.claim_shard(job_id=job_id, stage=stage, is_owner=True)
        if shard is None:
            time.sleep(POLL_S)
        else:
            _do(shard, work, is_owner=True, on_report=report)
    report()
    shards.drop_shards(job_id=job_id, stage=stage)
    return True


def help_with_shards(job_id: int, stage: str, number: int) -> int:
    """Be a helper: do the shard of this number and then others of the stage, as long as no other job waits for us.

    Returns:
        How many shards were done here.
    """
    shard = shards.claim_shard(job_id=job_id, stage=stage, is_owner=False, number=number)
    if shard is None:
        return 0
    job = Job.objects.get(id=job_id)
    num_done = 0
    try:
        module, _, name = SHARD_WORK[stage].partition(":")
        with ShardRun(shard).beating():  # loading torch and weights takes seconds
            work: ShardWork = getattr(import_module(module), name)(job)
        while shard is not None:
            _do(shard, work, is_owner=False)
            num_done += 1
            if is_turn_over(job, started_at=None):
                break
            shard = shards.claim_shard(job_id=job_id, stage=stage, is_owner=False)
    except Cancelled:
        logger.info("job %s: helper stops in stage %s", job_id, stage)
    except Exception:  # the owner meets the same error and tells people; here it is only noted
        logger.exception(
            "job %s: a helper could not do shard %s of %s", job_id, shard and shard.number, stage
        )
        if shard is not None:
            shards.release_shard(shard, is_for_owner=True)
    return num_done


def is_turn_over(job: Job, *, started_at: float | None) -> bool:
    """True when long background work should make room for a job that finds no free worker.

    Trainings go first, because people wait for them; then features; equals take turns of `SLICE_S`.

    Args:
        job: the long one, of kind features, crops or training.
        started_at: `time.monotonic()` of its start; None: equals get no turn.
    """
    first: dict[str, tuple[JobKind, ...]] = {
        JobKind.FEATURES: (JobKind.TRAINING,),
        JobKind.CROPS: (JobKind.TRAINING, JobKind.FEATURES),
    }
    if shards.is_another_job_waiting(job=job, kinds=first.get(job.kind, ()), waited_s=YIELD_AFTER_S):
        return True
    is_long = started_at is not None and time.monotonic() - started_at > SLICE_S
    return is_long and shards.is_another_job_waiting(
        job=job, kinds=(JobKind(job.kind),), waited_s=YIELD_AFTER_S
    )


def _do(
    shard: JobShard, work: ShardWork, *, is_owner: bool, on_report: Callable[[], None] | None = None
) -> None:
    """Do one claimed shard; an error gives it back before it goes on its way, a helper's to the owner alone."""
    turn = ShardRun(shard, on_report=on_report)
    try:
        with turn.beating():
            work(shard.number, turn.report)
    except BaseException as error:
        shards.release_shard(shard, is_for_owner=not is_owner and not isinstance(error, Cancelled))
        raise
    shards.finish_shard(shard)
