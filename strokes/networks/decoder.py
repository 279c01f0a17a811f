"""The LSTM that writes: a picture and a label, or a plan, in; pen points out.

Points are ``[..., T, 3]``: x to the right, y down, canvas units, on the canvas or a
little beside it, and softness > 0 in 1/canvas units.
"""

import math
from typing import TypeAlias

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax

from strokes.networks.config import (
    PRESSED_ABOVE,
    PRESSED_BELOW,
    SOFTNESS_RANGE,
    DecoderConfig,
)
from strokes.networks.correction import Correction

_POINT = 3  # x, y, softness


class _Layer(nnx.Module):
    """Weights of one LSTM layer; gates in the order input, forget, output, candidate."""

    def __init__(self, inputs: int, config: DecoderConfig, *, told: int, rngs: nnx.Rngs):
        gates = 4 * config.width
        kernel = nnx.initializers.glorot_uniform()
        self.kernel = nnx.Param(kernel(rngs.params(), (inputs + config.width, gates)))
        forget_one = jnp.zeros(gates).at[config.width : 2 * config.width].set(1.0)
        self.bias = nnx.Param(forget_one)
        if told:
            self.point_kernel = nnx.Param(kernel(rngs.params(), (_POINT, gates)))
            self.label_kernel = nnx.Param(kernel(rngs.params(), (told, gates)))


_State: TypeAlias = tuple[jax.Array, jax.Array]  # output and memory of a layer


def _cell(gates: jax.Array, memory: jax.Array) -> tuple[jax.Array, jax.Array]:
    """One LSTM cell: gates ``[..., 4 width]`` and memory to output and new memory."""
    enter, forget, leave, candidate = jnp.split(gates, 4, axis=-1)
    memory = jax.nn.sigmoid(forget) * memory + jax.nn.sigmoid(enter) * jnp.tanh(candidate)
    return jax.nn.sigmoid(leave) * jnp.tanh(memory), memory


def _bounded(spread: jax.Array) -> jax.Array:
    """Log-softness less its initial value, bent so that it stays within `SOFTNESS_RANGE`."""
    return SOFTNESS_RANGE * jnp.tanh(spread / SOFTNESS_RANGE)


def _pressed(spread: jax.Array) -> jax.Array:
    """The same for a pen that a plan presses; 0 stays 0."""
    reach = PRESSED_BELOW + PRESSED_ABOVE
    middle = math.log(PRESSED_BELOW / PRESSED_ABOVE)
    return reach * jax.nn.sigmoid(spread + middle) - PRESSED_BELOW


