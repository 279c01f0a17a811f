import jax
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import render
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.networks.stack import decode, initial_parameters
from strokes.writing import inference
from strokes.writing.config import WriterConfig
from strokes.writing.inference import concatenated, write_digits

DECODER = DecoderConfig(points=5, width=6)


@pytest.mark.parametrize("ensemble", [True, False])
@pytest.mark.parametrize("count", [1, 33, 700])
def test_equals_writing_each_digit_alone(monkeypatch, ensemble, count):
    monkeypatch.setattr(inference, "CHUNK", 300)
    networks = NetworksConfig(DECODER, ensemble=ensemble)
    config = WriterConfig(networks)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:count] for part in load_thinned("test"))
    chunks = list(write_digits(parameters, images, labels, config=config))
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
        (chunk,) = write_digits(parameters, pictures, labels, config=WriterConfig(networks))
        assert np.isfinite(chunk.points).all()
        assert len(chunk.points) == len(labels)


def test_the_last_point_ends_a_stroke():
    networks = NetworksConfig(DECODER)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:20] for part in load_thinned("test"))
    (chunk,) = write_digits(parameters, images, labels, config=WriterConfig(networks))
    assert chunk.pen_up[:, -1].all()
    assert not chunk.pen_up[:, :-1].any()  # an untrained decoder presses the pen


def test_some_of_what_was_written_and_all_of_it_again():
    networks = NetworksConfig(DECODER)
    parameters = initial_parameters(networks, key=jax.random.key(0))
    images, labels = (part[:7] for part in load_thinned("test"))
    (whole,) = write_digits(parameters, images, labels, config=WriterConfig(networks))
    for one, other in zip(
        concatenated([whole.of(slice(0, 3)), whole.of([3, 4, 5, 6])]), whole, strict=True
    ):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.pictures, images)
    np.testing.assert_array_equal(whole.label, labels)
    lone = whole.of([2])
    (strokes,) = lone.strokes
    np.testing.assert_array_equal(strokes[0], whole.points[2, :, :2])  # one stroke: see above
    assert lone.svg(0).count("<path") == len(strokes) == 1
