"""Finding weights in folders, and downloading them from servers that misbehave (all on this machine)."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.weights_server import reply, server
from worker.ml import weights
from worker.ml.backbones import BACKBONES
from worker.ml.errors import Cancelled, CheckpointIncompatible, WeightsUnavailable
from worker.ml.preprocessing import IMAGENET, Preprocessing
from worker.ml.types import Progress
from worker.ml.weights import WeightsSource, download_weights, ensure_weights, find_weights, weights_source

CONTENT = bytes(range(256)) * 3000  # 768,000 bytes
NAME = "resnet18"
FILE_NAME = f"resnet18-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"


def honest(handler: BaseHTTPRequestHandler, start: int) -> None:
    assert handler.path == f"/models/{FILE_NAME}"
    reply(handler, CONTENT[start:], start=start, total=len(CONTENT), ranged=start > 0)


def breaking_off(handler: BaseHTTPRequestHandler, start: int) -> None:
    """At most 300,000 bytes an answer."""
    reply(handler, CONTENT[start : start + 300_000], start=start, total=len(CONTENT), ranged=start > 0)


@pytest.fixture(autouse=True)
def source_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published table, with the checksum of this test's small file."""

    def source(name: str, *, base_url: str | None = None) -> WeightsSource:
        return WeightsSource(name, FILE_NAME, base_url or "http://127.0.0.1:9/")

    monkeypatch.setattr(weights, "weights_source", source)


def test_the_bundled_backbone_is_there_without_any_folder_and_is_never_downloaded(tmp_path: Path) -> None:
    (tmp_path / "bundled_other.pth").touch()
    found = find_weights("bundled", [tmp_path])
    assert (found.path.name, found.sidecar) == ("bundled_backbone.safetensors", None)
    assert found.path.is_file()
    assert found.preprocessing == Preprocessing(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
    with pytest.raises(WeightsUnavailable, match="ships with the project"):
        weights_source("bundled")


@pytest.mark.parametrize("name", [spec.name for spec in BACKBONES.values() if spec.shipped_weights is None])
def test_the_published_table_has_every_backbone(name: str) -> None:
    source = weights_source(name)  # imported before the fixture: the real one
    assert source.url.startswith("https://")
    assert source.file_name.startswith(name)
    assert re.fullmatch(r"[0-9a-f]{8}", source.hash_prefix)
    assert weights_source(name, base_url="http://mirror/x/").url == f"http://mirror/x/{source.file_name}"


def test_a_file_that_the_installed_torchvision_does_not_know_is_named() -> None:
    with pytest.raises(WeightsUnavailable, match=r"publishes no resnet18-00000000\.pth for resnet18"):
        _ = WeightsSource("resnet18", "resnet18-00000000.pth").url


def test_a_file_is_found_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "mobilenet_v2_imagenet.pth").touch()
    (tmp_path / "mobilenet_v2.txt").touch()
    found = find_weights("mobilenet_v2", [tmp_path / "no such folder", tmp_path])
    assert found == weights.WeightsFile(tmp_path / "mobilenet_v2_imagenet.pth", IMAGENET, None)


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["resnet18_b.pth", "resnet18_a.safetensors"], "resnet18_a.safetensors"),
        (["resnet18_a.pth", "resnet18.safetensors"], "resnet18.safetensors"),
        (["resnet18.pth", FILE_NAME], FILE_NAME),
    ],
)
def test_the_published_name_comes_first_then_the_bare_one(
    names: list[str], best: str, tmp_path: Path
) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert find_weights(NAME, [tmp_path]).path.name == best


def test_the_order_of_the_folders_counts(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "resnet18_x.pth").touch()
    assert find_weights(NAME, [tmp_path / "b", tmp_path / "a"]).path.parent.name == "b"


