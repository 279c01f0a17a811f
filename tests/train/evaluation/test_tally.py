import json

import numpy as np
import pytest

from tests.train.evaluation.written import as_written
from train.evaluation.faithfulness import faithfulness_measures, intersection_over_union
from train.evaluation.hard_drawing import draw_hard
from train.evaluation.tally import Tally, score_rows


def test_tally_is_the_mean_over_all_chunks(rng):
    targets = (rng.random((30, 28, 28)) > 0.95).astype(np.uint8)
    labels = rng.integers(0, 4, 30).astype(np.int32)
    points, up = rng.random((30, 6, 2)).astype(np.float32), rng.random((30, 6)) > 0.7
    written = as_written(points, up, targets, label=labels)
    written = written._replace(mse=rng.random(30).astype(np.float32))
    tally = Tally()
    for part in (slice(0, 7), slice(7, 30)):
        tally.add(faithfulness_measures(written.of(part)), labels[part])
    scores = tally.scores()
    hard = draw_hard(written.points[..., :2], written.pen_up)
    iou = intersection_over_union(hard, targets)
    assert scores["all"]["iou"] == pytest.approx(iou.mean())
    assert scores["all"]["mse_soft"] == pytest.approx(written.mse.mean())
    assert set(scores["all"]) == {"iou", "chamfer_px", "mse_soft", "mse_hard", "iou_opencv"}
    for digit in np.unique(labels):
        assert scores["digits"][str(digit)]["iou"] == pytest.approx(iou[labels == digit].mean())


def test_nothing_counted_scores_nothing():
    tally = Tally()
    assert tally.scores() == {"all": {}, "digits": {}}
    tally.add({"iou": np.zeros(0)}, np.zeros(0, np.int32))
    assert tally.scores() == {"all": {"iou": 0.0}, "digits": {}}


def test_a_table_has_a_row_for_each_digit_and_one_for_all():
    tally = Tally()
    tally.add({"iou": np.array([0.5, 1.0, 0.0]), "lifts": np.array([1.0, 2.0, 3.0])}, [7, 7, 2])
    head, rows = score_rows(tally.scores())
    assert head == ["digit", "iou", "lifts"]
    assert rows == [
        ["2", "0.0000", "3.0000"],
        ["7", "0.7500", "1.5000"],
        ["all", "0.5000", "2.0000"],
    ]


def test_tallies_of_parts_make_that_of_all(rng):
    whole, merged = Tally(), Tally()
    for count in (7, 0, 30):
        labels = rng.integers(0, 4, count).astype(np.int32)
        measured = {"iou": rng.random(count), "lifts": rng.random(count)}
        part = Tally()
        part.add(measured, labels)
        whole.add(measured, labels)
        merged.merge(json.loads(json.dumps(part.sums())))
    assert merged.scores() == whole.scores()
