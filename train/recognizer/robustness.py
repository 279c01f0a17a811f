"""How well a recogniser of grey digits reads what is not MNIST's: photos and pen recordings."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, get_args

import cv2
import numpy as np
import numpy.typing as npt

from datasets.made_photos import KINDS
from datasets.pen_digits import find_pen_digits, with_mnist_proportions, with_pen_lifts
from datasets.recordings import OWN_RECORDINGS
from datasets.synthetic import as_photo
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording
from strokes.pictures.names import AS_MNIST, SIDE, Centring, Form
from strokes.pictures.pen import draw_ink
from strokes.pictures.preparation import prepare
from strokes.pictures.stages import Floats, Photo
from strokes.reading.recognizer import Labels, Pictures, Recognizer
from strokes.resampling import fit_to_box
from train.recognizer.calibration import expected_calibration_error
from train.recognizer.figures import confusions

_DRAWN_AT = 300
_PEN = 0.06  # width in canvas units: a twelfth of the digit's longer side
_SURE = 0.95  # certainty of a reading that should not be wrong
_SAID_BELOW = 0.9  # accuracy of a digit below which it is said what it is read as


class Measured(NamedTuple):
    """A figure."""

    name: str
    value: float


def _prepared(grey: Photo, form: Form = AS_MNIST) -> npt.NDArray[np.uint8]:
    """Prepared, or blank where there is no digit to be seen: that counts as misread."""
    try:
        return prepare(grey, form=form).picture
    except DataError:
        return np.zeros((form.side, form.side), np.uint8)


def _only_scaled(grey: Floats) -> npt.NDArray[np.uint8]:
    """What one does who does not know how MNIST was made: scale, and dark is ink."""
    small = cv2.resize(1.0 - grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.round(255.0 * np.clip(small, 0.0, 1.0)).astype(np.uint8)


def drawn_and_prepared(
    recordings: Sequence[Recording],
    form: Form = AS_MNIST,
) -> Pictures:
    """Recordings, at least one, drawn with a pen of natural width and prepared: ``[M, S, S]``."""
    pictures = [draw_ink(fit_to_box(one.strokes), side=_DRAWN_AT, width=_PEN) for one in recordings]
    return np.stack([_prepared(picture, form) for picture in pictures])


def labels_of(recordings: Sequence[Recording]) -> Labels:
    """Their labels, int32 ``[M]``."""
    return np.array([one.label for one in recordings], np.int32)


def photo_measures(
    recognizer: Recognizer, digits: Pictures, labels: Labels, *, seed: int
) -> Iterator[Measured]:
    """Accuracies on photos of MNIST's digits, prepared in each way, and only scaled.

    Args:
      recognizer: of grey digits.
      digits: ``[M, 28, 28]``, M at least 1.
      labels: ``[M]``.
      seed: decides how the photos look.
    """
    rng = np.random.default_rng(seed)
    photos = [as_photo(digit, rng) for digit in digits]
    ways: tuple[Centring, ...] = get_args(Centring)
    for way in ways:
        pictures = np.stack([_prepared(photo, Form(way)) for photo in photos])
        yield Measured(f"photos, centring {way}", recognizer.accuracy(pictures, labels))
    scaled = np.stack([_only_scaled(photo) for photo in photos])
    yield Measured("photos, only scaled", recognizer.accuracy(scaled, labels))


def made_photo_measures(
    recognizer: Recognizer, *, shapes: int, seed: int, say: Callable[[str], None]
) -> Iterator[Measured]:
    """Accuracy on each kind of made photo, and how many of the sure readings of all are wrong.

    Args:
      recognizer: of grey digits.
      shapes: photos of each kind, of the package's recordings in turn, at least 1.
      seed: decides which recordings, and how the photos look.
      say: told what was misread as what.
    """
    recordings = read_recordings(OWN_RECORDINGS)
    sure, wrong = 0, 0
    for number, (kind, make) in enumerate(KINDS.items()):
        rng = np.random.default_rng([seed, number])
        chosen = [
            recordings[rng.choice(np.flatnonzero(labels_of(recordings) == shape % 10))]
            for shape in range(shapes)
        ]
        labels = labels_of(chosen)
        pictures = np.stack([_prepared(make(one.strokes, rng)) for one in chosen])
        chances = recognizer.probabilities(pictures)
        missed, certain = chances.argmax(axis=1) != labels, chances.max(axis=1) > _SURE
        sure, wrong = sure + int(certain.sum()), wrong + int((certain & missed).sum())
        for index in np.flatnonzero(missed):
            say(f"{kind}: {labels[index]} is read as {chances[index].argmax()}")
        yield Measured(f"made photos, {kind}", float(1 - missed.mean()))
    yield Measured("made photos, wrong of the sure", wrong / max(sure, 1))


def recorded_sets(*, say: Callable[[str], None]) -> Iterator[tuple[str, list[Recording]]]:
    """Sets of pen recordings by name.

    Args:
      say: told of what is left out because it is not on disk.
    """
    yield "own recordings", read_recordings(OWN_RECORDINGS)
    try:
        recordings = read_recordings(find_pen_digits())
    except DataError as error:
        say(f"left out: {error}")
        return
    yield "UCI Pen-Based Digits", recordings
    lifted = with_pen_lifts(recordings)
    yield "the same, lifted, MNIST's proportions", with_mnist_proportions(lifted)


def often_misread(read: Labels, labels: Labels) -> Iterator[str]:
    """Of each digit that is misread more than once in ten, what it is read as, in words."""
    counts = confusions(read, labels)
    for digit in np.flatnonzero(np.diag(counts) < _SAID_BELOW * counts.sum(axis=1)):
        others = {int(d): int(n) for d, n in enumerate(counts[digit]) if n and d != digit}
        yield f"{digit} is read as {others}, {counts[digit, digit]} times as itself"


def measures(
    recognizer: Recognizer,
    tested: tuple[Pictures, Labels],
    *,
    photos: int,
    shapes: int,
    seed: int,
    say: Callable[[str], None],
) -> Iterator[Measured]:
    """Each figure, as soon as it is known.

    Args:
      recognizer: of grey digits.
      tested: MNIST's test digits and labels.
      photos: how many of the first of them are made into photos.
      shapes: how many photos are made of each kind of trouble; 0 for none.
      seed: decides how the photos look.
      say: told, in lines, of what is left out and, after a figure, of digits often misread.
    """
    digits, truth = tested
    probabilities = recognizer.probabilities(digits)
    yield Measured("MNIST test", float((probabilities.argmax(axis=1) == truth).mean()))
    error = expected_calibration_error(probabilities, truth)
    yield Measured("MNIST test, calibration error", error)
    yield from photo_measures(recognizer, digits[:photos], truth[:photos], seed=seed)
    if shapes:
        yield from made_photo_measures(recognizer, shapes=shapes, seed=seed, say=say)
    for name, recordings in recorded_sets(say=say):
        labels = labels_of(recordings)
        read = recognizer.read(drawn_and_prepared(recordings))
        yield Measured(name, float((read == labels).mean()))
        for line in often_misread(read, labels):
            say(f"{name}: {line}")
