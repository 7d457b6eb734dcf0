"""Who may do what: the one table. Every route and socket asks it through `may`; a test walks every cell."""

from enum import StrEnum


class Role(StrEnum):
    """A member's role in one project; each may all that the ones before it may."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API token may do at most, whatever the role of its owner."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Action(StrEnum):
    """Everything that a project lets somebody do."""

    VIEW = "view"
    EXPORT = "export"
    SAVE_VIEW = "save_view"
    LABEL = "label"
    UNDO_OWN = "undo_own"
    UNDO_ANY = "undo_any"
    EDIT_CLASSES = "edit_classes"
    IMPORT = "import"
    REMOVE_IMAGES = "remove_images"
    TRAIN = "train"
    CANCEL_JOB = "cancel_job"
    EDIT_PROJECT = "edit_project"
    EDIT_MEMBERS = "edit_members"
    ARCHIVE_PROJECT = "archive_project"


_ORDER = list(Role)

MINIMUM_ROLE: dict[Action, Role] = {
    Action.VIEW: Role.VIEWER,
    Action.EXPORT: Role.VIEWER,
    Action.SAVE_VIEW: Role.VIEWER,
    Action.LABEL: Role.ANNOTATOR,
    Action.UNDO_OWN: Role.ANNOTATOR,
    Action.EDIT_CLASSES: Role.ANNOTATOR,
    Action.TRAIN: Role.ANNOTATOR,
    Action.UNDO_ANY: Role.REVIEWER,
    Action.IMPORT: Role.ADMIN,
    Action.REMOVE_IMAGES: Role.ADMIN,
    Action.CANCEL_JOB: Role.ADMIN,
    Action.EDIT_PROJECT: Role.ADMIN,
    Action.EDIT_MEMBERS: Role.ADMIN,
    Action.ARCHIVE_PROJECT: Role.ADMIN,
}

MINIMUM_SCOPE: dict[Action, Scope] = {
    action: Scope.READ
    if action in {Action.VIEW, Action.EXPORT}
    else Scope.ADMIN
    if role is Role.ADMIN and action is not Action.IMPORT
    else Scope.WRITE
    for action, role in MINIMUM_ROLE.items()
}


def may(role: Role | None, action: Action) -> bool:
    """True if a member with `role` may do `action`; `None` is no member and may nothing."""
    return role is not None and _ORDER.index(role) >= _ORDER.index(MINIMUM_ROLE[action])


def scope_allows(scope: Scope | None, action: Action) -> bool:
    """True if a token of `scope` covers `action`; `None` is a browser session, which has no scope limit."""
    scopes = list(Scope)
    return scope is None or scopes.index(scope) >= scopes.index(MINIMUM_SCOPE[action])
