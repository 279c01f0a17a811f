"""Programs in processes of their own, as a person starts them."""

import os
import subprocess
import sys

from tests.conftest import ROOT


def start(module, *args, **environment):
    """Start ``python -m module`` with options; what it says is kept together.

    The environment is this process's, with what is given changed.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, args)],
        cwd=ROOT,
        env=os.environ | {"JAX_PLATFORMS": "cpu"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process, *, timeout):
    """Wait for its end, which is to be a good one; gives what it said."""
    said, _ = process.communicate(timeout=timeout)
    assert process.returncode == 0, said
    return said
