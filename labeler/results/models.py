"""What the workers publish: model versions, their arrays, and projections. All immutable once published."""

from enum import StrEnum

from django.db import models


class StoredArray(models.Model):
    """One immutable array in storage: little endian, C order, raw bytes without a header; shape and dtype are here."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="arrays")
    name = models.CharField(max_length=64)
    path = models.CharField(max_length=255)  # below the project's arrays folder
    dtype = models.CharField(max_length=16)
    shape = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)


class ModelVersion(models.Model):
    """One trained model with everything made from it, published in one transaction."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="model_versions")
    number = models.PositiveIntegerField()
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    label_sequence = models.PositiveBigIntegerField()
    num_images = models.PositiveIntegerField()
    num_labels = models.PositiveIntegerField()
    backbone = models.CharField(max_length=64)
    input_size_px = models.PositiveIntegerField()
    saliency_method = models.CharField(max_length=32)
    retention = models.FloatField()
    class_ids = models.JSONField()  # class_index -> class_id
    map_height = models.PositiveSmallIntegerField()
    map_width = models.PositiveSmallIntegerField()
    metrics = models.JSONField()
    arrays = models.ManyToManyField(StoredArray, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="dense_model_number")]


class SuggestionSet(models.Model):
    """What helps people choose images, made after features, layouts or a model: the newest is used.

    Arrays: `neighbours_whole` and `neighbours_crop` (bytes of an index), `label_order` (image indexes), and of images
    whose label is doubted `suspect_image`, `suspect_label`, `suspect_class` and `suspect_quality`.
    """

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="suggestion_sets")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    model_version = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    label_sequence = models.PositiveBigIntegerField()
    num_images = models.PositiveIntegerField()
    order_kind = models.CharField(max_length=16)  # "diverse" before a model, "uncertain" after it
    arrays = models.ManyToManyField(StoredArray, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]


class ClassPicture(models.Model):
    """What a class looks like to a model, drawn when somebody asks: the image that maximises the class's score."""

    model_version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="class_pictures")
    class_id = models.PositiveIntegerField()  # in the model's `class_ids`
    # Below the folder of class pictures; blank until drawn.
    path = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["model_version", "class_id"], name="one_picture_per_class")
        ]


class View(StrEnum):
    """What a projection lays out."""

    WHOLE = "whole"
    CROP = "crop"


class Projection(models.Model):
    """A 2-D layout of the first `num_images` images, aligned to the one before it.

    An early one is shown until the finished one comes: nothing starts from it. `clusters` lists the outlines of the
    groups that `cluster_array` numbers.
    """

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="projections")
    view = models.CharField(max_length=8, choices=[(view.value, view.value) for view in View])
    model_version = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="projections")
    aligned_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    array = models.OneToOneField(StoredArray, models.PROTECT, related_name="+")
    num_images = models.PositiveIntegerField()
    is_early = models.BooleanField(default=False)
    clusters = models.JSONField(default=list)
    cluster_array = models.OneToOneField(StoredArray, models.SET_NULL, null=True, related_name="+")
    parameters = models.JSONField(default=dict)
    quality = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
