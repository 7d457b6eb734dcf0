"""Errors that `worker.ml` raises on purpose: each has a stable `code` and a message with the value and the limit."""


class MLError(Exception):
    """Base of all expected errors of `worker.ml`; `code` becomes the failed job's error code."""

    code = "ml_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnreadableImage(MLError):
    """A file that cannot be used as an image; the message is the reason shown to the person who imported it.

    `position` is its place in a sequence of images, where there is one; `reason` the message without the image's name.
    """

    code = "unreadable_image"

    def __init__(self, message: str, *, position: int | None = None, reason: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.reason = reason or message


class NotEnoughLabels(MLError):
    """Too few labels, or too few classes with labels, to train on."""

    code = "not_enough_labels"


class WeightsUnavailable(MLError):
    """A backbone's weights are neither in a named folder nor downloadable; the message says where to put them."""

    code = "weights_unavailable"


class CheckpointIncompatible(MLError):
    """A stored file has another format version, shape or network than the reader needs."""

    code = "checkpoint_incompatible"


class InvalidArray(MLError, ValueError):
    """An array argument has a wrong shape, dtype or range, or holds NaN or infinity."""

    code = "invalid_array"


class OutOfMemory(MLError):
    """The device ran out of memory; a smaller batch or input may work."""

    code = "out_of_memory"


class Cancelled(MLError):
    """Raised by a progress callback when the job it reports to was cancelled."""

    code = "cancelled"


class UnknownMethod(MLError):
    """A saliency or box method that is not in the registry; the message lists those that are."""

    code = "unknown_method"


class UnreadableAnnotations(MLError):
    """A folder's boxes or classes cannot be read; the message names the file, the row and what is wrong."""

    code = "unreadable_annotations"