@pytest.mark.parametrize(
    "name", ["resnet180.pth", "resnet18x.pth", "my_resnet18.pth", "resnet18.pth.part", "resnet18"]
)
def test_other_names_do_not_count(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    with pytest.raises(WeightsUnavailable):
        find_weights(NAME, [tmp_path])


def test_the_message_says_what_to_put_where(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable) as caught:
        find_weights(NAME, [tmp_path / "a", tmp_path / "b"])
    assert caught.value.message == (
        f"No weights for ResNet-18. Put torchvision's {FILE_NAME}, or any file named resnet18*.pth or "
        f"resnet18*.safetensors with weights of that network, into {tmp_path / 'a'} or {tmp_path / 'b'}, "
        "or name its folder in LABELER_WEIGHTS_DIR"
    )


def test_the_json_of_a_read_only_folder_may_lie_in_another(tmp_path: Path) -> None:
    for folder in ("given", "own"):
        (tmp_path / folder).mkdir()
    (tmp_path / "given" / "resnet18_x.pth").touch()
    sidecar = tmp_path / "own" / "resnet18_x.pth.json"
    sidecar.write_text(json.dumps({"mean": [0, 0, 0], "std": [1, 1, 1], "padding": "tf_same"}))
    found = find_weights(NAME, [tmp_path / "given", tmp_path / "own"])
    assert found.sidecar == sidecar
    assert found.preprocessing == Preprocessing((0, 0, 0), (1, 1, 1), "tf_same")


def test_a_broken_json_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "resnet18.pth").touch()
    (tmp_path / "resnet18.pth.json").write_text("{}}")
    with pytest.raises(CheckpointIncompatible, match=r"resnet18\.pth\.json"):
        find_weights(NAME, [tmp_path])


def test_a_download_arrives_whole_with_progress(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with server(honest) as (address, starts):
        found = download_weights(NAME, tmp_path / "new", base_url=address, on_progress=seen.append)
    assert found.path == tmp_path / "new" / FILE_NAME
    assert found.path.read_bytes() == CONTENT
    assert starts == [0]
    assert seen[-1] == Progress("download", len(CONTENT), len(CONTENT))
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE_NAME]


def test_a_broken_transfer_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with server(breaking_off) as (address, starts):
        found = download_weights(NAME, tmp_path, base_url=address, pause_s=0)
    assert starts == [0, 300_000, 600_000]
    assert found.path.read_bytes() == CONTENT


