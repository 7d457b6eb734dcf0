"""Make the file of a background export."""

from labeler.exports.services import make_file
from worker.ml.types import Progress
from worker.tasks.running import JobRun

STAGE = "export"


def export_project(run: JobRun) -> str:
    """Write the export's file; one line about it."""
    return make_file(job=run.job, on_progress=lambda done, total: run.report(Progress(STAGE, done, total)))
