"""Which crop rate each image has now: by the policy in force, the latest model's salient areas, and the labels."""

import numpy as np
import numpy.typing as npt

from labeler.annotations.selectors import get_labels
from labeler.datasets.crop_rates import ImageRates, get_rates, pick_rates
from labeler.datasets.models import Project
from labeler.lib.boxes import boxes_from_profiles
from labeler.results.models import ModelVersion
from labeler.results.selectors import get_latest_model, get_model_array, read_array


def get_image_rates(*, project_id: int) -> ImageRates:
    """Rates of all images. A class override looks at the label, and at the prediction where there is none."""
    project = Project.objects.get(id=project_id)
    model = get_latest_model(project_id=project_id)
    rates = get_rates(project_id=project_id)
    return pick_rates(
        rates,
        project_id=project_id,
        num_images=project.num_images,
        salient_area=None if model is None else read_salient_area(model),
        class_ids=known_classes(project_id=project_id, model=model) if rates.overrides else None,
    )


def boxes_at_rates(
    codes: npt.NDArray[np.uint8], rates: ImageRates, *, height: int, width: int
) -> npt.NDArray[np.float32]:
    """Unit xyxy boxes (N, 4) of profiles (N, width + height) at each image's own rate; a whole image is its box."""
    boxes = boxes_from_profiles(codes, height=height, width=width, retention=rates.retention)
    boxes[rates.is_whole] = (0, 0, 1, 1)
    return boxes


def read_salient_area(model: ModelVersion) -> npt.NDArray[np.float32] | None:
    """Share of each picture that is salient (N,); none for models made without it."""
    if not model.arrays.filter(name="salient_area").exists():
        return None
    return np.array(read_array(get_model_array(model=model, name="salient_area")), dtype=np.float32)


def known_classes(*, project_id: int, model: ModelVersion | None) -> npt.NDArray[np.int32]:
    """Class id of each image: its label, else the latest prediction, else 0."""
    labels = np.frombuffer(get_labels(project_id=project_id)[1], dtype="<i4").astype(np.int32)
    if model is None:
        return labels
    predicted = np.array(read_array(get_model_array(model=model, name="predicted_class")))[: len(labels)]
    labels[: len(predicted)] = np.where(labels[: len(predicted)] > 0, labels[: len(predicted)], predicted)
    return labels
