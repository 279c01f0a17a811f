"""Named sets of pictures and recordings: where they come from, checks, splits. Loads no JAX."""

from datasets.mnist import load_mnist
from datasets.thinned import load_thinned

__all__ = ["load_mnist", "load_thinned"]
