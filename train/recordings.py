"""Pen recordings as training examples: deformed anew for every epoch, drawn, thinned."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets import load_thinned
from datasets.deformation import deform, draw_thinned
from datasets.pen_digits import find_pen_digits, with_pen_lifts
from datasets.recording_files import read_recordings
from datasets.recordings import OWN_RECORDINGS, Recording
from datasets.resampling import fit_to_canvas, resample
from strokes import DecoderConfig, NetworksConfig
from train.config import RecordingsConfig, TrainConfig
from train.errors import RunError

_FINER = 4  # points are deformed and drawn this many times denser than they are written


class Examples(NamedTuple):
    """Recordings as examples for each of N decoders, M for each."""

    images: npt.NDArray[np.uint8]
    """``[N, M, H, W]`` of 0 and 1."""
    labels: npt.NDArray[np.int32]
    """``[N, M]``."""
    points: npt.NDArray[np.float32]
    """``[N, M, T, 2]``, x and y in canvas units."""
    lifted: npt.NDArray[np.bool_]
    """``[N, M, T]``: the segment that begins here is lifted; true at the last point."""


def recordings_of(source: str) -> list[Recording]:
    """The recordings that a configuration names.

    Args:
      source: "own", the package's; "pendigits", the downloaded UCI set; or a path.

    Raises:
      DataError: there is no such file, or a recording in it is wrong.
    """
    if source == "own":
        return read_recordings(OWN_RECORDINGS)
    if source == "pendigits":
        return read_recordings(find_pen_digits())
    return read_recordings(Path(source))


def with_mnist_proportions(recordings: list[Recording]) -> list[Recording]:
    """Squeeze recordings to the width by height that MNIST's digits of their label have.

    The UCI set stretches every digit to a square, a 1 as wide as it is tall. Each digit gets
    the median of the thinned training digits instead.
    """
    images, labels = load_thinned("train")
    widths, heights = (images.any(axis=axis).sum(axis=1) for axis in (1, 2))
    ratio = [np.median(widths[labels == digit] / heights[labels == digit]) for digit in range(10)]
    squeezed = []
    for recording in recordings:
        strokes = [stroke.copy() for stroke in recording.strokes]
        for stroke in strokes:
            stroke[:, 0] *= ratio[recording.label]
        squeezed.append(recording._replace(strokes=strokes))
    return squeezed


def in_one_order(recordings: list[Recording], digit: int) -> list[Recording]:
    """Of one digit, leave those out that are not written in the most common number of strokes.

    Shown one picture in two orders, a decoder writes the mean of both.
    """
    counts = Counter(len(one.strokes) for one in recordings if one.label == digit)
    commonest = [strokes for strokes, _ in counts.most_common(1)]
    return [one for one in recordings if one.label != digit or len(one.strokes) in commonest]


class Deformer:
    """Makes a new set of examples for every epoch."""

    def __init__(
        self, recordings: list[Recording], config: RecordingsConfig, networks: NetworksConfig
    ):
        """Sort recordings by decoder.

        Raises:
          RunError: a decoder has none, or one has too many strokes.
        """
        decoder = networks.decoder
        self._config, self._side = config, _side(decoder)
        paths, lifted = [], []
        for recording in recordings:
            try:
                path, up = resample(fit_to_canvas(recording), decoder.points, finer=_FINER)
            except ValueError as error:
                raise RunError(f"recording of a {recording.label}: {error}") from error
            paths.append(path)
            lifted.append(up)
        self._paths, self._lifted = np.stack(paths), np.stack(lifted)
        self._labels = np.array([recording.label for recording in recordings], np.int32)
        digits = [np.flatnonzero(self._labels == digit) for digit in range(10)]
        missing = [str(digit) for digit, group in enumerate(digits) if not len(group)]
        if missing:
            raise RunError(f"no recording of digit {', '.join(missing)}: training needs each digit")
        self._groups = [[digit] for digit in digits] if networks.ensemble else [digits]

    def examples(self, each: int, *, seed: int, epoch: int) -> Examples:
        """Examples of one epoch.

        Args:
          each: examples for each digit.
          seed: of the run.
          epoch: the same seed and epoch give the same examples.
        """
        generator = np.random.default_rng([seed, epoch, 1])
        chosen = np.stack(
            [
                np.concatenate([generator.choice(group, each) for group in groups])
                for groups in self._groups
            ]
        )
        flat = chosen.reshape(-1)
        lifted = self._lifted[flat]
        paths = deform(self._paths[flat], lifted, self._config.deformation, generator=generator)
        images = draw_thinned(paths, lifted, generator=generator, side=self._side)
        points, ups = paths[:, ::_FINER], lifted[:, ::_FINER]
        shape = chosen.shape
        return Examples(
            images.reshape(*shape, *images.shape[1:]),
            self._labels[chosen],
            points.reshape(*shape, *points.shape[1:]),
            ups.reshape(*shape, -1),
        )


def make_deformer(config: TrainConfig) -> Deformer | None:
    """The deformer of a run's recordings, or None where it has none.

    Raises:
      DataError: the recordings cannot be read.
      RunError: they do not serve this configuration.
    """
    if config.recordings.source == "none":
        return None
    recordings = recordings_of(config.recordings.source)
    if config.recordings.source == "pendigits":
        # A 5 looks the same in one stroke and in two; a 7 with a bar is another picture.
        recordings = in_one_order(with_pen_lifts(recordings), 5)
        recordings = with_mnist_proportions(recordings)
    return Deformer(recordings, config.recordings, config.networks)


def _side(decoder: DecoderConfig) -> int:
    if decoder.picture_height != decoder.picture_width:
        raise RunError(
            f"pictures of {decoder.picture_height}x{decoder.picture_width}: "
            "recordings are drawn on a square"
        )
    return decoder.picture_height
