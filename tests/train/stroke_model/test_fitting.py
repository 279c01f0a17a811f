import dataclasses

import pytest

from strokes.networks.config import MOST_OUTPUTS
from train.stroke_model.fitting import MOST_DECODERS, fitted
from train.stroke_model.presets import preset

HUMAN = preset("human")


def fit(classes, *, config=HUMAN, source="mine.ndjson", side=28):
    return fitted(config, "mine.npz", classes=classes, height=side, width=side, source=source)


def test_few_classes_have_a_decoder_each_and_share_a_step_evenly():
    config = fit(7)
    assert config.networks.ensemble
    assert config.networks.count == config.networks.classes == 7
    assert config.batch_size % 7 == 0
    assert HUMAN.batch_size - 7 < config.batch_size <= HUMAN.batch_size
    assert config.networks.decoder == HUMAN.networks.decoder


def test_many_classes_share_one_decoder_that_is_told_by_an_embedding():
    assert fit(MOST_DECODERS).networks.count == MOST_DECODERS
    config = fit(MOST_DECODERS + 1)
    assert config.networks.count == 1
    assert config.networks.decoder.embedding > 0
    assert config.batch_size == HUMAN.batch_size
    assert fit(400).networks.decoder == fit(52).networks.decoder


def test_the_gate_of_many_classes_is_larger_and_their_steps_are_smaller():
    few, many = fit(MOST_DECODERS), fit(MOST_DECODERS + 1)
    assert (few.gate_units, few.learning_rate) == (HUMAN.gate_units, HUMAN.learning_rate)
    assert many.gate_units > few.gate_units
    assert many.learning_rate < few.learning_rate
    assert many.gate_epochs < few.gate_epochs
    assert many.recovery_copies > few.recovery_copies
    own = dataclasses.replace(HUMAN, gate_units=512, learning_rate=0.001, recovery_copies=90_000)
    asked = fit(300, config=own)
    assert (asked.gate_units, asked.learning_rate, asked.recovery_copies) == (512, 0.001, 90_000)


@pytest.mark.parametrize("classes", [2, 52, 4000])
def test_what_is_made_of_recordings_and_read_by_the_gate_stays_bounded(classes):
    config = fit(classes)
    assert config.networks.plans * classes <= MOST_OUTPUTS
    assert 1 <= config.recordings.each <= HUMAN.recordings.each
    assert config.recordings.each * classes <= max(30_000, classes)


def test_the_set_its_recordings_and_the_size_of_its_pictures_are_said():
    config = fit(3, side=64)
    assert (config.set, config.recordings.source) == ("mine.npz", "mine.ndjson")
    assert (config.networks.decoder.picture_height, config.networks.decoder.picture_width) == (
        64,
        64,
    )


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