def test_a_cancelled_download_goes_on_in_the_next_call(tmp_path: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.done > 400_000:
            raise Cancelled("cancelled")

    with server(honest) as (address, starts):
        with pytest.raises(Cancelled):
            download_weights(NAME, tmp_path, base_url=address, on_progress=cancel)
        assert not (tmp_path / FILE_NAME).exists()
        download_weights(NAME, tmp_path, base_url=address)
    assert starts[0] == 0
    assert starts[1] > 400_000
    assert (tmp_path / FILE_NAME).read_bytes() == CONTENT


def test_a_server_that_ignores_ranges_starts_again(tmp_path: Path) -> None:
    answers = iter([500_000, len(CONTENT)])

    def ignoring(handler: BaseHTTPRequestHandler, start: int) -> None:
        reply(handler, CONTENT[: next(answers)], start=0, total=len(CONTENT), ranged=False)

    with server(ignoring) as (address, starts):
        download_weights(NAME, tmp_path, base_url=address, pause_s=0)
    assert starts == [0, 500_000]
    assert (tmp_path / FILE_NAME).read_bytes() == CONTENT


def test_it_gives_up_when_no_attempt_gets_further(tmp_path: Path) -> None:
    def stuck(handler: BaseHTTPRequestHandler, start: int) -> None:
        reply(handler, CONTENT[:1000], start=0, total=len(CONTENT), ranged=False)

    with (
        server(stuck) as (address, starts),
        pytest.raises(WeightsUnavailable, match="ended after 1000 of 768000 bytes"),
    ):
        download_weights(NAME, tmp_path, base_url=address, attempts=3, pause_s=0)
    assert starts == [0, 1000, 1000]


def test_wrong_bytes_are_discarded_and_named(tmp_path: Path) -> None:
    def lying(handler: BaseHTTPRequestHandler, start: int) -> None:
        reply(handler, b"<html>sign in</html>", start=0, total=20, ranged=False)

    with server(lying) as (address, _), pytest.raises(WeightsUnavailable) as caught:
        download_weights(NAME, tmp_path, base_url=address)
    assert (
        f"gave 20 bytes with sha256 {hashlib.sha256(b'<html>sign in</html>').hexdigest()[:16]}"
        in caught.value.message
    )
    assert f"Put torchvision's {FILE_NAME}" in caught.value.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", [b"old rubbish", CONTENT + b"longer than the file"])
def test_a_part_of_another_file_is_replaced(part: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.part").write_bytes(part)

    def strict(handler: BaseHTTPRequestHandler, start: int) -> None:
        if start >= len(CONTENT):
            handler.send_error(416)
        else:
            honest(handler, start)

    with server(strict) as (address, starts):
        download_weights(NAME, tmp_path, base_url=address)
    assert starts == [len(part), 0]
    assert (tmp_path / FILE_NAME).read_bytes() == CONTENT


def test_a_complete_part_needs_no_more_bytes(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.part").write_bytes(CONTENT)

    def satisfied(handler: BaseHTTPRequestHandler, start: int) -> None:
        handler.send_error(416)

    with server(satisfied) as (address, starts):
        download_weights(NAME, tmp_path, base_url=address)
    assert starts == [len(CONTENT)]
    assert (tmp_path / FILE_NAME).read_bytes() == CONTENT


def test_an_answer_for_another_range_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.part").write_bytes(CONTENT[:100])

    def shifted(handler: BaseHTTPRequestHandler, start: int) -> None:
        reply(handler, CONTENT[50:], start=50, total=len(CONTENT), ranged=True)

    with server(shifted) as (address, _), pytest.raises(WeightsUnavailable, match="another range than asked"):
        download_weights(NAME, tmp_path, base_url=address)


@pytest.mark.parametrize(("code", "num_requests"), [(404, 1), (403, 1), (503, 3), (429, 3)])
def test_only_passing_errors_are_tried_again(code: int, num_requests: int, tmp_path: Path) -> None:
    with (
        server(lambda handler, start: handler.send_error(code)) as (address, starts),
        pytest.raises(WeightsUnavailable, match=f"answered {code}"),
    ):
        download_weights(NAME, tmp_path, base_url=address, attempts=3, pause_s=0)
    assert len(starts) == num_requests


def test_no_network_gives_the_advice(tmp_path: Path) -> None:
    with server(honest) as (address, _):
        pass  # the port is free again: nobody listens
    with pytest.raises(WeightsUnavailable, match=r"could not be downloaded: .*refused.* Put torchvision's"):
        download_weights(NAME, tmp_path, base_url=address, attempts=2, pause_s=0)


def test_another_scheme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="is not an http address"):
        download_weights(NAME, tmp_path, base_url=f"file://{tmp_path}/")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WeightsUnavailable, match="file/folder"):
        download_weights(NAME, tmp_path / "file" / "folder", base_url="http://127.0.0.1:9/")


def test_two_at_once_download_once(tmp_path: Path) -> None:
    with server(honest) as (address, starts):
        threads = [
            threading.Thread(target=download_weights, args=(NAME, tmp_path), kwargs={"base_url": address})
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert starts == [0]
    assert (tmp_path / FILE_NAME).read_bytes() == CONTENT


def test_ensure_downloads_only_what_is_not_there(tmp_path: Path) -> None:
    with server(honest) as (address, starts):
        first = ensure_weights(NAME, [tmp_path / "a"], download_to=tmp_path / "b", base_url=address)
        second = ensure_weights(NAME, [tmp_path / "a"], download_to=tmp_path / "b", base_url=address)
    assert first == second
    assert first.path == tmp_path / "b" / FILE_NAME
    assert starts == [0]


def test_ensure_does_not_download_when_told_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnavailable, match="No weights for ResNet-18"):
        ensure_weights(NAME, [tmp_path], download_to=None)
