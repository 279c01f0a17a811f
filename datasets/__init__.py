"""Named sets of pictures and recordings: where they come from, checks, splits. Loads no JAX."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasets.mnist import load_mnist
    from datasets.thinned import load_thinned

__all__ = ["load_mnist", "load_thinned"]

_HOMES = {"load_mnist": "datasets.mnist", "load_thinned": "datasets.thinned"}


def __getattr__(name: str) -> Any:
    """Load what needs NumPy when it is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
