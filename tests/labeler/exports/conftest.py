"""A project with pictures for every test of exports that asks for one."""

import pytest

from tests.labeler.exports.pictures import PictureProject, make_picture_project


@pytest.fixture
def given(db: None) -> PictureProject:
    """Six pictures with labels and a model."""
    return make_picture_project()
