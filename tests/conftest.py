"""What all tests share."""

import ctypes
import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


MOST_KEPT = 500_000_000
"""Bytes of compiled programs that a session begins with; more are thrown away, all of them."""


def pytest_configure(config: pytest.Config) -> None:
    """Let all workers, and the processes that tests start, compile each program once.

    The folder outlives the session; `make clean` removes it. JAX names a program by what it is
    made of, so none that has changed is found there. A process that reads what another is still
    writing, or was killed while writing, compiles the program again: no test's fault.
    """
    kept = ROOT / ".pytest_cache" / "jax"
    first = not hasattr(config, "workerinput")
    if first and sum(path.stat().st_size for path in kept.glob("*")) > MOST_KEPT:
        shutil.rmtree(kept)
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(kept))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    # One thread of NumPy's products for each worker: more of them wait for one another, spinning,
    # and what takes a second then takes a minute.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    config.addinivalue_line(
        "filterwarnings", "ignore:Error (read|writ)ing persistent compilation cache:UserWarning"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, so that no worker is left alone with one."""
    modules = [_scope(item.nodeid) for item in items]
    tests = dict.fromkeys(modules, 0)
    slow = dict.fromkeys(modules, 0)
    for module, item in zip(modules, items, strict=True):
        tests[module] += 1
        slow[module] += item.get_closest_marker("slow") is not None
    order = {module: (-slow[module], -tests[module], module) for module in tests}
    items.sort(key=lambda item: order[_scope(item.nodeid)])


def _scope(nodeid: str) -> str:
    """What goes to one worker as a whole, in its order: a module, or all tests of the page."""
    page = "tests/scripts/page/"
    return page if nodeid.startswith(page) else nodeid.split("::")[0]


MOST_HELD = 4_000_000_000
"""Bytes of memory from which on a process forgets its compiled programs between modules."""


@pytest.fixture(scope="module", autouse=True)
def _compiled_programs_are_forgotten() -> Iterator[None]:
    """JAX keeps each for ever; a module that needs one again finds it in the folder above."""
    yield
    held = Path("/proc/self/statm")
    if "jax" not in sys.modules or not held.exists():
        return
    if int(held.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") > MOST_HELD:
        sys.modules["jax"].clear_caches()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture(scope="module")
def quick_compiler() -> Iterator[None]:
    """For large programs that run for moments: made in half the time, they run half as fast."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
    jax.clear_caches()  # no other module is to run what was made so


class WholeModules(LoadScopeScheduling):
    """A module's tests go to one worker, the page's all to one: they share a server."""

    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeModules:
    """Share the tests out among the workers by modules, in the order of the collection."""
    config.option.loadscopereorder = False
    return WholeModules(config, log)


@pytest.fixture(scope="session")
def raw_mnist() -> Path:
    """Folder of the real MNIST's IDX files; skips where it is absent."""
    folder = SHARED / "data" / "mnist"
    if not folder.is_dir():
        pytest.skip("raw MNIST is not beside this checkout")
    return folder


@pytest.fixture
def few_radicals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Made characters have fewer radicals to choose from, in a tenth of the time."""
    from datasets import made_characters

    monkeypatch.setattr(made_characters, "_DRAWN", 400)
    made_characters._parts.cache_clear()
    yield
    made_characters._parts.cache_clear()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def random_points(rng, *leading, points=20, low=0.1, high=0.9, log_softness=(3.3, 5.5)):
    """Points well on the canvas, pen down for both lines where log-softness is above 4."""
    place = rng.uniform(low, high, (*leading, points, 2))
    softness = np.exp(rng.uniform(*log_softness, (*leading, points, 1)))
    return np.concatenate([place, softness], axis=-1).astype(np.float32)
