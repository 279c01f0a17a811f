"""Pictures as PNG."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def encode_png(picture: npt.NDArray[np.uint8]) -> bytes:
    """Encode a picture, uint8 ``[H, W]`` or ``[H, W, 3]``, as a PNG."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG")
    return file.getvalue()
