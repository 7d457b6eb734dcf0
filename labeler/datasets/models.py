"""Projects, their images, and the imports that brought them."""

from enum import StrEnum

from django.conf import settings
from django.db import models


class Backbone(models.Model):
    """A backbone as the workers report it: what it is, and whether its weights are at hand there."""

    name = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=100)
    channels = models.PositiveIntegerField()
    licence = models.CharField(max_length=200)
    megabytes = models.FloatField()
    speed_class = models.CharField(max_length=32)
    fit_for_cpu = models.BooleanField()
    is_available = models.BooleanField()
    is_downloadable = models.BooleanField(default=False)  # not at hand, but the workers will try to fetch it
    is_default = models.BooleanField(default=False)  # the workers' choice for this machine
    detail = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    reported_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "name"]


class SaliencyMethod(StrEnum):
    """Where crops come from: the names of the worker's registry, the default first (a test compares them)."""

    LABELER = "labeler"
    GRADCAM = "gradcam"
    GRADCAMPP = "gradcampp"
    CAM = "cam"
    CAM_RECOMBINED = "cam_recombined"
    WGAP = "wgap"
    WGAP_RECOMBINED = "wgap_recombined"
    MEAN = "mean"
    BACKPROP = "backprop"
    BACKPROP_GRAPHCUT = "backprop_graphcut"


class ProjectionEmbedding(StrEnum):
    """What makes two images alike on the map: how they look, or also what classes the model sees in them."""

    LOOKS = "looks"
    CLASSES = "classes"


class Recipe(StrEnum):
    """What a training trains, from the least to the most."""

    HEAD = "head"  # the linear head on cached features
    CONV = "conv"  # a 1x1 convolution on the cached maps before it
    LAST_STAGE = "last_stage"  # the network's last stage
    WHOLE = "whole"  # the whole network


class Project(models.Model):
    """A dataset with its classes, members and settings. Settings are columns, so that the database checks them."""

    name = models.CharField(max_length=200)
    backbone = models.CharField(max_length=64)
    input_size_px = models.PositiveIntegerField(default=224)
    labels_per_class_to_train = models.PositiveIntegerField(default=100)
    trains_by_itself = models.BooleanField(default=True)
    # Null: no provisional model.
    provisional_labels_per_class = models.PositiveIntegerField(null=True, default=10)
    retrain_percent = models.PositiveIntegerField(default=20)  # more labels than at the last training
    recipe = models.CharField(
        max_length=16, choices=[(recipe.value, recipe.value) for recipe in Recipe], default=Recipe.HEAD
    )
    uses_adl = models.BooleanField(default=False)  # attention dropout, in recipes that train the network
    # Whose network the features come from; null: as it came.
    tuned_by_job = models.PositiveBigIntegerField(null=True)
    saliency_method = models.CharField(max_length=32, default="labeler")
    retention = models.FloatField(default=0.95)
    projection_embedding = models.CharField(max_length=16, default="looks")
    projection_uses_labels = models.BooleanField(default=False)
    num_images = models.PositiveIntegerField(default=0)  # next image index; every index below it exists
    num_removed = models.PositiveIntegerField(default=0)  # of them, those that were removed
    removal_sequence = models.PositiveBigIntegerField(default=0)  # how often images were removed or restored
    label_sequence = models.PositiveBigIntegerField(default=0)  # sequence of the last label action
    num_labelled = models.PositiveIntegerField(default=0)
    num_labels_at_training = models.PositiveIntegerField(default=0)  # when the last training was asked for
    weights_message = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_activity_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_activity_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retention__gt=0) & models.Q(retention__lte=1), name="retention_in_0_1"
            ),
            models.CheckConstraint(
                condition=models.Q(labels_per_class_to_train__gte=2), name="at_least_two_labels_per_class"
            ),
            models.CheckConstraint(
                condition=models.Q(provisional_labels_per_class__isnull=True)
                | models.Q(provisional_labels_per_class__gte=2),
                name="at_least_two_labels_for_provisional",
            ),
            models.CheckConstraint(condition=models.Q(retrain_percent__gte=1), name="retrain_on_growth"),
        ]


class CropPolicyKind(StrEnum):
    """What decides which of a project's crop rates an image gets."""

    RANDOM = "random"  # a stable hash of project and image
    BY_OBJECT_SIZE = "by_object_size"  # the smaller the salient area, the tighter


class CropPolicy(models.Model):
    """One version of a project's crop rates; immutable, the highest version is in force."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="crop_policies")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in CropPolicyKind])
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="one_crop_policy_version")]


class CropRate(models.Model):
    """A retention, or none for the whole image, with its share of the project's images."""

    policy = models.ForeignKey(CropPolicy, models.CASCADE, related_name="rates")
    position = models.PositiveSmallIntegerField()
    retention = models.FloatField(null=True)
    share = models.FloatField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retention__isnull=True)
                | (models.Q(retention__gt=0) & models.Q(retention__lte=1)),
                name="crop_rate_in_0_1",
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0) & models.Q(share__lte=1), name="crop_share_in_0_1"
            ),
        ]


