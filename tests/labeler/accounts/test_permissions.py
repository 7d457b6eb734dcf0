"""Every cell of the table of who may do what, written out by hand against the code's."""

import pytest

from labeler.accounts.permissions import MINIMUM_ROLE, MINIMUM_SCOPE, Action, Role, Scope, may, scope_allows

#                        viewer annotator reviewer admin | token scopes: read write admin
TABLE = {
    Action.VIEW:            ("yes yes yes yes", "yes yes yes"),
    Action.EXPORT:          ("yes yes yes yes", "yes yes yes"),
    Action.SAVE_VIEW:       ("yes yes yes yes", "no  yes yes"),
    Action.LABEL:           ("no  yes yes yes", "no  yes yes"),
    Action.UNDO_OWN:        ("no  yes yes yes", "no  yes yes"),
    Action.EDIT_CLASSES:    ("no  yes yes yes", "no  yes yes"),
    Action.TRAIN:           ("no  yes yes yes", "no  yes yes"),
    Action.UNDO_ANY:        ("no  no  yes yes", "no  yes yes"),
    Action.IMPORT:          ("no  no  no  yes", "no  yes yes"),
    Action.REMOVE_IMAGES:   ("no  no  no  yes", "no  no  yes"),
    Action.CANCEL_JOB:      ("no  no  no  yes", "no  no  yes"),
    Action.EDIT_PROJECT:    ("no  no  no  yes", "no  no  yes"),
    Action.EDIT_MEMBERS:    ("no  no  no  yes", "no  no  yes"),
    Action.ARCHIVE_PROJECT: ("no  no  no  yes", "no  no  yes"),
}  # fmt: skip

ROLE_CELLS = [
    (action, role, word == "yes")
    for action, (row, _) in TABLE.items()
    for role, word in zip(Role, row.split(), strict=True)
]
SCOPE_CELLS = [
    (action, scope, word == "yes")
    for action, (_, row) in TABLE.items()
    for scope, word in zip(Scope, row.split(), strict=True)
]


def test_every_action_has_its_row() -> None:
    assert set(TABLE) == set(Action) == set(MINIMUM_ROLE) == set(MINIMUM_SCOPE)


@pytest.mark.parametrize(("action", "role", "expected"), ROLE_CELLS)
def test_a_role_may_what_the_table_says(action: Action, role: Role, expected: bool) -> None:
    assert may(role, action) is expected


@pytest.mark.parametrize(("action", "scope", "expected"), SCOPE_CELLS)
def test_a_token_scope_allows_what_the_table_says(action: Action, scope: Scope, expected: bool) -> None:
    assert scope_allows(scope, action) is expected


@pytest.mark.parametrize("action", list(Action))
def test_a_stranger_may_nothing_and_a_session_has_no_scope_limit(action: Action) -> None:
    assert may(None, action) is False
    assert scope_allows(None, action) is True
