"""Pen recordings as training examples: deformed anew for every epoch, drawn, thinned."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.deformation import deform, draw_thinned
from strokes.classes import DIGITS, Classes
from strokes.ink import Flags, Points, Recording
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.resampling import fit_to_canvas, resample, resample_counts
from train.errors import RunError
from train.stroke_model.config import RecordingsConfig
from train.stroke_model.discovery import DiscoveredPlans

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
    plans: npt.NDArray[np.int32]
    """``[N, M]``: the plan that each follows; 0 where there are none."""


class DeformedCopies(NamedTuple):
    """Deformed recordings, M of them."""

    images: npt.NDArray[np.uint8]
    """Thinned, ``[M, H, W]`` of 0 and 1."""
    labels: npt.NDArray[np.int32]
    """``[M]``."""
    plans: npt.NDArray[np.int32]
    """``[M]``: the plan that each follows."""
    paths: Points
    """Where the pen went, finer than it is written, ``[M, F, 2]``."""
    lifted: Flags
    """``[M, F]``: whether it was in the air."""


class Deformer:
    """Makes a new set of examples for every epoch.

    A class's recordings are chosen evenly, or, where they follow plans, by one over the square
    root of how many follow theirs: the rare plans are learned too.
    """

    def __init__(
        self,
        recordings: list[Recording],
        config: RecordingsConfig,
        networks: NetworksConfig,
        found: DiscoveredPlans | None = None,
        *,
        classes: Classes = DIGITS,
    ):
        """Sort recordings by decoder.

        Args:
          recordings: of each class.
          config: how they are deformed.
          networks: that learn from them.
          found: the plans that they follow; those that follow none are left out.
          classes: of the recordings.

        Raises:
          RunError: a class has none, or one has too many strokes.
        """
        decoder = networks.decoder
        self._config, self._side = config, _side(decoder)
        every = np.zeros(len(recordings), np.int64) if found is None else found.of_recording
        if len(every) != len(recordings):
            raise RunError(
                f"{len(recordings)} recordings, but {len(every)} when the run's plans were found"
            )
        paths, lifted = [], []
        taught = np.flatnonzero(every >= 0)
        for index in taught:
            path, up = _resampled(
                recordings[index], int(every[index]), decoder.points, found, classes
            )
            paths.append(path)
            lifted.append(up)
        self.labels = np.array([recordings[index].label for index in taught], np.int32)
        groups = [np.flatnonzero(self.labels == label) for label in range(len(classes))]
        _check_all_there(groups, classes)
        self.paths, self.lifted = np.stack(paths), np.stack(lifted)
        """Of the recordings that teach, finer than they are written: ``[R, F, 2]``, ``[R, F]``."""
        self.plans = every[taught].astype(np.int32)
        self._chances = [_chances(self.plans[group]) if found else None for group in groups]
        self._groups, self._ensemble = groups, networks.ensemble

    def examples(self, each: int, *, seed: int, epoch: int) -> RecordedExamples:
        """Examples of one epoch.

        Args:
          each: examples for each class.
          seed: of the run.
          epoch: the same seed and epoch give the same examples.
        """
        generator = np.random.default_rng([seed, epoch, 1])
        rows = [
            generator.choice(group, each, p=chances)
            for group, chances in zip(self._groups, self._chances, strict=True)
        ]
        chosen = np.stack(rows) if self._ensemble else np.concatenate(rows)[None]
        flat = chosen.reshape(-1)
        lifted = self.lifted[flat]
        paths = deform(self.paths[flat], lifted, self._config.deformation, generator=generator)
        images = draw_thinned(paths, lifted, generator=generator, side=self._side)
        points, ups = paths[:, ::_FINER], lifted[:, ::_FINER]
        shape = chosen.shape
        return RecordedExamples(
            images.reshape(*shape, *images.shape[1:]),
            self.labels[chosen],
            points.reshape(*shape, *points.shape[1:]),
            ups.reshape(*shape, -1),
            self.plans[chosen],
        )

    def copies(
        self,
        count: int,
        *,
        strength: float = 1.0,
        some: bool = False,
        generator: np.random.Generator,
    ) -> DeformedCopies:
        """Every recording deformed as often, so that there are at least ``count`` copies.

        Args:
          count: of copies.
          strength: of what changes their shape, beside that of examples.
          some: of more recordings than ``count`` so many by lot, each once.
          generator: decides the rest.
        """
        stronger, there = self._config.deformation.stronger(strength), len(self.labels)
        rows = np.tile(np.arange(there), -(-count // there))
        if some and count < there:
            rows = generator.permutation(there)[:count]
        lifted = self.lifted[rows]
        moved = deform(self.paths[rows], lifted, stronger, generator=generator)
        images = draw_thinned(moved, lifted, generator=generator, side=self._side)
        return DeformedCopies(images, self.labels[rows], self.plans[rows], moved, lifted)

    def mean_paths(self, most: int) -> Points:
        """The mean path of each plan, ``[C, most, T, 2]``; the canvas's middle where none is."""
        points = self.paths[:, ::_FINER]
        found = np.full((len(self._groups), most, *points.shape[1:]), 0.5, np.float32)
        for label, plan in {(int(a), int(b)) for a, b in zip(self.labels, self.plans, strict=True)}:
            members = (self.labels == label) & (self.plans == plan)
            found[label, plan] = points[members].mean(axis=0)
        return found


def _check_all_there(groups: list[npt.NDArray[np.intp]], classes: Classes) -> None:
    missing = [name for name, group in zip(classes.names, groups, strict=True) if not len(group)]
    if missing:
        raise RunError(
            f"no recording of {classes.listed(missing)}: training needs some of each class"
        )


def _resampled(
    recording: Recording, plan: int, points: int, found: DiscoveredPlans | None, classes: Classes
) -> tuple[Points, Flags]:
    """A recording's path; by its plan's numbers of segments, if there are plans."""
    strokes, name = fit_to_canvas(recording), classes.names[recording.label]
    if found is None:
        try:
            return resample(strokes, points, finer=_FINER)
        except ValueError as error:
            raise RunError(f"recording of a {name}: {error}") from error
    plans = found.counts[recording.label]
    if plan >= len(plans) or len(plans[plan]) != len(strokes):
        raise RunError(
            f"a recording of a {name} is not of the plan that was found in it: "
            "the recordings have changed since; train a new run"
        )
    return resample_counts(strokes, plans[plan], finer=_FINER)


def _chances(plans: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """By how many follow each plan, its recordings' chances of teaching."""
    weights = 1.0 / np.sqrt(np.bincount(plans)[plans])
    return np.asarray(weights / weights.sum())


def _side(decoder: DecoderConfig) -> int:
    if decoder.picture_height != decoder.picture_width:
        raise RunError(
            f"pictures of {decoder.picture_height}x{decoder.picture_width}: "
            "recordings are drawn on a square"
        )
    return decoder.picture_height
