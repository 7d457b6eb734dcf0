"""Management commands that need `worker.ml`."""
