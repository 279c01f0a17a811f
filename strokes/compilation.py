"""Compiled programs are kept from one process to the next, by JAX's persistent compilation cache.

To compile what writes and reads a digit takes ten seconds, to read it again a few tenths, and it
fills less than a megabyte. JAX tells programs apart by what they are made of, by the processor and
by its own version. Loads no JAX.
"""

import os
import sys

import platformdirs

FOLDER_VARIABLE = "JAX_COMPILATION_CACHE_DIR"
LEAST_SECONDS_VARIABLE = "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"

RUN_ONCE = {"xla_backend_optimization_level": 0}
"""``compiler_options`` of what runs once, as drawing weights does: made in a fifth of the time."""


def keep_programs() -> None:
    """Have JAX keep what it compiles, in this process and in those that it starts.

    The place is the user's cache folder. Whoever has loaded JAX or named a folder to it (the
    environment's ``JAX_COMPILATION_CACHE_DIR``; empty for none) has decided, and nothing changes;
    neither does it where the folder cannot be written.
    """
    if "jax" in sys.modules or FOLDER_VARIABLE in os.environ:
        return
    folder = platformdirs.user_cache_path("mnist-strokes", appauthor=False) / "programs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        os.environ[FOLDER_VARIABLE] = str(folder)
        os.environ.setdefault(LEAST_SECONDS_VARIABLE, "0")
