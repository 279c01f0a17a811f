"""A stack of decoders: one for each class, or one for all.

Their parameters are stacked along a first axis ``[N, ...]``, and a ``vmap`` runs
decoder n on its own batch. So an ensemble costs what its small networks cost, and
the single conditional model is a stack of one.
"""

import functools
from typing import Any, TypeAlias

import jax
from flax import nnx

from strokes.compilation import RUN_ONCE
from strokes.networks.config import NetworksConfig
from strokes.networks.decoder import Decoder

Parameters: TypeAlias = nnx.State[str, Any]
"""Parameters of N decoders; every array has N as its first axis."""


def _decoder(config: NetworksConfig, rngs: nnx.Rngs) -> Decoder:
    return Decoder(config.decoder, contexts=config.contexts, planned=config.plans > 0, rngs=rngs)


@functools.cache
def _abstract(config: NetworksConfig) -> tuple[nnx.GraphDef[Decoder], Parameters]:
    """One decoder's structure, and shapes for its parameters."""
    module = nnx.eval_shape(lambda: _decoder(config, nnx.Rngs(0)))
    return nnx.graphdef(module), nnx.state(module, nnx.Param)


def parameter_shapes(config: NetworksConfig) -> Parameters:
    """Shapes and types of what `initial_parameters` draws; nothing is computed."""
    shapes: Parameters = jax.tree.map(
        lambda leaf: jax.ShapeDtypeStruct((config.count, *leaf.shape), leaf.dtype),
        _abstract(config)[1],
    )
    return shapes


def initial_parameters(config: NetworksConfig, *, key: jax.Array) -> Parameters:
    """Draw the stacked parameters of all decoders, each from a key of its own.

    A program of its own, not to be traced: for shapes alone there is `parameter_shapes`.
    """
    drawn: Parameters = _drawn(config, key)
    return drawn


@functools.partial(jax.jit, static_argnums=0, compiler_options=RUN_ONCE)
def _drawn(config: NetworksConfig, key: jax.Array) -> Parameters:
    def one(key: jax.Array) -> Parameters:
        return nnx.state(_decoder(config, nnx.Rngs(params=key)), nnx.Param)

    return jax.vmap(one)(jax.random.split(key, config.count))


def contexts_of(config: NetworksConfig, labels: jax.Array, plans: jax.Array) -> jax.Array:
    """What decoders are told of labels under plans: see `NetworksConfig.contexts`.

    Args:
      config: of the decoders.
      labels: integers of any shape, numbers of classes.
      plans: integers of the same shape, from 0; without plans they play no part.
    """
    if not config.plans:
        return labels
    return plans if config.ensemble else labels * config.plans + plans


def decode(
    config: NetworksConfig,
    parameters: Parameters,
    pictures: jax.Array,
    contexts: jax.Array,
    *,
    lifted: jax.Array | None = None,
    rounds: int | None = None,
    key: jax.Array | None = None,
) -> jax.Array:
    """Write the pictures of every decoder's batch.

    Args:
      config: the configuration that ``parameters`` were made with.
      parameters: stacked parameters of N decoders.
      pictures: ``[N, B, H, W]`` in [0, 1]; each decoder gets its own batch.
      contexts: integers ``[N, B]``: what each is told (`NetworksConfig.contexts`).
      lifted: bool ``[N, B, T]``, where the plans lift the pen; only with plans.
      rounds: of the correction, the first so many; all of them if not given.
      key: for dropout; without one nothing is dropped.

    Returns:
      points ``[N, B, T, 3]``.
    """
    stacked = jax.tree.leaves(parameters)[0].shape[0]
    if pictures.ndim != 4 or pictures.shape[0] != stacked:
        raise ValueError(
            f"pictures have shape {list(pictures.shape)}, expected [{stacked}, B, H, W]: "
            f"a batch for each of the {stacked} decoders"
        )
    definition, _ = _abstract(config)
    keys = None if key is None else jax.random.split(key, stacked)

    def one(
        parameters: Parameters,
        pictures: jax.Array,
        contexts: jax.Array,
        lifted: jax.Array | None,
        key: jax.Array | None,
    ) -> jax.Array:
        decoder = nnx.merge(definition, parameters)
        points: jax.Array = decoder(pictures, contexts, lifted=lifted, rounds=rounds, key=key)
        return points

    points: jax.Array = jax.vmap(one)(parameters, pictures, contexts, lifted, keys)
    return points


def parameter_count(parameters: Parameters) -> int:
    """Number of scalars in all decoders together."""
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))
