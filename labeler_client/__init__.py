"""A small typed client of the Labeler API.

>>> from labeler_client import Labeler
>>> labeler = Labeler("http://127.0.0.1:8000", token="lab_...")
>>> project = labeler.create_project("Birds")
>>> project.import_folder("photos/", classes_from_folders=True).wait()
>>> frame = project.to_dataframe()
"""

from labeler_client.client import ImportRun, Job, Labeler, Project
from labeler_client.errors import JobFailed, LabelerProblem

__all__ = ["ImportRun", "Job", "JobFailed", "Labeler", "LabelerProblem", "Project"]
