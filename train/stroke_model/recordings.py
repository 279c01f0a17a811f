"""Pen recordings as training examples: deformed anew for every epoch, drawn, thinned."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.deformation import deform, draw_thinned
from datasets.recordings import teaching_recordings
from strokes.ink import Recording
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.resampling import fit_to_canvas, resample
from train.errors import RunError
from train.stroke_model.config import RecordingsConfig, TrainConfig

_FINER = 4  # points are deformed and drawn this many times denser than they are written


class RecordedExamples(NamedTuple):
    """Recordings as examples for each of N decoders, M for each."""

    images: npt.NDArray[np.uint8]
    """``[N, M, H, W]`` of 0 and 1."""
    labels: npt.NDArray[np.int32]
    """``[N, M]``."""
    points: npt.NDArray[np.float32]
    """``[N, M, T, 2]``, x and y in canvas units."""
    lifted: npt.NDArray[np.bool_]
    """``[N, M, T]``: the segment that begins here is lifted; true at the last point."""


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

    def examples(self, each: int, *, seed: int, epoch: int) -> RecordedExamples:
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
        return RecordedExamples(
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
    recordings = teaching_recordings(config.recordings.source)
    return Deformer(recordings, config.recordings, config.networks)


def _side(decoder: DecoderConfig) -> int:
    if decoder.picture_height != decoder.picture_width:
        raise RunError(
            f"pictures of {decoder.picture_height}x{decoder.picture_width}: "
            "recordings are drawn on a square"
        )
    return decoder.picture_height
