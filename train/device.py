"""The machine and the packages that a figure or a run comes from, in words."""

import importlib.metadata
import platform

_PACKAGES = (
    "jax",
    "jaxlib",
    "flax",
    "optax",
    "orbax-checkpoint",
    "numpy",
    "opencv-python-headless",
    "opencv-python",
)


def device_name() -> str:
    """The first device."""
    import jax  # what only names versions does without

    device = jax.devices()[0]
    return f"{device.platform}:{device.device_kind} ({platform.machine()})"


def versions() -> dict[str, str]:
    """Python's version and those of the packages that decide figures, as far as installed."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # OpenCV goes by several names
    return found
