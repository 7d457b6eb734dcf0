"""Crop rates: which share of a project's images is cropped how tightly, in immutable versions.

A rate is a retention, or none for the whole image. Without a saved version every image has the project's own retention
(version 0). `pick_rates` is the one place that says which image gets which rate; the worker's crop embeddings, the
map's thumbnails and exports all ask it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import User
from django.db import transaction

from labeler.datasets.models import CropOverride, CropPolicy, CropPolicyKind, CropRate, Project
from labeler.errors import InvalidInput, NotFound
from labeler.jobs import events
from labeler.jobs.schemas import ProjectChanged

SHARE_TOLERANCE = 1e-6
MAX_RATES = 100
WHOLE_CODE = 255  # the byte of an image that is not cropped
_NO_RATE = -1


@dataclass(frozen=True)
class Rate:
    """A retention in (0, 1], or none for the whole image, and the share of images that get it."""

    retention: float | None
    share: float


@dataclass(frozen=True)
class Rates:
    """A version of a project's crop rates; `overrides` by class id."""

    version: int
    kind: CropPolicyKind
    rates: tuple[Rate, ...]
    overrides: Mapping[int, float | None]
    created_at: datetime | None = None

    @property
    def tell_labels(self) -> bool:
        """Whether how far a labelled image is cropped tells its label, so that no model may learn from its crop."""
        return bool(self.overrides)


@dataclass(frozen=True)
class ImageRates:
    """The rate of each of N images: `retention` (N,) in (0, 1], which counts where `is_whole` (N,) is False."""

    retention: npt.NDArray[np.float64]
    is_whole: npt.NDArray[np.bool_]

    def to_codes(self) -> npt.NDArray[np.uint8]:
        """One byte an image: 255 for the whole image, else 255 times the retention, within 1..254."""
        codes = np.clip(np.rint(255 * self.retention), 1, WHOLE_CODE - 1).astype(np.uint8)
        return np.where(self.is_whole, np.uint8(WHOLE_CODE), codes)


def get_rates(*, project_id: int, version: int | None = None) -> Rates:
    """The crop rates in force, or those of a version.

    Raises:
        InvalidInput: the project has no such version.
    """
    policies = CropPolicy.objects.filter(project_id=project_id)
    policy = policies.order_by("-version").first() if version is None else None
    if version:
        policy = policies.filter(version=version).first()
        if policy is None:
            raise InvalidInput(
                f"Project {project_id} has no crop rates of version {version}", code="bad_rates"
            )
    if policy is None:
        project = Project.objects.only("retention").get(id=project_id)
        return Rates(0, CropPolicyKind.RANDOM, (Rate(project.retention, 1.0),), {})
    return Rates(
        version=policy.version,
        kind=CropPolicyKind(policy.kind),
        rates=tuple(Rate(rate.retention, rate.share) for rate in policy.rates.all()),
        overrides=dict(policy.overrides.values_list("label_class_id", "retention")),
        created_at=policy.created_at,
    )


@transaction.atomic
def save_rates(
    *,
    project_id: int,
    user: User | None,
    kind: CropPolicyKind,
    rates: Sequence[Rate],
    overrides: Mapping[int, float | None],
) -> Rates:
    """Put a new version in force; models made before keep theirs.

    Raises:
        NotFound: no such project.
        InvalidInput: no rate, too many, a value out of range, a rate twice, shares that do not add up to 1, or an
            override of a class that the project does not have.
    """
    project = Project.objects.select_for_update().filter(id=project_id, archived_at__isnull=True).first()
    if project is None:
        raise NotFound(f"There is no project {project_id}")
    check_rates(rates, overrides=overrides)
    known = set(project.classes.filter(id__in=list(overrides)).values_list("id", flat=True))
    unknown = sorted(set(overrides) - known)
    if unknown:
        raise InvalidInput(f"Project {project_id} has no class {unknown[0]}", code="no_such_class")
    last = CropPolicy.objects.filter(project=project).order_by("-version").first()
    version = 1 if last is None else last.version + 1
    policy = CropPolicy.objects.create(project=project, version=version, kind=kind, created_by=user)
    CropRate.objects.bulk_create(
        [
            CropRate(policy=policy, position=position, retention=rate.retention, share=rate.share)
            for position, rate in enumerate(rates)
        ]
    )
    CropOverride.objects.bulk_create(
        [
            CropOverride(policy=policy, label_class_id=class_id, retention=retention)
            for class_id, retention in overrides.items()
        ]
    )
    events.publish(project.id, ProjectChanged())
    return get_rates(project_id=project_id)


