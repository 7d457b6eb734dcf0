"""Views of a project that a person keeps under a name: private, and there on every machine they sign in on."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from labeler.datasets.models import Project, SavedView
from labeler.errors import InvalidInput, NotFound

MAX_VIEWS = 100  # of one person in one project


def list_saved_views(*, project_id: int, user: User) -> QuerySet[SavedView]:
    """A person's views of a project, by name."""
    return SavedView.objects.filter(project_id=project_id, user=user).order_by("name")


@transaction.atomic
def save_view(*, project_id: int, user: User, name: str, search: str) -> SavedView:
    """Keep a view; one of the same name is replaced.

    Args:
        search: the view as the part of an address behind "?".

    Raises:
        InvalidInput: the person has as many views as one may have.
    """
    Project.objects.select_for_update().get(id=project_id)  # two tabs may save at once
    others = list_saved_views(project_id=project_id, user=user).exclude(name=name)
    if others.count() >= MAX_VIEWS:
        raise InvalidInput(
            f"You have {others.count()} saved views in this project; at most {MAX_VIEWS} are kept"
        )
    saved, _ = SavedView.objects.update_or_create(
        project_id=project_id, user=user, name=name, defaults={"search": search}
    )
    return saved


def forget_view(*, project_id: int, user: User, view_id: int) -> None:
    """Delete one of the person's own views."""
    deleted, _ = list_saved_views(project_id=project_id, user=user).filter(id=view_id).delete()
    if not deleted:
        raise NotFound(f"You have no saved view {view_id} in project {project_id}")
