"""A stroke model of other classes than digits."""

import dataclasses

import numpy as np
import pytest

from datasets.picture_sets import classes_and_size
from strokes.classes import DIGITS
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.writer import load_writer as load_released
from tests.alphabet import CLASSES, recordings_of, write_alphabet
from train.errors import RunError
from train.stroke_model.config import TrainConfig
from train.stroke_model.loop import total_images
from train.stroke_model.recordings import Deformer
from train.stroke_model.run_folder import RunFolder


def test_other_numbers_of_classes_than_names_are_damage(tmp_path):
    run = RunFolder(tmp_path / "run")
    config = TrainConfig(networks=NetworksConfig(classes=3), batch_size=12)
    run.create(config, dataset="", classes=DIGITS)
    with pytest.raises(RunError, match=r"damaged \(10 classes, expected 3\)"):
        run.classes()


def test_a_class_that_is_missing_is_named():
    config = TrainConfig(networks=NetworksConfig(plans=0, classes=3), batch_size=12)
    with pytest.raises(RunError, match="no example of class a, 山: an ensemble needs some of each"):
        total_images(config, np.zeros(4, np.int32), CLASSES)
    recordings = [one for one in recordings_of(2) if one.label != 1]
    with pytest.raises(RunError, match="no recording of class a: training needs some of each"):
        Deformer(recordings, config.recordings, config.networks, classes=CLASSES)


def test_files_of_before_are_of_digits():
    assert load_released().classes == DIGITS
    assert load_released().config.networks.classes == 10


def test_a_set_says_its_classes_and_sizes(tmp_path):
    assert classes_and_size("digits") == (DIGITS, 28, 28)
    assert len(classes_and_size("letters")[0]) == 52
    pictures, _ = write_alphabet(tmp_path, each=2)
    assert classes_and_size(str(pictures)) == (CLASSES, 28, 28)


def test_more_plans_than_a_gate_tells_apart_are_refused():
    with pytest.raises(ValueError, match="20,000 classes of 12 plans, expected at most 3 plans"):
        NetworksConfig(DecoderConfig(width=8), ensemble=False, classes=20_000)
    assert (
        dataclasses.replace(NetworksConfig(), plans=3, classes=40, ensemble=False).contexts == 120
    )
