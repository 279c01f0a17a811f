"""Animations as GIF."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image


def encode_gif(frames: Sequence[npt.NDArray[np.uint8]], durations: Sequence[int]) -> bytes:
    """Encode frames as a GIF that is repeated for ever.

    Args:
      frames: uint8 ``[H, W, 3]`` each, RGB.
      durations: milliseconds that each is shown; GIF keeps hundredths of a second.
    """
    first, *others = [Image.fromarray(frame) for frame in frames]
    file = io.BytesIO()
    first.save(
        file, format="GIF", save_all=True, append_images=others, duration=list(durations), loop=0
    )
    return file.getvalue()
