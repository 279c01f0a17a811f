"""Small networks that read characters: pictures in, logits out, one for each class."""

import functools
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from rasterizer.convolution import convolve
from strokes.compilation import RUN_ONCE
from strokes.networks.config import RecognizerConfig

RecognizerParameters: TypeAlias = nnx.State[str, Any]
"""Parameters of one recogniser."""

_FIRST_KERNEL, _LATER_KERNELS = 5, 3


class Convolution(nnx.Module):
    """A convolution that keeps the picture's size; see `rasterizer.convolution`."""

    def __init__(self, inputs: int, outputs: int, size: int, *, rngs: nnx.Rngs):
        """Draw initial weights; ``size`` is the kernel's edge, odd."""
        shape = (size, size, inputs, outputs)
        self.kernel = nnx.Param(nnx.initializers.he_normal()(rngs.params(), shape))
        self.bias = nnx.Param(jnp.zeros(outputs))

    def __call__(self, pictures: jax.Array) -> jax.Array:
        """``[B, H, W, inputs]`` to ``[B, H, W, outputs]``; zeros lie around the picture."""
        return convolve(pictures, self.kernel[...]) + self.bias[...]


def _halved(hidden: jax.Array) -> jax.Array:
    """Maximum of each 2x2 block; an odd last row or column is left out."""
    batch, height, width, channels = hidden.shape
    hidden = hidden[:, : height // 2 * 2, : width // 2 * 2]
    return hidden.reshape(batch, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def _dropped(hidden: jax.Array, rate: float, key: jax.Array | None) -> jax.Array:
    """Hidden units, each left out with probability ``rate`` where there is a key."""
    if key is None or rate == 0.0:
        return hidden
    kept = jax.random.bernoulli(key, 1.0 - rate, hidden.shape)
    return jnp.where(kept, hidden / (1.0 - rate), 0.0)


class RecognizerNetwork(nnx.Module):
    """Convolutions with 2x2 maxima between the sizes, a dense layer and the logits."""

    def __init__(self, config: RecognizerConfig, *, rngs: nnx.Rngs):
        """Draw initial weights from the stream ``params``."""
        layers, inputs = [], 1
        for index, outputs in enumerate(np.repeat(config.channels, config.depth).tolist()):
            size = _LATER_KERNELS if index else _FIRST_KERNEL
            layers.append(Convolution(inputs, outputs, size, rngs=rngs))
            inputs = outputs
        halvings = len(config.channels)
        rows, columns = config.height >> halvings, config.width >> halvings
        self.convolutions, self.depth = nnx.List(layers), config.depth
        self.dense = nnx.Linear(rows * columns * inputs, config.units, rngs=rngs)
        self.head = nnx.Linear(config.units, config.outputs, rngs=rngs)

    def __call__(
        self, pictures: jax.Array, *, dropout: float = 0.0, key: jax.Array | None = None
    ) -> jax.Array:
        """Read pictures ``[B, H, W]`` in [0, 1]: logits ``[B, outputs]``."""
        return self.head(self.features(pictures, dropout=dropout, key=key))

    def features(
        self, pictures: jax.Array, *, dropout: float = 0.0, key: jax.Array | None = None
    ) -> jax.Array:
        """What the logits are made of: the dense layer's units, ``[B, units]``."""
        return self.units(self.maps(pictures), dropout=dropout, key=key)

    def maps(self, pictures: jax.Array) -> jax.Array:
        """The last convolution's maps, ``[B, h, w, channels]``; pictures where there is none."""
        hidden = pictures[..., None]
        for index, convolution in enumerate(self.convolutions):
            smaller = index > 0 and index % self.depth == 0
            hidden = jax.nn.relu(convolution(_halved(hidden) if smaller else hidden))
        return hidden

    def units(
        self, maps: jax.Array, *, dropout: float = 0.0, key: jax.Array | None = None
    ) -> jax.Array:
        """The dense layer's units of `maps`, ``[B, units]``."""
        hidden = _halved(maps) if len(self.convolutions) else maps
        keys = (None, None) if key is None else jax.random.split(key)
        hidden = _dropped(hidden.reshape(len(hidden), -1), 0.5 * dropout, keys[0])
        return _dropped(jax.nn.relu(self.dense(hidden)), dropout, keys[1])


def initial_recognizer(config: RecognizerConfig, *, key: jax.Array) -> RecognizerParameters:
    """Draw the parameters of a recogniser.

    A program of its own, not to be traced: for shapes alone there is `recognizer_shapes`.
    """
    drawn: RecognizerParameters = _drawn(config, key)
    return drawn


@functools.partial(jax.jit, static_argnums=0, compiler_options=RUN_ONCE)
def _drawn(config: RecognizerConfig, key: jax.Array) -> RecognizerParameters:
    return nnx.state(RecognizerNetwork(config, rngs=nnx.Rngs(params=key)), nnx.Param)


@functools.cache
def _abstract(config: RecognizerConfig) -> tuple[Any, RecognizerParameters]:
    """A recogniser's definition, and the shapes of its parameters."""
    module = nnx.eval_shape(lambda: RecognizerNetwork(config, rngs=nnx.Rngs(0)))
    return nnx.graphdef(module), nnx.state(module, nnx.Param)


def recognizer_shapes(config: RecognizerConfig) -> RecognizerParameters:
    """The shapes of a recogniser's parameters, which nobody drew."""
    return _abstract(config)[1]


def recognize(
    config: RecognizerConfig,
    parameters: RecognizerParameters,
    pictures: jax.Array,
    *,
    dropout: float = 0.0,
    key: jax.Array | None = None,
) -> jax.Array:
    """Read pictures.

    Args:
      config: the configuration that ``parameters`` were made with.
      parameters: of a recogniser.
      pictures: ``[B, H, W]`` in [0, 1].
      dropout: share of the dense layer's units that training leaves out, and half of it
        before that layer.
      key: of dropout; none when reading.

    Returns:
      logits ``[B, outputs]``.

    Raises:
      ValueError: pictures of another shape.
    """
    return jnp.asarray(_network(config, parameters, pictures)(pictures, dropout=dropout, key=key))


def recognizer_features(
    config: RecognizerConfig, parameters: RecognizerParameters, pictures: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The dense layer's units ``[B, units]`` and the logits of pictures; see `recognize`."""
    network = _network(config, parameters, pictures)
    units = network.features(pictures)
    return units, network.head(units)


def class_heat(
    config: RecognizerConfig, parameters: RecognizerParameters, pictures: jax.Array, number: int
) -> jax.Array:
    """What in pictures speaks for a class: Grad-CAM (R. Selvaraju et al., 2017).

    The last convolution's maps, each weighed by the mean slope of the class's logit in it, summed
    and cut off at 0.

    Args:
      config: the configuration that ``parameters`` were made with; with convolutions.
      parameters: of a recogniser.
      pictures: ``[B, H, W]`` in [0, 1].
      number: of the class.

    Returns:
      ``[B, H, W]``, at least 0; 0 all over where nothing speaks for it.

    Raises:
      ValueError: pictures of another shape, or a network without convolutions.
    """
    if not config.channels:
        raise ValueError("a network without convolutions sees no places")
    network = _network(config, parameters, pictures)
    maps = network.maps(pictures)

    def logit(maps: jax.Array) -> jax.Array:
        return jnp.sum(network.head(network.units(maps))[:, number])

    weights = jax.grad(logit)(maps).mean(axis=(1, 2), keepdims=True)
    heat = jax.nn.relu((weights * maps).sum(axis=-1))
    return jnp.asarray(jax.image.resize(heat, pictures.shape, "linear"))


def _network(
    config: RecognizerConfig, parameters: RecognizerParameters, pictures: jax.Array
) -> RecognizerNetwork:
    if pictures.ndim != 3 or pictures.shape[1:] != (config.height, config.width):
        raise ValueError(
            f"pictures have shape {list(pictures.shape)}, expected "
            f"[B, {config.height}, {config.width}]"
        )
    network = nnx.merge(_abstract(config)[0], parameters)
    assert isinstance(network, RecognizerNetwork)
    return network
