"""Classes, the append-only log of label actions, and the labels that the log adds up to."""

from enum import StrEnum

from django.conf import settings
from django.db import models

MAX_NAME_CHARS = 100


class LabelClass(models.Model):
    """A category that people give images. Deleting is archiving: labels stay."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="classes")
    name = models.CharField(max_length=MAX_NAME_CHARS)
    colour = models.CharField(max_length=7)
    hotkey = models.CharField(max_length=1, blank=True)
    position = models.PositiveIntegerField(default=0)
    num_labels = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="unique_class_name"),
            models.UniqueConstraint(
                fields=["project", "hotkey"],
                condition=~models.Q(hotkey="") & models.Q(archived_at__isnull=True),
                name="unique_hotkey",
            ),
        ]


class ActionKind(StrEnum):
    ASSIGN = "assign"
    CLEAR = "clear"
    ACCEPT = "accept"  # an assign whose class a model proposed
    UNDO = "undo"  # takes back one of those above
    REDO = "redo"  # takes back an undo


LABELLING_KINDS = (ActionKind.ASSIGN, ActionKind.CLEAR, ActionKind.ACCEPT)


class LabelAction(models.Model):
    """One gesture. What it changed is kept as packed little-endian arrays, one element an image.

    "Before" is the annotator's own label: class id, 0 when there was none, -1 when it was cleared on purpose; and
    the sequence of the action that had set it, so that an undo puts back its age too.
    """

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="label_actions")
    sequence = models.PositiveBigIntegerField()
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in ActionKind])
    label_class = models.ForeignKey(LabelClass, models.PROTECT, null=True, related_name="+")
    image_indexes = models.BinaryField()  # uint32
    previous_class_ids = models.BinaryField()  # int32
    previous_sequences = models.BinaryField()  # uint64
    num_changed = models.PositiveIntegerField()
    client_action_id = models.UUIDField()
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by_actions")
    undone_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    provenance = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sequence"], name="dense_label_sequence"),
            models.UniqueConstraint(fields=["project", "client_action_id"], name="same_request_once"),
        ]
        indexes = [
            models.Index(fields=["project", "annotator", "-sequence"]),
            # Which labels nobody looked at.
            models.Index(fields=["project", "kind"], name="actions_of_a_kind"),
        ]


class Label(models.Model):
    """The class that one annotator gives one image now; no class = cleared on purpose, which hides older labels.

    Few indexes on purpose: an action writes thousands of rows, and each index costs as much as the row. So does each
    key that the database checks, row by row; the services read project, images and class in the same transaction, under
    the project's lock, and nothing deletes them but with the whole project. `check_labels` looks at what is stored.
    """

    project = models.ForeignKey(
        "datasets.Project", models.CASCADE, related_name="labels", db_constraint=False
    )
    image = models.ForeignKey(
        "datasets.Image", models.CASCADE, related_name="labels", db_index=False, db_constraint=False
    )
    annotator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    label_class = models.ForeignKey(
        LabelClass, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    sequence = models.PositiveBigIntegerField()  # of the action that set it
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "annotator"], name="one_label_per_annotator")]
