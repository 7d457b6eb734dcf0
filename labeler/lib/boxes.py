"""Crop boxes from profiles, by the worker's own statement of them, which is numpy only.

The box at a retention is one fact with one source. Copying its statement here would make two; so this module, a door
of the web side into `worker.ml` like `labeler.lib.pictures`, imports it (`pyproject.toml` names both, a test asserts
that torch is not loaded by them).
"""

from worker.ml.boxes import boxes_from_profiles, pixel_boxes

__all__ = ["boxes_from_profiles", "pixel_boxes"]
