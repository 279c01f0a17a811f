import jax
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import render
from strokes import DecoderConfig, NetworksConfig, decode, initial_parameters
from train import inference
from train.config import LossConfig
from train.inference import write_digits

LOSS = LossConfig()
DECODER = DecoderConfig(points=5, width=6)


@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("count", [1, 33, 700])
def test_equals_writing_each_digit_alone(monkeypatch, ensemble, count):
    monkeypatch.setattr(inference, "CHUNK", 300)
    networks = NetworksConfig(DECODER, ensemble=ensemble)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:count] for part in load_thinned("test"))
    chunks = list(write_digits(parameters, images, labels, networks=networks, loss=LOSS))
    assert [len(chunk.points) for chunk in chunks] == [
        min(300, count - start) for start in range(0, count, 300)
    ]
    points = np.concatenate([chunk.points for chunk in chunks])
    mse = np.concatenate([chunk.mse for chunk in chunks])
    for index in range(0, count, 97):
        network = labels[index] if ensemble else 0
        mine = jax.tree.map(lambda leaf, k=network: leaf[k : k + 1], parameters)
        picture = images[index].astype(np.float32)
        alone = decode(networks, mine, picture[None, None], labels[index][None, None])
        np.testing.assert_allclose(points[index], alone[0, 0], rtol=2e-5)
        drawing = np.asarray(render(alone[0, 0]))
        assert mse[index] == pytest.approx(float(np.mean((drawing - picture) ** 2)), rel=1e-4)


def test_labels_need_not_be_balanced_or_complete():
    networks = NetworksConfig(DECODER)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, _ = load_thinned("test")
    for labels in (np.full(200, 3, np.int32), np.array([9, 0, 9], np.int32)):
        pictures = images[: len(labels)]
        (chunk,) = write_digits(parameters, pictures, labels, networks=networks, loss=LOSS)
        assert np.isfinite(chunk.points).all()
        assert len(chunk.points) == len(labels)


def test_the_last_point_ends_a_stroke():
    networks = NetworksConfig(DECODER)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:20] for part in load_thinned("test"))
    (chunk,) = write_digits(parameters, images, labels, networks=networks, loss=LOSS)
    assert chunk.pen_up[:, -1].all()
    assert not chunk.pen_up[:, :-1].any()  # an untrained decoder presses the pen
