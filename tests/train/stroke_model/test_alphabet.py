"""A stroke model of other classes than digits."""

import dataclasses
import json

import numpy as np
import pytest

from datasets.picture_sets import classes_and_size, load_picture_set
from strokes.classes import DIGITS
from strokes.errors import DataError
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.writer import load_writer as load_released
from tests.alphabet import CLASSES, recordings_of, write_alphabet
from train.errors import RunError
from train.stroke_model.config import RecordingsConfig, TrainConfig
from train.stroke_model.fitting import MOST_DECODERS, fitted
from train.stroke_model.loop import LabelledPictures, total_images, train
from train.stroke_model.model import load_writer
from train.stroke_model.presets import preset
from train.stroke_model.recordings import Deformer
from train.stroke_model.run_folder import RunFolder


class Silence:
    def advance(self, count):
        pass

    skip = line = advance


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of two steps, its pictures and its configuration."""
    folder = tmp_path_factory.mktemp("alphabet")
    pictures, recordings = write_alphabet(folder)
    decoder = DecoderConfig(points=8, width=8, layers=1, correction=4, rounds=1)
    config = TrainConfig(
        set=str(pictures),
        networks=NetworksConfig(decoder, plans=2, classes=3),
        recordings=RecordingsConfig(source=str(recordings), pretraining=1, each=4),
        gate_epochs=1,
        gate_copies=256,
        recovery_copies=256,
        epochs=1,
        batch_size=12,
    )
    found = load_picture_set(config.set, "train", kind="thinned")
    shown = LabelledPictures(found.images, found.labels)
    run = RunFolder(folder / "run")
    run.create(config, dataset="an alphabet", classes=found.classes)
    train(config, run, shown, sheet=shown, progress=Silence())
    return run, shown, config


def test_a_run_and_its_weights_say_their_classes(trained):
    run, shown, config = trained
    assert json.loads((run.path / "config.json").read_text())["classes"] == ["A", "a", "山"]
    for writer in (load_writer(run.path), load_released(run.path)):
        assert writer.classes == CLASSES
        assert writer.config.networks == config.networks
        assert len(writer.plans.counts) == 3
    by_number = writer.write(shown.images, shown.labels)
    by_name = writer.write(shown.images, [CLASSES.names[label] for label in shown.labels])
    np.testing.assert_array_equal(by_number.points, by_name.points)
    assert (run.path / "sheets" / "epoch-001.png").exists()


def test_what_is_no_class_is_refused(trained):
    writer, picture = load_writer(trained[0].path), trained[1].images[0]
    with pytest.raises(DataError, match="labels from 3 to 3, expected 0 to 2"):
        writer.write(picture, 3)
    with pytest.raises(DataError, match="label 'b', expected one of A a 山"):
        writer.write(picture, "b")
    with pytest.raises(DataError, match="labels: give them, as what ships reads digits alone"):
        writer.write(picture)
    with pytest.raises(DataError, match="plan 2: class A has"):
        writer.write(picture, "A", plan=2)


def test_other_numbers_of_classes_than_names_are_damage(trained, tmp_path):
    run = RunFolder(tmp_path / "run")
    run.create(trained[2], dataset="", classes=DIGITS)
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


def test_a_preset_fits_a_set():
    few = fitted(preset("demo"), "three", classes=3, height=32, width=32, source="none")
    assert (few.networks.count, few.batch_size, few.networks.plans) == (3, 318, 0)
    assert (few.networks.decoder.picture_height, few.set) == (32, "three")
    many = fitted(preset("demo"), "many", classes=52, height=28, width=28, source="letters")
    assert (many.networks.count, many.batch_size) == (1, 320)
    assert many.networks.decoder.embedding > 0
    thousands = fitted(preset("demo"), "all", classes=4000, height=28, width=28, source="letters")
    assert thousands.networks.contexts == 4000 * thousands.networks.plans
    each = (one.recordings.each * one.networks.classes for one in (many, thousands))
    assert all(count <= 32_000 for count in each)
    assert thousands.networks.weights < 10 * many.networks.weights
    most = fitted(preset("demo"), "x", classes=MOST_DECODERS, height=28, width=28, source="letters")
    assert most.networks.count == MOST_DECODERS


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
