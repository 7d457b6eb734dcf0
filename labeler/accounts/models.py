"""Members of projects and API tokens. Users are Django's own."""

from django.conf import settings
from django.db import models

from labeler.accounts.permissions import Role, Scope


class Membership(models.Model):
    """A user's role in one project."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_role_per_member")]


class ApiToken(models.Model):
    """A bearer token. Only the SHA-256 of the secret is kept; `prefix` lets its owner tell tokens apart."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=[(scope.value, scope.value) for scope in Scope])
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class Invitation(models.Model):
    """A link that lets whoever has it join a project once. Only the SHA-256 of its secret is kept."""

    project = models.ForeignKey("datasets.Project", models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]


class AuditEntry(models.Model):
    """Who did what to a project's people and settings, or to the site's (no project).

    Append-only; names are kept as text, for when users go.
    """

    project = models.ForeignKey("datasets.Project", models.CASCADE, null=True, related_name="audit_entries")
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"])]
