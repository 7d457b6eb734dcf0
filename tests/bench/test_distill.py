"""Distilling the bundled backbone: starts from exported weights, losses, and which photographs are shown."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

from bench.distill_backbone import nearest_other
from bench.distill_losses import Batch, class_loss, neighbour_loss
from bench.distill_start import initialize_from_export
from bench.distill_state import WARMUP_STEPS, State, learning_rate, open_state
from bench.distill_stem import NUM_TEACHER_BLOCKS, StemTask, wrapped_row
from bench.distill_teacher import NUM_HELDOUT_ROWS, draw_photos, rarity_weights, without_norms
from worker.ml.backbones import load_backbone
from worker.ml.bundled import BUNDLED_WEIGHTS_PATH, BundledNet, ConvUnit, fold_norms

torch.set_num_threads(1)


def _pictures(seed: int) -> torch.Tensor:
    return torch.rand((2, 3, 64, 96), generator=torch.Generator().manual_seed(seed)) * 2 - 1


def test_exported_weights_are_taken_up_with_norms_and_the_same_function() -> None:
    shipped = load_backbone("bundled", weights_path=BUNDLED_WEIGHTS_PATH).trunk
    net = BundledNet(with_norm=True)

    initialize_from_export(net, BUNDLED_WEIGHTS_PATH, [_pictures(0), _pictures(1)])

    with torch.inference_mode():
        expected = shipped(_pictures(2))
        assert torch.allclose(net.eval()(_pictures(2)), expected, atol=1e-3)
        assert torch.allclose(fold_norms(net)(_pictures(2)), expected, atol=1e-3)
    first = net.get_submodule("stem.to_half.norm")
    assert isinstance(first, nn.BatchNorm2d)
    assert first.running_var is not None
    assert (first.running_var > 0).all()  # measured, not left as it was made
    assert not torch.equal(first.running_var, torch.ones_like(first.running_var))


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    save_file({"stem.to_half.conv.weight": torch.zeros(1)}, tmp_path / "other.safetensors")

    with pytest.raises(RuntimeError, match=r"stem\.to_half\.conv\.weight"):
        initialize_from_export(BundledNet(with_norm=True), tmp_path / "other.safetensors", [])


def test_convolutions_that_a_file_lacks_start_with_little_weight_and_all_others_as_they_were(
    tmp_path: Path,
) -> None:
    older = {k: v for k, v in load_file(BUNDLED_WEIGHTS_PATH).items() if not k.startswith("stem.refine.")}
    save_file(older, tmp_path / "older.safetensors")
    silent = BundledNet(with_norm=False).eval()
    missing, _ = silent.load_state_dict({k: v.float() for k, v in older.items()}, strict=False)
    assert len(missing) == 4
    for name in missing:
        silent.get_parameter(name).detach().zero_()
    net = BundledNet(with_norm=True)

    initialize_from_export(net, tmp_path / "older.safetensors", [_pictures(0), _pictures(1)])

    stem = net.eval().get_submodule("stem")
    with torch.inference_mode():
        expected, found = silent.get_submodule("stem")(_pictures(2)), stem(_pictures(2))
    assert 0 < float((found - expected).norm() / expected.norm()) < 0.2
    for unit in stem.get_submodule("refine").children():
        assert isinstance(unit, ConvUnit)
        assert unit.conv.weight.any()


def test_the_rate_warms_up_and_falls_by_half_a_cosine_over_the_time(tmp_path: Path) -> None:
    state = open_state(
        BundledNet(), [nn.Parameter(torch.zeros(1))], peak_rate=1e-3, checkpoint=tmp_path / "none"
    )
    assert learning_rate(state, spent_share=0) == pytest.approx(1e-3 / WARMUP_STEPS)
    state.num_steps = WARMUP_STEPS
    rates = [learning_rate(state, spent_share=share) for share in (0, 0.5, 1, 2)]
    assert rates == pytest.approx([1e-3, 5e-4, 1e-5, 1e-5])


def test_a_training_goes_on_where_its_checkpoint_left_it(tmp_path: Path) -> None:
    def opened() -> State:
        net = BundledNet()
        return open_state(net, net.parameters(), peak_rate=1e-3, checkpoint=tmp_path / "checkpoint.pt")

    first = opened()
    first.spent_s, first.num_steps = 12.5, 7
    first.save(tmp_path / "checkpoint.pt")
    again = opened()
    assert (again.spent_s, again.num_steps) == (12.5, 7)
    for mine, theirs in zip(first.net.parameters(), again.net.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_the_stem_sees_each_view_once_also_after_an_interruption(tmp_path: Path) -> None:
    """The teacher's blocks do nothing here, so targets are the views themselves."""
    paths = []
    for number in range(NUM_HELDOUT_ROWS + 8):
        paths.append(tmp_path / f"{number}.png")
        Image.new("RGB", (12, 9), (number % 256, number // 256 * 100, 50)).save(paths[-1])
    drawn = np.arange(len(paths))

    def task() -> StemTask:
        teacher = nn.Sequential(*[nn.Identity() for _ in range(NUM_TEACHER_BLOCKS)])
        return StemTask(teacher, paths, drawn, side_px=32, seed=3, bf16=False)

    whole, resumed = task(), task()
    batches = [next(whole.batches) for _ in range(3)]
    resumed.skip_to(2)
    assert np.array_equal(next(resumed.batches), batches[2])
    assert not np.array_equal(batches[0], batches[1])
    heldout = set(range(NUM_HELDOUT_ROWS))
    shown = {wrapped_row(row, len(drawn)) for row in range(NUM_HELDOUT_ROWS, NUM_HELDOUT_ROWS + 100)}
    assert shown == set(range(NUM_HELDOUT_ROWS, len(drawn)))
    assert not shown & heldout


def test_the_loss_on_neighbours_is_zero_for_the_same_directions_and_by_hand_for_others() -> None:
    bank = torch.eye(2)
    features = torch.tensor([[3.0, 0.0], [1.0, 1.0]])

    assert neighbour_loss(features * 2, features, bank) == pytest.approx(0, abs=1e-6)
    # The teacher sees only the first picture (20 to 0 by temperature), the student both alike: log 2.
    apart = neighbour_loss(torch.tensor([[1.0, 1.0]]), torch.tensor([[1.0, 0.0]]), bank)
    assert float(apart) == pytest.approx(0.6931, abs=1e-3)


def test_a_teacher_without_norms_computes_the_same() -> None:
    generator = torch.Generator().manual_seed(0)
    inner = nn.Sequential(nn.Conv2d(2, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU6())
    norm = inner[1]
    assert isinstance(norm, nn.BatchNorm2d)
    norm.running_mean = torch.randn(3, generator=generator)
    norm.running_var = torch.rand(3, generator=generator) + 0.5
    teacher = nn.Sequential(inner).eval()
    picture = torch.rand((1, 2, 5, 7), generator=generator)

    folded = without_norms(teacher)

    with torch.inference_mode():
        assert torch.allclose(folded(picture), teacher(picture), atol=1e-6)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    assert isinstance(inner[1], nn.BatchNorm2d)  # the teacher itself is left as it was


def test_the_loss_on_classes_is_zero_for_the_same_and_by_hand_for_others() -> None:
    classifier = nn.Linear(2, 2).requires_grad_(False)
    classifier.weight.copy_(torch.tensor([[2.0, 0.0], [0.0, 2.0]]))
    classifier.bias.zero_()
    teacher = torch.tensor([[40.0, 0.0]])  # surely the first class

    assert class_loss(teacher, teacher, classifier) == pytest.approx(0, abs=1e-6)
    # The student finds both alike: log 2, times the square of the temperature.
    alike = class_loss(torch.tensor([[1.0, 1.0]]), teacher, classifier)
    assert float(alike) == pytest.approx(4 * 0.693147, abs=1e-4)


def test_a_mirrored_batch_mirrors_maps_and_keeps_pooled_features() -> None:
    row = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3)
    batch = Batch(images=row, maps=row + 20, pooled=torch.tensor([[22.0]]))

    mirrored = batch.flipped()

    assert mirrored.images.flatten().tolist() == [3, 2, 1]
    assert mirrored.maps.flatten().tolist() == [23, 22, 21]
    assert mirrored.pooled.tolist() == [[22]]


def test_the_nearest_other_is_never_the_picture_itself() -> None:
    assert nearest_other(torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])).tolist() == [1, 0, 1]


