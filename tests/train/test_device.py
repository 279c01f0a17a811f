import importlib.metadata
import platform
import re

import jax
import numpy as np

from train import device
from train.device import device_name, versions


def test_the_device_is_named_with_its_machine():
    first = jax.devices()[0]
    assert device_name() == f"{first.platform}:{first.device_kind} ({platform.machine()})"


def test_versions_are_those_installed():
    found = versions()
    assert next(iter(found)) == "python"
    assert found["python"] == platform.python_version()
    assert found["jax"] == jax.__version__
    assert found["numpy"] == np.__version__
    assert any(name.startswith("opencv-python") for name in found)
    assert all(re.match(r"\d+\.\d+", version) for version in found.values())


def test_what_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setattr(device, "_PACKAGES", ("no-such-package-here", "jax"))
    assert versions() == {
        "python": platform.python_version(),
        "jax": importlib.metadata.version("jax"),
    }