class CropOverride(models.Model):
    """The retention of all images of one class, or none for whole images, whatever the rates say."""

    policy = models.ForeignKey(CropPolicy, models.CASCADE, related_name="overrides")
    label_class = models.ForeignKey("annotations.LabelClass", models.CASCADE, related_name="+")
    retention = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "label_class"], name="one_override_per_class"),
            models.CheckConstraint(
                condition=models.Q(retention__isnull=True)
                | (models.Q(retention__gt=0) & models.Q(retention__lte=1)),
                name="crop_override_in_0_1",
            ),
        ]


class Removal(models.Model):
    """One gesture that took images out of a project. Those that are still out point here."""

    # Its index is the constraint's.
    project = models.ForeignKey(Project, models.CASCADE, related_name="removals", db_index=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    image_indexes = models.BinaryField()  # uint32, those that this gesture removed
    num_labelled = models.PositiveIntegerField()  # of them
    client_action_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "client_action_id"], name="same_removal_once")
        ]


class Image(models.Model):
    """One image. `index` is its position in every array of the project, dense and never used again.

    A removed image keeps its files, labels and index, so that it can come back; it is counted and shown nowhere.
    """

    # No index of its own: the constraints have one.
    project = models.ForeignKey(Project, models.CASCADE, related_name="images", db_index=False)
    index = models.PositiveIntegerField()
    storage_key = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file_format = models.CharField(max_length=16)
    num_bytes = models.PositiveBigIntegerField()
    path = models.CharField(max_length=1024)
    source_import = models.ForeignKey("datasets.Import", models.SET_NULL, null=True, related_name="images")
    # No index, and no check by the database: labelling thousands of images would pay for both with each of them.
    resolved_class = models.ForeignKey(
        "annotations.LabelClass",
        models.SET_NULL,
        null=True,
        related_name="images",
        db_index=False,
        db_constraint=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    # Nor here, where removing 90,000 images paid a third of its time; nothing deletes removals.
    removal = models.ForeignKey(
        Removal, models.SET_NULL, null=True, related_name="images", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["project", "index"], name="dense_image_index"),
            models.UniqueConstraint(fields=["project", "sha256"], name="no_duplicate_images"),
        ]
        indexes = [
            models.Index(
                fields=["project", "removal", "index"],
                condition=models.Q(removed_at__isnull=False),
                name="removed_images",
            )
        ]


class ReadFailure(models.Model):
    """An image whose original could not be read when its features were due: it is without them until that succeeds."""

    image = models.OneToOneField(Image, models.CASCADE, related_name="read_failure")
    reason = models.CharField(max_length=500)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["image_id"]


class ImportState(StrEnum):
    """open (files may still be added) -> started -> the job's state tells the rest."""

    OPEN = "open"
    STARTED = "started"


class ImportKind(StrEnum):
    """Where an import's files are: uploaded, in a folder of the server, named by uploaded manifests, or in a bucket."""

    UPLOAD = "upload"
    FOLDER = "folder"
    MANIFEST = "manifest"
    BUCKET = "bucket"


class Import(models.Model):
    """One delivery of files. A re-sync of a folder or bucket is an import of its own that passes over what is known."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="imports")
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, related_name="source_import")
    name = models.CharField(max_length=255)
    state = models.CharField(
        max_length=16, choices=[(state.value, state.value) for state in ImportState], default=ImportState.OPEN
    )
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in ImportKind], default=ImportKind.UPLOAD
    )
    folder = models.CharField(max_length=4096, blank=True)  # a server folder, read in place
    bucket = models.CharField(max_length=255, blank=True)
    prefix = models.CharField(max_length=1024, blank=True)
    # The first of its chain.
    syncs = models.ForeignKey("self", models.SET_NULL, null=True, related_name="resyncs")
    classes_from_folders = models.BooleanField(default=False)
    num_files = models.PositiveIntegerField(default=0)
    num_added = models.PositiveIntegerField(default=0)
    num_duplicate = models.PositiveIntegerField(default=0)
    num_removed = models.PositiveIntegerField(default=0)  # of the duplicates: pictures that had been removed
    num_rejected = models.PositiveIntegerField(default=0)
    num_unchanged = models.PositiveIntegerField(default=0)  # of a re-sync: met before, and passed over
    num_gone = models.PositiveIntegerField(default=0)  # of a re-sync: met before, and no longer there
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]


class Outcome(StrEnum):
    """How one file of an import ended. `gone`, in a re-sync only: its image stays, the file is no longer there."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    GONE = "gone"


class ImportEntry(models.Model):
    """One file of an import and how it ended; the pair (import, path) makes a resumed import skip what is done."""

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="entries")
    path = models.CharField(max_length=1024)
    outcome = models.CharField(max_length=16, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    reason = models.TextField(blank=True)
    # Of the bytes; a re-sync passes over the same ones.
    signature = models.CharField(max_length=100, blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source_import", "path"], name="one_outcome_per_file")]


class SavedView(models.Model):
    """How one person likes to look at a project, under a name; `search` is the part of an address behind "?"."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    search = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "project", "name"], name="one_view_per_name")]
