import dataclasses

import pytest

from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import WriterConfig
from train.errors import RunError
from train.stroke_model.config import RecordingsConfig, TrainConfig, lengthened


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs is 0, expected at least 1"),
        ({"batch_size": 0}, "batch_size is 0, expected at least 1"),
        ({"batch_size": 25}, "batch_size is 25, expected a multiple of 10, as every decoder"),
        ({"batch_size": 10**9}, "batch_size is 1000000000, expected at most 100,000"),
        ({"shift": 29}, "shift is 29, expected at most 28"),
        ({"seed": 2**70}, "seed is 1180591620717411303424, expected at most 4,294,967,295"),
        ({"warmup_steps": -1}, "warmup_steps is -1, expected at least 0"),
        ({"seed": -1}, "seed is -1, expected at least 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan, expected more than 0"),
        ({"clip": -0.5}, "clip is -0.5, expected at least 0"),
        ({"late": 1.0}, "late is 1.0, expected at least 0, less than 1"),
        (
            {"networks": NetworksConfig(DecoderConfig(initial_log_softness=3.2))},
            "initial_log_softness is 3.2: with plans expected more than 3.35, less than 7.00",
        ),
    ],
)
def test_what_makes_no_run_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**change)


@pytest.mark.parametrize(
    "change", [{"weight": -1.0}, {"share": float("nan")}, {"each": 0}, {"each": 10**9}]
)
def test_what_shows_nothing_is_refused(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        RecordingsConfig(**change)


def test_the_writer_s_part_is_the_run_s_own():
    config = TrainConfig()
    writer = config.writer
    for field in dataclasses.fields(WriterConfig):
        assert getattr(writer, field.name) is getattr(config, field.name)


def test_later_rounds_join_in_the_last_third():
    config = TrainConfig(epochs=6)
    assert config.late_epochs == 2
    assert [config.rounds(epoch) for epoch in range(6)] == [1, 1, 1, 1, None, None]
    for never in (
        dataclasses.replace(config, late=0.0),
        dataclasses.replace(config, networks=NetworksConfig(DecoderConfig(rounds=1))),
        dataclasses.replace(config, networks=NetworksConfig(DecoderConfig(correction=0))),
    ):
        assert never.late_epochs == 0
        assert {never.rounds(epoch) for epoch in range(6)} == {None}


def test_a_longer_run_has_its_later_rounds_from_the_same_epoch_on():
    config = TrainConfig(epochs=6)
    longer = lengthened(config, 60)
    assert [longer.rounds(epoch) for epoch in (0, 3, 4, 59)] == [1, 1, None, None]
    assert dataclasses.replace(longer, epochs=6, late=config.late) == config
    assert lengthened(config, 6) is config
    short = TrainConfig(epochs=2, late=0.9)  # both of its epochs have all rounds
    assert [lengthened(short, 20).rounds(epoch) for epoch in (1, 2, 19)] == [None] * 3
    never = TrainConfig(epochs=6, late=0.0)
    assert lengthened(never, 60) == dataclasses.replace(never, epochs=60)
    with pytest.raises(RunError, match="--epochs 5: the run has 6; it can only be made longer"):
        lengthened(config, 5)


def test_without_recordings_there_are_no_plans():
    assert TrainConfig().networks.plans > 0
    config = TrainConfig(recordings=RecordingsConfig(source="none"))
    assert config.networks.plans == 0
