"""What the page is shown: what was written found, read, and written again. Knows no HTTP."""

import base64
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scripts.page.questions import Digit, Finder, Question, of_strokes
from strokes.classes import Classes
from strokes.ink import label_of
from strokes.pictures.stages import Floats, Stage, resized
from strokes.reading.recognizer import Recognizer, form_of, top_digits
from strokes.reading.refusal import Refusal
from strokes.writing.inference import Labels, Written, concatenated
from strokes.writing.writer import Writer

_STAGE = 112  # pixels of a stage's picture, at most
_WAYS = 3  # in which a digit is written, at most
_ONE_BY_ONE = 4  # digits that are written sooner one by one than all at once
MOST_TOGETHER = 10
"""Questions that are answered in one call, and digits that are written in one."""


class Readers(NamedTuple):
    """What reads grey pictures and, of digits, what tells whether they are some."""

    recognizer: Recognizer
    refusal: Refusal | None = None
    """Of digits alone: it learned from these what is none."""

    def read(
        self, pictures: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Probabilities ``[M, K]`` of pictures, and which are none of all K, ``[M]``."""
        if self.refusal is None:
            return self.recognizer.probabilities(pictures), np.zeros(len(pictures), np.bool_)
        if self.recognizer is self.refusal.recognizer:
            return self.refusal.read(pictures)
        return self.recognizer.probabilities(pictures), self.refusal.refused(pictures)


class Answers:
    """Readers and a writer that answer together. Many threads may ask at a time."""

    def __init__(self, readers: Readers, writer: Writer, *, refined: int = 0):
        """Answer with what reads grey pictures, and with a writer.

        Args:
          readers: read what was prepared.
          writer: writes what was read; of the same classes, in any order.
          refined: steps of refinement of what is written.

        Raises:
          DataError: the recogniser reads pictures that are no squares.
        """
        self._readers, self._writer, self._refined = readers, writer, refined
        read = readers.recognizer.classes
        self._columns = [read.number(name) for name in writer.classes.names]
        separator = None if readers.refusal is None else readers.recognizer
        self.finder = Finder(form_of(readers.recognizer), separator)
        """What finds what is to be read."""

    @property
    def classes(self) -> Classes:
        """What is read and written."""
        return self._writer.classes

    def to(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Read and write digits, all in one call.

        Args:
          questions: at least one.

        Returns:
          everything that the page shows of each, as JSON has it.
        """
        every = [(digit, one.passing) for one in questions for digit in one.digits]
        counts = [len(one.digits) for one in questions]
        told = iter(self._told(every, counts) if every else ())
        return [_answer([next(told) for _ in range(count)]) for count in counts]

    def _told(
        self, every: Sequence[tuple[Digit, bool]], counts: Sequence[int]
    ) -> list[dict[str, Any]]:
        """What is read and written of the digits of each question, of which some only pass."""
        pictures = np.stack([digit.prepared.picture for digit, _ in every])
        read, alone = self._readers.read(pictures)
        chances = read[:, self._columns]
        refused = _refused_together(alone, counts)
        labels = np.asarray(chances.argmax(axis=1), np.int32)
        ways: list[list[dict[str, Any]]] = [[] for _ in every]
        for passing in (True, False):
            rows = np.array(
                [i for i, (_, one) in enumerate(every) if one is passing and not refused[i]], int
            )
            thinned = np.array([every[row][0].thinned for row in rows], np.uint8)
            for part in _parts(len(rows)):
                written = self._written(thinned[part], labels[rows[part]], passing=passing)
                for index, row in enumerate(written.picture_index.tolist()):
                    ways[rows[part][row]].append(_way(written, index))
        pngs: dict[int, str] = {}  # of stages, which digits of a photo share
        return [
            _shown(digit, self._top(sure), bool(none), way, [] if passing else _stages(digit, pngs))
            for (digit, passing), sure, none, way in zip(every, chances, refused, ways, strict=True)
        ]

    def _top(self, sure: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
        """The likeliest labels, as files say them, each with its probability."""
        return [
            {"digit": label_of(number, self.classes), "certainty": certainty}
            for number, certainty in top_digits(sure)
        ]

    def _written(
        self, thinned: npt.NDArray[np.uint8], digits: Labels, *, passing: bool = False
    ) -> Written:
        """Pictures in all their ways, the best of each first."""
        ways = self._writer.write_thinned(
            thinned, digits, refined=0 if passing else self._refined, alternatives=_WAYS
        )
        return concatenated(ways)

    @property
    def _kinds(self) -> tuple[bool, ...]:
        """Of writing: refined or, while the pen goes on, not."""
        return (True, False) if self._refined else (True,)

    def warm_up(self) -> None:
        """Compile all that a first question would wait for."""
        question = of_strokes([np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])], None, self.finder)
        self.to([question])
        thinned = question.digits[0].thinned[None]
        # Classes of fewer plans are written by other programs than those of more.
        for digit in {count: digit for digit, count in enumerate(self._ways.tolist())}.values():
            for passing in self._kinds:
                self._written(thinned, np.array([digit], np.int32), passing=passing)

    def warm_up_together(self) -> None:
        """Compile what answers many questions in one call, and what finds many digits."""
        side = self.finder.form.side
        picture = np.zeros((1, side, side), np.uint8)
        count = 4
        while count < 8 * MOST_TOGETHER:  # see strokes.parts.size_of_call
            pictures = np.repeat(picture, count, axis=0)
            self._readers.read(pictures)
            count *= 4
        # Those of the most plans first: one network writes few ways by another program than many.
        labels = np.argsort(-self._ways, kind="stable").astype(np.int32)
        for some in (_ONE_BY_ONE + 1, MOST_TOGETHER):
            thinned = np.ones((some, side, side), np.uint8)
            for passing in self._kinds:
                self._written(thinned, np.resize(labels, some), passing=passing)

    @property
    def _ways(self) -> Labels:
        """In how many each class is written, ``[K]``."""
        if self._writer.plans is None:
            return np.ones(len(self.classes), np.int32)
        return np.minimum(self._writer.plans.numbers, _WAYS)


