import contextlib
import json

import jax
import numpy as np
import pytest

from tests.train.evaluation.written import Count, shipped_writer, some_digits, some_written
from train.evaluation.evaluation import evaluate, find_humans
from train.evaluation.sources import of_writer
from train.evaluation.strokes import experiment_measures
from train.experiments import gallery
from train.experiments.claims import CLAIMS, SHAKY, STEADY
from train.experiments.runs import WHAT_TO_SEE
from train.experiments.tables import SHOWN


@pytest.fixture(scope="module")
def digits():
    return gallery.TestDigits(*some_digits())


@pytest.fixture(scope="module")
def humans():
    return find_humans("own")


class Progress:
    """Work that was begun."""

    def __init__(self):
        self.labels = []

    @contextlib.contextmanager
    def __call__(self, total, *, label, unit=" images"):
        self.labels.append(label)
        count = Count()
        yield count
        assert count.done == total


def test_a_run_is_measured_by_all_that_the_tables_show(tmp_path, digits, humans):
    progress = Progress()
    found = gallery.measured(tmp_path / "ours", shipped_writer(), digits, humans, progress)
    assert progress.labels == ["evaluating ours"]
    source = of_writer(shipped_writer(), "ours", *digits, refined=0)
    evaluation = evaluate(source, humans, Count())
    scores, more = evaluation.scores["all"], experiment_measures(evaluation.written)
    round_ones = np.isin(evaluation.written.label, (6, 8))
    expected = scores | {
        "gap": abs(scores["mse_hard"] - scores["mse_soft"]),
        "crossings": more["crossings"].mean(),
        "drawn_twice": more["drawn_twice"].mean(),
        "turning_6_8": more["turning"][round_ones].mean(),
    }
    assert found == pytest.approx(expected)
    assert set(SHOWN) <= set(found)
    assert {claim.measure for claim in CLAIMS} <= {*found, "disagreement"}


def test_what_was_measured_is_not_measured_again(tmp_path, digits, humans):
    folder, writer = tmp_path / "run", shipped_writer()
    few = gallery.TestDigits(*(array[24:36] for array in digits))
    progress = Progress()
    first = gallery.measured(folder, writer, few, humans, progress)
    assert gallery.measured(folder, writer, few, humans, progress) == first
    assert len(progress.labels) == 1
    kept = json.loads((folder / "gallery.json").read_text())
    assert kept == {"step": writer.step, "humans": "own", "figures": first}
    for changed in (
        (writer._replace(step=writer.step + 1), humans),
        (writer, humans._replace(source="others")),
    ):
        gallery.measured(folder, changed[0], few, changed[1], progress)
    assert len(progress.labels) == 3


def test_equal_runs_do_not_disagree_and_others_do(digits):
    writer = shipped_writer()
    same = gallery.between_seeds([writer, writer], digits)
    assert set(same) == {SHAKY, STEADY}
    for row in same.values():
        assert row["disagreement"] == pytest.approx(0, abs=1e-6)
    # A writer whose decoders of 2 and 3 have changed places is another one for shaky digits only.
    order = np.array([0, 1, 3, 2, 4, 5, 6, 7, 8, 9])
    parameters = jax.tree.map(lambda leaf: leaf[order], writer.parameters)
    swapped = writer._replace(parameters=parameters)
    other = gallery.between_seeds([writer, swapped], digits)
    assert other[SHAKY]["disagreement"] > 0.01
    assert other[STEADY]["disagreement"] == pytest.approx(0, abs=1e-6)


def test_a_loss_curve_has_the_mean_of_each_epoch(tmp_path):
    lines = [(1, 0.4), (1, 0.2), (2, 0.1), (3, 0.05), (3, 0.07)]
    text = "".join(
        json.dumps({"step": step, "epoch": epoch, "mse": mse, "loss": 1.0}) + "\n"
        for step, (epoch, mse) in enumerate(lines, 1)
    )
    (tmp_path / "metrics.jsonl").write_text(text)
    assert gallery.loss_curve(tmp_path) == pytest.approx([0.3, 0.1, 0.06])


def test_every_run_draws_the_same_ten_digits(tmp_path, digits):
    (tmp_path / "metrics.jsonl").write_text('{"epoch": 1, "mse": 0.5}\n')
    record = {"about": {}, "commands": {}, "figures": {}, "lines": {}}
    writers = dict.fromkeys(WHAT_TO_SEE, shipped_writer())
    folders = dict.fromkeys(WHAT_TO_SEE, tmp_path)
    found = gallery.contents(record, writers, folders, digits)
    assert found.record is record
    assert found.curves == {name: [0.5] for name in WHAT_TO_SEE}
    assert list(found.drawn) == list(WHAT_TO_SEE)
    written = some_written()
    for figure in found.drawn.values():
        for digit, target in enumerate(figure.targets):
            of_digit = digits.images[digits.labels == digit]
            assert (of_digit == target).all(axis=(1, 2)).any()
        place = np.flatnonzero((written.pictures == figure.targets[3]).all(axis=(1, 2)))[0]
        np.testing.assert_allclose(figure.points[3], written.points[place], rtol=1e-3, atol=1e-5)
    for figure in found.probed.values():  # blank paper, then black paper, under each label
        assert figure.targets[:10].max() == 0
        assert figure.targets[10:].min() == 1
        assert len(figure.targets) == 20
    assert {size: drawn.shape for size, drawn in found.sizes.items()} == {
        size: (10, size, size) for size in (28, 112, 512)
    }
    np.testing.assert_array_equal(found.sizes[28], found.drawn["standard"].drawings)
