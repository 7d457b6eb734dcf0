"""Shards: each is done by one worker at a time, a silent worker's is free again, and what is done stays done."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from labeler.jobs import services, shards
from labeler.jobs.models import Job, JobKind, JobShard, JobState, ShardState
from tests.factories import make_project, make_running_job
from tests.threads import run_together

pytestmark = pytest.mark.django_db


def make_planned(totals: dict[int, int] | None = None) -> Job:
    job = make_running_job(make_project(), JobKind.FEATURES)
    shards.plan_shards(job_id=job.id, stage="features", totals=totals or {0: 1024, 1: 1024, 2: 7})
    return job


def claim(job: Job, *, is_owner: bool = True, number: int | None = None) -> JobShard | None:
    return shards.claim_shard(job_id=job.id, stage="features", is_owner=is_owner, number=number)


def must_claim(job: Job, **options: Any) -> JobShard:
    shard = claim(job, **options)
    assert shard is not None
    return shard


def test_all_but_the_first_are_offered_to_other_workers(sent_tasks: list[Any]) -> None:
    job = make_planned()
    sent_tasks.clear()
    assert shards.send_shards(job_id=job.id, stage="features") == 2
    assert sent_tasks == [
        ("run_shard", [job.id, "features", 1], "gpu"),
        ("run_shard", [job.id, "features", 2], "gpu"),
    ]


def test_each_is_claimed_once_in_order() -> None:
    job = make_planned()
    assert must_claim(job, number=1).number == 1
    assert [must_claim(job).number, must_claim(job).number] == [0, 2]
    assert claim(job) is None
    assert claim(job, number=1) is None


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_claim_at_the_same_moment_each_gets_another_or_none() -> None:
    job = make_planned()
    claims = run_together(lambda _: claim(job), range(6))
    assert [one for one in claims if isinstance(one, Exception)] == []
    numbers = sorted(one.number for one in claims if isinstance(one, JobShard))
    assert numbers == [0, 1, 2]


def test_progress_of_all_workers_adds_up_and_a_finished_shard_counts_whole() -> None:
    job = make_planned()
    first, second = must_claim(job), must_claim(job)
    assert shards.report_shard(first, done=300)
    assert shards.report_shard(second, done=16)
    assert shards.count_done(job_id=job.id, stage="features") == 316
    assert shards.finish_shard(first)
    assert shards.count_done(job_id=job.id, stage="features") == 1040
    assert not shards.is_stage_done(job_id=job.id, stage="features")
    shards.finish_shard(second)
    shards.finish_shard(must_claim(job))
    assert shards.is_stage_done(job_id=job.id, stage="features")


def test_a_silent_workers_shard_goes_to_the_next_and_is_lost_to_the_first(settings: Any) -> None:
    settings.JOB_HEARTBEAT_TIMEOUT_S = 30.0
    job = make_planned({0: 1024})
    lost = must_claim(job)
    JobShard.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=29))
    assert claim(job) is None
    JobShard.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=31))
    taken = must_claim(job)
    assert taken.claim != lost.claim
    assert not shards.report_shard(lost, done=900)
    assert not shards.finish_shard(lost)
    assert not shards.release_shard(lost, is_for_owner=True)
    assert shards.finish_shard(taken)


def test_a_shard_that_a_helper_cannot_do_is_left_to_the_owner() -> None:
    job = make_planned({0: 5})
    shards.release_shard(must_claim(job, is_owner=False), is_for_owner=True)
    assert claim(job, is_owner=False) is None
    assert must_claim(job).number == 0


@pytest.mark.parametrize("how", ["cancelled", "ended"])
def test_nobody_goes_on_with_shards_of_a_job_that_is_over(how: str) -> None:
    job = make_planned()
    shard = must_claim(job)
    if how == "cancelled":
        services.cancel_job(job_id=job.id, project_id=job.project_id)
    else:
        services.succeed_job(job_id=job.id, attempt=1)
    assert not shards.report_shard(shard, done=1)
    assert claim(job) is None


def test_a_helper_goes_on_while_the_owner_is_replaced() -> None:
    job = make_planned()
    shard = must_claim(job, is_owner=False)
    Job.objects.update(state=JobState.QUEUED)  # the owner was lost
    assert shards.report_shard(shard, done=10)
    # Its next attempt finds 1 stored.
    shards.plan_shards(job_id=job.id, stage="features", totals={0: 1024, 2: 7})
    shard.refresh_from_db()
    assert (shard.number, shard.state, shard.done) == (0, ShardState.RUNNING, 10)
    assert list(JobShard.objects.values_list("number", flat=True)) == [0, 2]


def test_a_plan_does_again_what_storage_has_not() -> None:
    job = make_planned({0: 5})
    shards.finish_shard(must_claim(job))
    shards.plan_shards(job_id=job.id, stage="features", totals={0: 2})
    shard = JobShard.objects.get()
    assert (shard.state, shard.done, shard.total) == (ShardState.WAITING, 0, 2)


def test_shards_of_jobs_that_have_ended_are_forgotten() -> None:
    ended, active = make_planned(), make_planned({0: 5})
    services.fail_job(job_id=ended.id, attempt=1, code="x", message="x")
    assert shards.drop_ended_shards() == 3
    assert [shard.job_id for shard in JobShard.objects.all()] == [active.id]


def test_a_job_that_waits_for_long_is_noticed_but_not_one_of_the_same_work() -> None:
    job = make_running_job(make_project(), JobKind.FEATURES)
    services.request_job(project_id=job.project_id, kind=JobKind.FEATURES, user=None)

    def is_waiting(kind: JobKind, waited_s: float) -> bool:
        return shards.is_another_job_waiting(job=job, kinds=(kind,), waited_s=waited_s)

    assert not is_waiting(JobKind.FEATURES, 0)
    services.request_job(project_id=job.project_id, kind=JobKind.TRAINING, user=None)
    services.request_job(project_id=make_project().id, kind=JobKind.FEATURES, user=None)
    assert is_waiting(JobKind.TRAINING, 0)
    assert is_waiting(JobKind.FEATURES, 0)
    assert not is_waiting(JobKind.TRAINING, 60)
    assert not is_waiting(JobKind.CROPS, 0)
    assert isinstance(must_claim(make_planned()).claim, uuid.UUID)
