"""A sheet to look at: a row an image, a column a method, with saliency, true boxes and the predicted box."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from worker.evaluate_crops.maps import MethodMaps
from worker.evaluate_crops.prepare import Prepared
from worker.ml.boxes import pixel_boxes
from worker.ml.images import decode_image
from worker.ml.localization import object_recall
from worker.ml.types import AnyArray, FloatArray, IntArray, UInt8Array

TILE_PX = 208
CAPTION_PX = 26
GAP_PX = 6
PAPER = (24, 25, 28)
INK = (228, 229, 232)
TRUE_COLOUR = (64, 220, 120)
BOX_COLOUR = (255, 92, 60)
OVERLAY_SHARE = 0.55


def draw_contact_sheet(
    prepared: Prepared,
    maps_by_method: Mapping[str, MethodMaps],
    path: Path,
    *,
    retention: float = 0.95,
    num_images: int = 24,
) -> None:
    """Draw test images, spread evenly over the split, and save the sheet (the suffix tells the format).

    Args:
        prepared: from `prepare`.
        maps_by_method: from `method_maps`, in the order of the columns.
        path: file to write; its folder must exist.
        retention: of the quantile boxes that are drawn.
        num_images: at most so many rows.
    """
    num_rows = min(num_images, len(prepared.test))
    rows: IntArray = np.linspace(0, len(prepared.test) - 1, num_rows).round().astype(np.int64)
    columns = 1 + len(maps_by_method)
    step = TILE_PX + GAP_PX
    sheet = Image.new(
        "RGB", (columns * step + GAP_PX, num_rows * (step + CAPTION_PX) + CAPTION_PX + GAP_PX), PAPER
    )
    draw = ImageDraw.Draw(sheet)
    for column, title in enumerate(["true boxes", *maps_by_method]):
        draw.text((GAP_PX + column * step, GAP_PX), title, fill=INK)
    boxes = {name: maps.boxes_at("predicted")(retention) for name, maps in maps_by_method.items()}
    recalls = {name: object_recall(found, prepared.objects) for name, found in boxes.items()}
    for row, index in enumerate(rows.tolist()):
        top = CAPTION_PX + GAP_PX + row * (step + CAPTION_PX)
        picture = _tile(prepared.test[index].path)
        sheet.paste(_boxed(picture, prepared.objects.boxes[index], TRUE_COLOUR), (GAP_PX, top))
        draw.text((GAP_PX, top + TILE_PX + 4), _caption(prepared, index), fill=INK)
        for column, (name, maps) in enumerate(maps_by_method.items(), start=1):
            overlay = _overlaid(picture, maps.map_of(index))
            tile = _boxed(
                _boxed(overlay, prepared.objects.boxes[index], TRUE_COLOUR),
                boxes[name][index][None],
                BOX_COLOUR,
            )
            left = GAP_PX + column * step
            sheet.paste(tile, (left, top))
            draw.text((left, top + TILE_PX + 4), f"recall {recalls[name][index]:.2f}", fill=INK)
    sheet.save(path)


def _tile(path: Path) -> Image.Image:
    """The image in a square tile, its aspect kept by squashing: boxes in unit coordinates fit either way."""
    return decode_image(path, target_px=TILE_PX).resize((TILE_PX, TILE_PX), Image.Resampling.LANCZOS)


def _overlaid(picture: Image.Image, cam: FloatArray) -> Image.Image:
    """Saliency in colour over a darkened picture; a map that is not finite or has no mass leaves it dark."""
    positive = np.maximum(np.nan_to_num(cam, nan=0.0, posinf=0.0, neginf=0.0), 0).astype(np.float32)
    raster = cv2.resize(positive, (TILE_PX, TILE_PX), interpolation=cv2.INTER_LINEAR)
    peak = raster.max()
    share = raster / peak if peak > 0 else raster
    colours = cv2.applyColorMap((share * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    weight = (share * OVERLAY_SHARE)[..., None]
    blended: UInt8Array = ((1 - weight) * np.asarray(picture) * 0.75 + weight * colours).astype(np.uint8)
    return Image.fromarray(blended)


def _boxed(picture: Image.Image, boxes: AnyArray, colour: tuple[int, int, int]) -> Image.Image:
    drawn = picture.copy()
    draw = ImageDraw.Draw(drawn)
    for x1, y1, x2, y2 in pixel_boxes(boxes, height_px=TILE_PX, width_px=TILE_PX).tolist():
        draw.rectangle((x1, y1, x2 - 1, y2 - 1), outline=colour, width=2)
    return drawn


def _caption(prepared: Prepared, index: int) -> str:
    scores = prepared.scores["mean"]
    predicted = prepared.class_names[scores.predicted[index]]
    true = prepared.test[index].class_name
    verdict = "" if predicted == true else f" -> {predicted}"
    return f"{true}{verdict} {scores.proba[index].max():.2f}"[:34]
