"""A method's report: every figure of the crops it gives, and the curve over retentions."""

import time
from typing import Any

from worker.evaluate_crops.box_rules import DEFAULT_TOP_K, BoxChoice, tight_quality, top_k_hulls
from worker.evaluate_crops.maps import BoxRule, MethodMaps, method_maps, scores_of
from worker.evaluate_crops.prepare import Prepared, Scores
from worker.ml.boxes import TIGHT_RETENTION
from worker.ml.localization import (
    CropQuality,
    centered_boxes,
    crop_quality,
    gt_known_localization,
    mean_average_precision,
    object_recall,
    recall_at_reduction,
    top_k_localization,
)
from worker.ml.maxboxacc import max_box_acc
from worker.ml.saliency import get_method
from worker.ml.types import FloatArray

RETENTIONS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Retentions of the curve that every report carries."""
TOP_K = 5


def evaluate_method(
    prepared: Prepared,
    method_name: str,
    *,
    maps: MethodMaps | None = None,
    box: BoxChoice = "percentile",
    retention: float = 0.95,
    tight_retention: float = TIGHT_RETENTION,
    top_k: int = DEFAULT_TOP_K,
) -> dict[str, Any]:
    """Measure one method on the test split.

    Crops are of the predicted class; GT-known, Top-k and MaxBoxAcc take the map of the true class.

    Args:
        prepared: from `prepare`.
        method_name: of the registry.
        maps: from `method_maps`; computed if not given.
        box: box rule of all figures but R@50 and the curve, which are of quantile boxes always; "paper" is
            the rule of the method's own paper. With "tight_and_loose" the figures are the loose box's, and
            `tight` holds the tight one's. "top_k" is the hull of the boxes of the likeliest classes.
        retention: of quantile boxes, in (0, 1].
        tight_retention: of the tight box, at most `retention`.
        top_k: how many classes "top_k" takes.

    Returns:
        The report as JSON values; its keys are a stable interface.

    Raises:
        UnknownMethod: for a name that is not in the registry.
        InvalidArray: for a retention outside (0, 1], or a `top_k` above the number of classes.
    """
    method = get_method(method_name)
    maps = maps or method_maps(prepared, method_name)
    rule = method.paper_box if box == "paper" else box
    scores = scores_of(prepared, method)
    started = time.perf_counter()
    if rule == "top_k":
        boxes = boxes_true = top_k_hulls(prepared, method, k=top_k, retention=retention)
    else:
        of_one_map: BoxRule = "percentile" if rule == "tight_and_loose" else rule
        boxes = maps.boxes("predicted", of_one_map, retention=retention)
        boxes_true = maps.boxes("true", of_one_map, retention=retention)
    saliency_s = maps.seconds + time.perf_counter() - started
    quality = crop_quality(boxes, prepared.objects)
    settings = prepared.settings
    extra: dict[str, Any] = {}
    if rule == "tight_and_loose":
        tight = tight_quality(maps, prepared, tight_retention=tight_retention, loose_retention=retention)
        extra = {"tight": {"retention": tight_retention, **tight.to_json()}}
    elif rule == "top_k":
        extra = {"top_k": top_k}
    return {
        "method": method_name,
        "backbone": settings.backbone,
        "preprocessing": prepared.backbone.preprocessing.to_json(),
        "data": settings.data.name,
        "size_px": settings.size_px,
        "native": settings.native,
        "labels_per_class": settings.labels_per_class,
        "finetune": settings.finetune,
        "adl": settings.adl,
        "bfloat16": settings.bfloat16,
        "box": rule,
        "retention": retention,
        **extra,
        "num_classes": len(prepared.class_names),
        "num_train": len(prepared.train),
        "num_test": len(prepared.test),
        "accuracy": scores.accuracy,
        **quality.to_json(),
        "recall_center": _center_recall(prepared, quality),
        **_localization(prepared, scores, boxes=boxes, boxes_true=boxes_true),
        **_max_box_acc(prepared, maps),
        **_recall_at_50(prepared, maps),
        "degenerate_share": maps.degenerate_share(),
        "images_per_s": len(prepared.test) / (prepared.forward_s + saliency_s),
        "saliency_images_per_s": len(prepared.test) / saliency_s,
        "curve": _curve(prepared, maps),
    }


def _center_recall(prepared: Prepared, quality: CropQuality) -> float:
    boxes = centered_boxes(len(prepared.objects), reduction=quality.reduction)
    return float(object_recall(boxes, prepared.objects).mean())


def _localization(
    prepared: Prepared, scores: Scores, *, boxes: FloatArray, boxes_true: FloatArray
) -> dict[str, float]:
    objects, true_class = prepared.objects, prepared.test_class
    top_1, top_5 = (
        top_k_localization(boxes_true, objects, scores=scores.logits, class_index=true_class, k=k)
        for k in (1, TOP_K)
    )
    return {
        "gt_known_loc": gt_known_localization(boxes_true, objects),
        "top1_loc": top_1,
        "top5_loc": top_5,
        "map50": mean_average_precision(
            boxes,
            objects,
            confidence=scores.proba.max(axis=1),
            predicted=scores.predicted,
            class_index=true_class,
        ),
    }


def _max_box_acc(prepared: Prepared, maps: MethodMaps) -> dict[str, float]:
    by_image = {
        int(image_index): cam
        for index, cams in zip(maps.image_index, maps.shown_true or maps.true, strict=True)
        for image_index, cam in zip(index, cams, strict=True)
    }
    found = max_box_acc([by_image[i] for i in range(len(by_image))], prepared.objects.boxes)
    return {"maxboxacc": found.v1, "maxboxacc_v2": found.v2}


def _recall_at_50(prepared: Prepared, maps: MethodMaps) -> dict[str, float]:
    found = recall_at_reduction(maps.boxes_at("predicted"), prepared.objects)
    return {
        "r50": found.recall,
        "r50_center": found.recall_center,
        "r50_retention": found.retention,
        "r50_reduction": found.reduction,
    }


def _curve(prepared: Prepared, maps: MethodMaps) -> list[dict[str, float]]:
    boxes_at, true_boxes_at = maps.boxes_at("predicted"), maps.boxes_at("true")
    return [
        {
            "retention": retention,
            **crop_quality(boxes_at(retention), prepared.objects).to_json(),
            "gt_known_loc": gt_known_localization(true_boxes_at(retention), prepared.objects),
        }
        for retention in RETENTIONS
    ]
