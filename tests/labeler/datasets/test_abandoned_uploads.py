"""Imports that were opened and never started go after a day, with their files; the others keep theirs."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from labeler.datasets import import_services as services
from labeler.datasets.models import Import
from labeler.jobs.models import Job, JobState
from labeler.lib.files import upload_dir
from tests.factories import make_project

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1, minutes=1)


def make_import(*, age: timedelta, file_age: timedelta) -> tuple[Import, Path]:
    source = services.create_import(
        project_id=make_project().id, user=None, name="Upload", classes_from_folders=False
    )
    folder = upload_dir(source.project_id, source.id)
    folder.mkdir(parents=True)
    (folder / "00000000.data").write_bytes(b"x")
    then = time.time() - file_age.total_seconds()
    os.utime(folder, (then, then))
    Import.objects.filter(id=source.id).update(created_at=timezone.now() - age, num_files=1)
    return source, folder


def test_an_import_that_was_never_started_goes_with_its_files() -> None:
    source, folder = make_import(age=A_DAY, file_age=A_DAY)
    assert services.delete_abandoned_uploads() == 1
    assert not folder.exists()
    assert not Import.objects.filter(id=source.id).exists()


@pytest.mark.parametrize(
    ("age", "file_age"), [(timedelta(hours=23), timedelta(hours=23)), (A_DAY, timedelta(minutes=5))]
)
def test_one_that_is_young_or_still_gets_files_stays(age: timedelta, file_age: timedelta) -> None:
    _, folder = make_import(age=age, file_age=file_age)
    assert services.delete_abandoned_uploads() == 0
    assert folder.exists()


def test_one_that_was_started_keeps_its_files_until_its_job_has_ended_for_a_day() -> None:
    source, folder = make_import(age=A_DAY, file_age=A_DAY)
    job = services.start_import(import_id=source.id, project_id=source.project_id, user=None)
    assert services.delete_abandoned_uploads() == 0
    Job.objects.filter(id=job.id).update(state=JobState.SUCCEEDED, finished_at=timezone.now() - A_DAY)
    assert services.delete_abandoned_uploads() == 1
    assert not folder.exists()
    assert Import.objects.filter(id=source.id).exists()
