"""An import whose process is killed in its middle goes on, and every picture is there once."""

import pytest

from bench.zip_import import measure

pytestmark = pytest.mark.slow


def test_an_import_killed_in_its_middle_brings_every_picture_once() -> None:
    found = measure(num_files=400)
    assert 200 <= found["images_at_kill"] < 400
    assert (found["state"], found["attempts"]) == ("succeeded", 2)
    assert (found["images"], found["contents"], found["entries"], found["last_index"]) == (400, 400, 400, 399)
