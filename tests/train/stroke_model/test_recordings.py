import dataclasses

import numpy as np
import pytest

from strokes.errors import DataError
from strokes.formats.ndjson import write_recordings
from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model.recordings import make_deformer


def from_source(source):
    return dataclasses.replace(
        TINY, recordings=dataclasses.replace(TINY.recordings, source=str(source))
    )


def test_the_same_seed_and_epoch_give_the_same_examples():
    deformer = make_deformer(TINY)
    one, again = (deformer.examples(3, seed=1, epoch=2) for _ in "ab")
    for ours, theirs in zip(one, again, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    other = deformer.examples(3, seed=1, epoch=3)
    assert np.abs(other.points - one.points).max() > 0
    assert one.images.shape == (10, 3, 28, 28)
    assert (one.labels == np.arange(10)[:, None]).all()


def test_a_single_network_sees_every_digit():
    networks = dataclasses.replace(TINY.networks, ensemble=False)
    examples = make_deformer(dataclasses.replace(TINY, networks=networks)).examples(
        3, seed=0, epoch=0
    )
    assert examples.images.shape == (1, 30, 28, 28)
    assert np.bincount(examples.labels[0]).tolist() == [3] * 10


def test_examples_have_as_many_points_and_pixels_as_the_decoders():
    networks = NetworksConfig(DecoderConfig(points=9, picture_height=20, picture_width=20))
    config = dataclasses.replace(TINY, networks=networks)
    found = make_deformer(config).examples(2, seed=0, epoch=0)
    assert found.images.shape == (10, 2, 20, 20)
    assert found.points.shape == (10, 2, 9, 2)
    assert found.lifted.shape == (10, 2, 9)
    assert found.lifted[..., -1].all()


def test_recordings_that_do_not_serve(tmp_path):
    path = tmp_path / "one.ndjson"
    stroke = np.array([[0.2, 0.2], [0.8, 0.8]])
    write_recordings([Recording(1, [stroke])], path)
    with pytest.raises(RunError, match="no recording of digit 0, 2, 3"):
        make_deformer(from_source(path))
    write_recordings([Recording(1, [stroke] * 4)], path)
    with pytest.raises(RunError, match="recording of a 1: 4 strokes do not fit into 6 points"):
        make_deformer(from_source(path))
    with pytest.raises(DataError, match="no such file"):
        make_deformer(from_source(tmp_path / "none.ndjson"))
    assert make_deformer(from_source("none")) is None


def test_recordings_need_a_square():
    networks = NetworksConfig(DecoderConfig(points=6, picture_height=28, picture_width=20))
    with pytest.raises(RunError, match="pictures of 28x20: recordings are drawn on a square"):
        make_deformer(dataclasses.replace(TINY, networks=networks))
