"""Pictures of handwritten digits in, the pen strokes that wrote them out.

    import strokes
    written = strokes.load().write(picture)
    written.strokes[0], written.label[0], written.svg(0)
    strokes.read("photo.jpg")

`load` gives a `Writer`, whose `write` gives `Written`; `read` gives a `Reading` for each digit of a
photo. Layouts of points and strokes are stated in `strokes.ink`.

JAX is loaded on first use, and then keeps what it compiles for later processes in the user's cache
folder, unless it was loaded before: see `strokes.compilation`.
"""

import importlib
import importlib.metadata
from typing import TYPE_CHECKING, Any

from strokes.compilation import keep_programs
from strokes.errors import DataError

if TYPE_CHECKING:
    from strokes.reading.photos import Reading, read
    from strokes.writing.inference import Written
    from strokes.writing.writer import Writer
    from strokes.writing.writer import load_writer as load

    __version__: str

__all__ = ["DataError", "Reading", "Writer", "Written", "__version__", "load", "read"]

_HOMES = {
    "Reading": ("strokes.reading.photos", "Reading"),
    "read": ("strokes.reading.photos", "read"),
    "Written": ("strokes.writing.inference", "Written"),
    "Writer": ("strokes.writing.writer", "Writer"),
    "load": ("strokes.writing.writer", "load_writer"),
}


def __getattr__(name: str) -> Any:
    """Load what needs JAX when it is asked for (PEP 562)."""
    if name == "__version__":
        return importlib.metadata.version("mnist-strokes")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    keep_programs()
    home, own = _HOMES[name]
    return getattr(importlib.import_module(home), own)
