"""Tests of the worker's tasks, run in this process with the bundled backbone on small generated pictures."""
