"""Many devices, in one process or in several: JAX shares the examples of a step out among them.

Every device holds all that training changes, and all digits; of each step it computes its share,
and JAX adds the gradients up. So the numbers are those of one device, but for the order of sums.
"""

from typing import Any, TypeVar

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec

from train.errors import RunError

EXAMPLES = "examples"
"""The mesh's only axis: along it, examples are shared out."""

_LONGEST_WAIT = 24 * 3600  # seconds until the first process has learned what recovers

Tree = TypeVar("Tree")


def connect(coordinator: str, *, processes: int | None, process: int | None) -> None:
    """Let this process and others train together; call it before JAX computes anything.

    Args:
      coordinator: "host:port" on which the process 0 listens; or "auto", and JAX asks the cluster
        (Slurm, Open MPI, Kubernetes and others) for all three.
      processes: how many there are.
      process: which one this is, counted from 0.

    Raises:
      RunError: they do not find each other.
    """
    try:
        jax.distributed.initialize(
            None if coordinator == "auto" else coordinator,
            processes,
            process,
            shutdown_timeout_seconds=_LONGEST_WAIT,
        )
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise RunError(f"--coordinator {coordinator}: {reason:.200}") from error


class Devices:
    """Those that train together."""

    def __init__(self, count: int | None = None):
        """Take the first devices, or all of every process.

        Raises:
          RunError: there are fewer.
        """
        there = jax.devices()
        if count is not None and not 1 <= count <= len(there):
            advice = "; on a CPU, XLA_FLAGS=--xla_force_host_platform_device_count makes more"
            raise RunError(f"--devices {count}: there are {len(there)}{advice}")
        if count is not None and count < len(there) and jax.process_count() > 1:
            raise RunError(f"--devices {count}: of several processes all {len(there)} take part")
        chosen = there if count is None else there[:count]
        self.mesh = Mesh(np.array(chosen), (EXAMPLES,), axis_types=(AxisType.Auto,))

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.mesh.size)

    @property
    def first(self) -> bool:
        """Whether this process writes the files."""
        return jax.process_index() == 0

    def everywhere(self, tree: Tree) -> Tree:
        """Arrays that this process has, which every other one has too, on every device."""
        sharding = NamedSharding(self.mesh, PartitionSpec())

        def placed(leaf: Any) -> jax.Array:
            if isinstance(leaf, jax.Array) and leaf.sharding == sharding:
                return leaf
            if jax.process_count() == 1:
                return jax.device_put(leaf, sharding)
            value = np.asarray(leaf)
            return jax.make_array_from_callback(value.shape, sharding, lambda index: value[index])

        placed_tree: Tree = jax.tree.map(placed, tree)
        return placed_tree

    def here(self, tree: Tree) -> Tree:
        """Arrays that are everywhere, as this process alone has them."""
        alone: Tree = jax.tree.map(lambda leaf: leaf.addressable_data(0), tree)
        return alone

    def told(self, value: Tree) -> Tree:
        """What the first process says, wherever it is asked; others' values are not looked at.

        All processes call it together; those of arrays need the right shape and type.
        """
        if jax.process_count() == 1:
            return value
        said: Tree = multihost_utils.broadcast_one_to_all(value)
        return said

    def any(self, flag: bool) -> bool:
        """Whether any process says so; all call it together."""
        if jax.process_count() == 1:
            return flag
        return bool(np.any(multihost_utils.process_allgather(np.array(flag))))


def shared_out(batch: Tree, mesh: Mesh) -> Tree:
    """Examples ``[N, B, ...]`` with B shared out among a mesh's devices; inside ``jit``."""
    sharding = NamedSharding(mesh, PartitionSpec(None, EXAMPLES))
    shared: Tree = jax.lax.with_sharding_constraint(batch, sharding)
    return shared
