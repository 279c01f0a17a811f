"""Pictures and pen recordings in and out. Needs no JAX."""

from datasets.errors import DataError
from datasets.mnist import load_mnist
from datasets.thinned import load_thinned
from datasets.thinning import thin, zhang_suen

__all__ = ["DataError", "load_mnist", "load_thinned", "thin", "zhang_suen"]