def _refused_together(
    refused: npt.NDArray[np.bool_], counts: Sequence[int]
) -> npt.NDArray[np.bool_]:
    """Also the others of what is no number: of which at least half are no digits."""
    owner = np.repeat(np.arange(len(counts)), counts)
    share = np.bincount(owner, refused) / np.maximum(np.bincount(owner), 1)
    return np.asarray(refused | (share[owner] >= 0.5))


def _parts(count: int) -> Iterator[slice]:
    """Digits that are written in one call."""
    size = 1 if count <= _ONE_BY_ONE else MOST_TOGETHER
    for start in range(0, count, size):
        yield slice(start, start + size)


def _png(ink: Floats) -> str:
    """Ink or grey ``[H, W]`` in [0, 1] as a PNG in base64."""
    levels = np.round(255.0 * np.clip(ink, 0.0, 1.0)).astype(np.uint8)
    return base64.b64encode(cv2.imencode(".png", levels)[1].tobytes()).decode()


def _stages(digit: Digit, pngs: dict[int, str]) -> list[dict[str, str]]:
    found = []
    thinned = Stage("thinned", digit.thinned.astype(np.float32))
    for stage in (*digit.prepared.stages, thinned):
        if id(stage) not in pngs:
            picture = stage.picture
            if max(picture.shape) > _STAGE:
                picture = resized(picture, _STAGE, interpolation=cv2.INTER_AREA)
            pngs[id(stage)] = _png(picture)
        found.append({"name": stage.name, "done": stage.done, "png": pngs[id(stage)]})
    return found


def _way(written: Written, index: int) -> dict[str, Any]:
    """One way of writing a digit, as JSON has it."""
    return {
        "plan": int(written.plan[index]),
        "probability": round(float(written.plan_probability[index]), 4),
        "points": np.round(written.points[index].astype(np.float64), 5).tolist(),
        "pen_up": written.pen_up[index].tolist(),
    }


def _shown(
    digit: Digit,
    top: list[dict[str, Any]],
    none: bool,
    ways: list[dict[str, Any]],
    stages: list[dict[str, str]],
) -> dict[str, Any]:
    """What is shown of a digit by itself; what is none is written in no way."""
    return {
        "digit": top[0]["digit"],
        "is_digit": not none,
        "top": top,
        "place": list(digit.place),
        "ways": ways,
        "stages": stages,
    }


def _answer(digits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Everything that the page shows, as JSON has it; ``?`` stands for what is no digit."""
    number = "".join(str(one["digit"]) if one["is_digit"] else "?" for one in digits)
    return {"number": number, "digits": list(digits)}
