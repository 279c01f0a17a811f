"""What all tests share."""

from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def raw_mnist() -> Path:
    """Folder of the real MNIST's IDX files; skips where it is absent."""
    folder = SHARED / "data" / "mnist"
    if not folder.is_dir():
        pytest.skip("raw MNIST is not beside this checkout")
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def random_points(rng, *leading, points=20, low=0.1, high=0.9, log_softness=(3.3, 5.5)):
    """Points well on the canvas, pen down for both lines where log-softness is above 4."""
    place = rng.uniform(low, high, (*leading, points, 2))
    softness = np.exp(rng.uniform(*log_softness, (*leading, points, 1)))
    return np.concatenate([place, softness], axis=-1).astype(np.float32)
