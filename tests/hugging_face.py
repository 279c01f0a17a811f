"""Hugging Face's ``datasets``, which our own package of that name hides from the tests."""

import importlib.metadata
import os
import subprocess
import sys

import pytest


def run(code, folder):
    """What a program prints that runs in a folder outside the checkout, without the net."""
    try:
        importlib.metadata.version("datasets")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Hugging Face's datasets is not installed")
    settings = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hugging-face")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | settings,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
