"""Which labels are set aside, and what happens to a class that chance left without any to learn from."""

import numpy as np

from worker.tasks.training_data import without_starving


def test_held_out_labels_stay_held_out_where_their_class_has_others() -> None:
    heldout = np.array([True, False, True, False])

    result = without_starving(heldout, np.array([0, 0, 1, 1]))

    assert result.tolist() == [True, False, True, False]


def test_a_class_with_all_labels_held_out_gets_them_back() -> None:
    heldout = np.array([True, False, True, True])

    result = without_starving(heldout, np.array([0, 0, 1, 1]))

    assert result.tolist() == [True, False, False, False]
    assert heldout.tolist() == [True, False, True, True]  # the input is unchanged