def check_rates(rates: Sequence[Rate], *, overrides: Mapping[int, float | None]) -> None:
    """Raise `InvalidInput` unless the rates are usable; the message says the value and the limit."""
    if not 1 <= len(rates) <= MAX_RATES:
        raise InvalidInput(f"{len(rates)} crop rates; 1 to {MAX_RATES} are allowed", code="bad_rates")
    for retention in [*(rate.retention for rate in rates), *overrides.values()]:
        if retention is not None and not 0 < retention <= 1:
            raise InvalidInput(f"A retention of {retention:g}; it is above 0 and at most 1", code="bad_rates")
    for rate in rates:
        if not 0 < rate.share <= 1:
            raise InvalidInput(f"A share of {rate.share:g}; it is above 0 and at most 1", code="bad_shares")
    retentions = [rate.retention for rate in rates]
    twice = next((value for value in retentions if retentions.count(value) > 1), _NO_RATE)
    if twice != _NO_RATE:
        name = "the whole image" if twice is None else f"a retention of {twice:g}"
        raise InvalidInput(f"There are two shares for {name}; give it one", code="bad_rates")
    total = sum(rate.share for rate in rates)
    if abs(total - 1) > SHARE_TOLERANCE:
        raise InvalidInput(
            f"The shares add up to {100 * total:.6g} %; they must add up to 100 %",
            code="bad_shares",
            extra={"sum": total},
        )


def pick_rates(
    rates: Rates,
    *,
    project_id: int,
    num_images: int,
    salient_area: npt.NDArray[Any] | None,
    class_ids: npt.NDArray[Any] | None,
) -> ImageRates:
    """The rate of each image. N: `num_images`.

    `random`: a hash of project and image falls into the shares in their order, so that an image keeps its rate when
    others come. `by_object_size`: images by growing salient area get the rates from the tightest to the whole image,
    each its share of those images; images without an area, which came after the model, get the loosest.

    Args:
        rates: the version to apply.
        project_id: part of the hash.
        num_images: N.
        salient_area: (M,) share of each picture that is salient, M <= N; none before a model.
        class_ids: (M,) class of each image for the overrides, 0 where there is none.
    """
    order = list(rates.rates)
    if rates.kind is CropPolicyKind.BY_OBJECT_SIZE:
        order.sort(key=lambda rate: 2.0 if rate.retention is None else rate.retention)
        place = _ranks(salient_area, num_images=num_images)
    else:
        place = _hashes(project_id, num_images=num_images)
    edges = np.cumsum([rate.share for rate in order])[:-1]
    chosen = np.searchsorted(edges, place, side="right")
    retention = np.array([1.0 if rate.retention is None else rate.retention for rate in order])[chosen]
    is_whole = np.array([rate.retention is None for rate in order])[chosen]
    if class_ids is not None:
        for class_id, override in rates.overrides.items():
            rows = np.flatnonzero(class_ids[:num_images] == class_id)
            retention[rows], is_whole[rows] = (1.0 if override is None else override), override is None
    return ImageRates(retention=retention, is_whole=is_whole)


def _hashes(project_id: int, *, num_images: int) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each image, by the finalizer of splitmix64 (Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        mixed = np.arange(num_images, dtype=np.uint64) + np.uint64(project_id) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed = mixed ^ (mixed >> np.uint64(31))
    result: npt.NDArray[np.float64] = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return result


def _ranks(salient_area: npt.NDArray[Any] | None, *, num_images: int) -> npt.NDArray[np.float64]:
    """Place of each image among those with a salient area, (rank + 1/2) / M, equal areas by index; 1 without one."""
    places = np.ones(num_images)
    if salient_area is not None:
        area = salient_area[:num_images]
        places[np.argsort(area, kind="stable")] = (np.arange(len(area)) + 0.5) / max(1, len(area))
    return places
