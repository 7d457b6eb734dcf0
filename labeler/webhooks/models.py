"""Hooks and what was sent to them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone


class WebhookEvent(models.TextChoices):
    """What a hook can be told."""

    LABELS_CHANGED = "labels.changed"
    IMAGES_REMOVED = "images.removed"
    IMAGES_RESTORED = "images.restored"
    MODEL_PUBLISHED = "model.published"
    EXPORT_READY = "export.ready"


TEST_EVENT = "test"


class DeliveryState(models.TextChoices):
    """pending -> sending -> delivered | pending (to be tried again) | failed (given up)."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


WAITING = (DeliveryState.PENDING, DeliveryState.SENDING)


class Webhook(models.Model):
    """An address that is told of events of a project. Its secret is encrypted, since it is needed to sign."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=1000)
    events = models.JSONField()  # values of WebhookEvent
    sealed_secret = models.TextField()
    # The one before it: messages are signed with both until it ends, so that receivers can change over.
    sealed_old_secret = models.TextField(blank=True)
    old_secret_ends_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    busy_until = models.DateTimeField(null=True)  # one worker at a time delivers to a hook: order holds

    class Meta:
        ordering = ["id"]

    @property
    def old_secret_until(self) -> datetime | None:
        """Until when messages are signed with the secret before the present one, too; none when they are not."""
        ends_at = self.old_secret_ends_at
        return ends_at if ends_at is not None and ends_at > timezone.now() else None


class WebhookDelivery(models.Model):
    """One message to one hook. Its id is the message's, the same at every try."""

    hook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=32)
    payload = models.JSONField()
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    num_attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)  # null: at once
    finished_at = models.DateTimeField(null=True)
    response_status = models.PositiveIntegerField(null=True)
    response_ms = models.PositiveIntegerField(null=True)
    response_text = models.CharField(max_length=500, blank=True)  # the answer's start, or why there was none

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["hook", "state", "id"])]