class Decoder(nnx.Module):
    """LSTM layers and a dense head that write points one after another.

    After Grzego (2017): the picture, the label and the previous point go in; x and y
    leave through a sigmoid, softness through a bounded exponential. The picture is
    the same at every step, so it is projected once, outside the loop. At the end a
    correction looks at the paper around each point and moves it (`strokes.networks.correction`).

    A decoder that is told a plan takes its number for the label. It adds a path of the
    plan's own to what it writes, so that it begins from what is common to all who write
    so; and the pen is lifted where the plan says.
    """

    def __init__(
        self, config: DecoderConfig, *, contexts: int, planned: bool = False, rngs: nnx.Rngs
    ):
        """Draw initial weights.

        Args:
          config: sizes.
          contexts: labels, or plans, that it may be told.
          planned: these are plans.
          rngs: stream ``params``.
        """
        self.config = config
        kernel = nnx.initializers.glorot_uniform()
        pixels = config.picture_height * config.picture_width
        if config.embedding:
            spread = nnx.initializers.normal(config.embedding**-0.5)
            self.embedding = nnx.Param(spread(rngs.params(), (contexts, config.embedding)))
        told = config.embedding or contexts
        self.picture_kernel = nnx.Param(kernel(rngs.params(), (pixels, 4 * config.width)))
        self.layers = nnx.List(
            _Layer(
                config.width if index else 0,
                config,
                told=told if config.context_to_all_layers or index == 0 else 0,
                rngs=rngs,
            )
            for index in range(config.layers)
        )
        self.head_kernel = nnx.Param(kernel(rngs.params(), (config.width, _POINT)))
        self.head_bias = nnx.Param(jnp.zeros(_POINT))
        if planned:
            # Logits of x and y.
            self.plan_path = nnx.Param(jnp.zeros((contexts, config.points, 2)))
        if config.correction:
            self.correction = Correction(config.width, config.correction, rngs=rngs)
            self.later_corrections = nnx.List(
                Correction(config.width, config.correction, rngs=rngs)
                for _ in range(config.rounds - 1)
            )
            for later in self.later_corrections:  # which moves nothing until it has learned to
                later.head_kernel[...] = jnp.zeros_like(later.head_kernel[...])

    def _corrections(self) -> list[Correction]:
        """The rounds of the correction, in order."""
        return [self.correction, *self.later_corrections] if self.config.correction else []

    def _constant_gates(self, picture: jax.Array, context: jax.Array) -> list[jax.Array]:
        """What each layer's gates receive at every step alike: bias, label or plan, and picture."""
        embedded = self.embedding[...][context] if self.config.embedding else None
        constant = []
        for index, layer in enumerate(self.layers):
            gates = layer.bias[...]
            if hasattr(layer, "label_kernel"):
                kernel = layer.label_kernel[...]
                gates = gates + (kernel[context] if embedded is None else embedded @ kernel)
            if index == 0:
                pixels = picture.reshape(*picture.shape[:-2], -1)
                gates = gates + pixels @ self.picture_kernel[...]
            constant.append(gates)
        return constant

    def _raw_point(self, output: jax.Array) -> jax.Array:
        """The last layer's output to logits of x and y and an unbounded log-softness."""
        raw: jax.Array = output @ self.head_kernel[...] + self.head_bias[...]
        return raw

    def _dropped(self, output: jax.Array, key: jax.Array | None) -> jax.Array:
        """A layer's output as the layer above sees it: in training some units are left out."""
        if key is None:
            return output
        keep = 1.0 - self.config.dropout
        kept = jax.random.bernoulli(key, keep, output.shape)
        return jnp.where(kept, output / keep, 0.0)

    def _through_layers(
        self,
        states: list[_State],
        previous: jax.Array,
        constant: list[jax.Array],
        key: jax.Array | None,
    ) -> tuple[list[_State], jax.Array]:
        """One time step of all layers: their new states, and the last one's output.

        Args:
          states: output and memory of each layer, ``[..., width]``.
          previous: point, ``[..., 3]``.
          constant: what each layer's gates receive at every step alike.
          key: for dropout, on the second and later layers; none to drop nothing.
        """
        new_states: list[_State] = []
        below: jax.Array | None = None
        for index, layer in enumerate(self.layers):
            output, memory = states[index]
            inputs = output if below is None else jnp.concatenate([below, output], axis=-1)
            gates = constant[index] + inputs @ layer.kernel[...]
            if hasattr(layer, "point_kernel"):
                gates = gates + previous @ layer.point_kernel[...]
            output, memory = _cell(gates, memory)
            new_states.append((output, memory))
            layer_key = None if key is None or index == 0 else jax.random.fold_in(key, index)
            below = self._dropped(output, layer_key)
        assert below is not None  # there is at least one layer
        return new_states, below

    def __call__(
        self,
        picture: jax.Array,
        context: jax.Array,
        *,
        lifted: jax.Array | None = None,
        rounds: int | None = None,
        key: jax.Array | None = None,
    ) -> jax.Array:
        """Write one digit, or one for each of any leading axes.

        Args:
          picture: ``[..., picture_height, picture_width]`` in [0, 1], ink 1.
          context: integers ``[...]``: the label, or the plan.
          lifted: bool ``[..., T]``: the segment that begins at the point is in the air. It
            goes with plans; without it, the decoder finds out where to lift the pen.
          rounds: of the correction, the first so many; all of them if not given.
          key: for dropout; without one nothing is dropped.

        Returns:
          points ``[..., T, 3]``.
        """
        config = self.config
        constant = self._constant_gates(picture, context)
        dropping = key is not None and config.dropout > 0.0
        keys = jax.random.split(key, config.points) if dropping else None  # type: ignore[arg-type]
        planned = hasattr(self, "plan_path")
        if planned != (lifted is not None):
            raise ValueError("lifted goes with a decoder that is told plans, and only with it")
        path = jnp.moveaxis(self.plan_path[...][context], -2, 0) if planned else None
        ups = None if lifted is None else jnp.moveaxis(lifted, -1, 0)

        def spread_of(raw: jax.Array, up: jax.Array | None) -> jax.Array:
            if up is None:
                return _bounded(raw)
            return jnp.where(up[..., None], -SOFTNESS_RANGE, _pressed(raw))

        def step(carry, inputs):  # type: ignore[no-untyped-def]
            states, previous = carry
            step_key, base, up = inputs
            states, output = self._through_layers(states, previous, constant, step_key)
            raw = self._raw_point(output)
            place = raw[..., :2] if base is None else raw[..., :2] + base
            position, spread = jax.nn.sigmoid(place), raw[..., 2:]
            previous = jnp.concatenate([position, spread_of(spread, up)], axis=-1)
            return (states, previous), (position, spread, output)

        leading = picture.shape[:-2]
        blank = jnp.zeros((*leading, config.width), picture.dtype)
        nothing = jnp.zeros((*leading, _POINT), picture.dtype)
        start = ([(blank, blank)] * config.layers, nothing)
        _, written = lax.scan(step, start, (keys, path, ups), length=config.points)
        positions, spreads, outputs = (jnp.moveaxis(part, 0, -2) for part in written)
        for correction in self._corrections()[:rounds]:
            moves, changes = correction(picture, positions, spread_of(spreads, lifted), outputs)
            positions, spreads = positions + moves, spreads + changes
        softness = jnp.exp(config.initial_log_softness + spread_of(spreads, lifted))
        return jnp.concatenate([positions, softness], axis=-1)
