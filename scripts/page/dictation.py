"""A number that is dictated by typing, written in a hand; and files of what is shown."""

import functools
from typing import Any, NamedTuple

import numpy as np

from scripts.page.keeping import KeptRecordings
from strokes.errors import DataError
from strokes.figures.number import number_durations, number_frames
from strokes.formats.gif import encode_gif
from strokes.formats.numbers.svg import number_svg
from strokes.hands.hand import Hand, hand_by_lot
from strokes.hands.imitation import hand_of_recordings
from strokes.hands.writing import write_numbers
from strokes.handwriting import WrittenNumber

MOST_CHARACTERS = 12
"""Of a number that is dictated."""

_RATE = 300.0  # points a second, so that no corners are seen where the pen is fast
_GIF_HEIGHT, _GIF_WIDTH = 140, 560  # pixels, at most
_MARGIN = 3.0  # mm, of the animation's paper in all


class Shown(NamedTuple):
    """A number that the page shows, as it takes it away."""

    number: WrittenNumber
    pen: float
    """Its width, in mm."""


class Dictation:
    """Writes numbers in the hand of kept recordings, or in one that is drawn by lot."""

    def __init__(self, kept: KeptRecordings):
        """Learn the hand from these."""
        self._kept = kept
        self._learned: tuple[Any, Hand] | None = None

    def write(self, text: str, *, own: bool, hand: int, seed: int) -> dict[str, Any]:
        """Write a number, as JSON has it; in mm, and in milliseconds.

        Args:
          text: of the number.
          own: in the hand of what was kept.
          hand: otherwise, which of those drawn by lot.
          seed: decides how the hand writes this time.

        Raises:
          DataError: the text is no number, or nothing is kept that can be read.
        """
        if len(text) > MOST_CHARACTERS:
            raise DataError(f"{len(text)} characters, expected at most {MOST_CHARACTERS}")
        chosen = self._own_hand() if own else _drawn_hand(hand)
        number = write_numbers([text], chosen, seed=seed, rate=_RATE).number(0)
        return {
            "text": text,
            "hand": chosen.name,
            "pen": round(chosen.style.pen, 3),
            "characters": number.characters,
            "strokes": [np.round(stroke, 3).tolist() for stroke in number.strokes],
        }

    def _own_hand(self) -> Hand:
        version = self._kept.version
        if self._learned is None or self._learned[0] != version:
            try:
                recordings = self._kept.latest()
            except OSError as error:
                raise DataError(f"what is kept cannot be read: {error.strerror}") from error
            if not recordings:
                raise DataError("no digit is kept: write some below, and keep them")
            hand = hand_of_recordings(recordings, name="your own hand")
            self._learned = version, hand
        return self._learned[1]


@functools.lru_cache(maxsize=64)
def _drawn_hand(seed: int) -> Hand:
    return hand_by_lot(seed)


def as_svg(shown: Shown) -> bytes:
    """A document that writes the number again and again."""
    return number_svg(shown.number, pen=shown.pen).encode()


def as_gif(shown: Shown) -> bytes:
    """An animation in the time that the writing took."""
    number, pen = shown
    places = np.concatenate([stroke[:, :2] for stroke in number.strokes])
    width, height = (np.ptp(places, axis=0) + _MARGIN).tolist()
    scale = min(_GIF_HEIGHT / height, _GIF_WIDTH / width)
    return encode_gif(list(number_frames(number, scale=scale, pen=pen)), number_durations(number))
