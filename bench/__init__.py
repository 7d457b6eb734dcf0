"""Measurements and training scripts; run as modules from the root: `python -m bench.<name>`."""