def test_no_row_of_training_shows_a_photograph_that_is_held_out_and_rare_ones_come_more_often() -> None:
    num_photos = NUM_HELDOUT_ROWS * 4
    weights = np.where(np.arange(num_photos) % 2 == 0, 1.0, 9.0)

    drawn = draw_photos(weights, num_rows=NUM_HELDOUT_ROWS + 20_000, seed=3)

    heldout, trained = drawn[:NUM_HELDOUT_ROWS], drawn[NUM_HELDOUT_ROWS:]
    assert len(set(heldout.tolist())) == NUM_HELDOUT_ROWS
    assert not set(heldout.tolist()) & set(trained.tolist())
    assert np.bincount(trained % 2).argmax() == 1
    assert np.array_equal(drawn, draw_photos(weights, num_rows=NUM_HELDOUT_ROWS + 20_000, seed=3))


def test_a_photograph_with_two_like_it_weighs_one_over_the_root_of_three(tmp_path: Path) -> None:
    """The teacher is a mean of colours here: three red photographs and one blue."""
    paths = []
    for number, colour in enumerate([(250, 10, 10), (240, 10, 10), (230, 10, 10), (10, 10, 250)]):
        paths.append(tmp_path / f"{number}.png")
        Image.new("RGB", (30, 20), colour).save(paths[-1])

    weights = rarity_weights(nn.Sequential(nn.Identity()), paths)

    assert weights.tolist() == pytest.approx([3**-0.5, 3**-0.5, 3**-0.5, 1])
