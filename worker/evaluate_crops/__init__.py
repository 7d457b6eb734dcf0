"""Measure crops on a folder with true boxes: train on class labels alone, box the test images, compare.

`prepare` reads the folder, extracts feature maps once and trains the heads; `method_maps` computes a
method's maps; `evaluate_method` boxes and measures them; `evaluate_embeddings` asks whether crops help
recognition; `draw_contact_sheet` shows what came out. `manage.py evaluate_crops` is the command line around
them.
"""

from worker.evaluate_crops.contact_sheet import draw_contact_sheet
from worker.evaluate_crops.embeddings import evaluate_embeddings
from worker.evaluate_crops.maps import MethodMaps, method_maps
from worker.evaluate_crops.measure import evaluate_method
from worker.evaluate_crops.prepare import Prepared, Scores, Settings, prepare

__all__ = [
    "MethodMaps",
    "Prepared",
    "Scores",
    "Settings",
    "draw_contact_sheet",
    "evaluate_embeddings",
    "evaluate_method",
    "method_maps",
    "prepare",
]
