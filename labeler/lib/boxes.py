"""The web side's one door into `worker.ml`: crop boxes from profiles, which is numpy only.

The box at a retention is one fact with one source. Copying its statement here would make two; so this module, and
only this one, imports it (`pyproject.toml` names the exception, a test asserts that torch is not loaded by it).
"""

from worker.ml.boxes import boxes_from_profiles, pixel_boxes

__all__ = ["boxes_from_profiles", "pixel_boxes"]
