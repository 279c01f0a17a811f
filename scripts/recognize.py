"""Read handwritten digits, or other characters, in pictures, and say how certain that is.

Each picture is prepared as MNIST's were: the page straightened, rules and frames removed, the
digits of a number separated; what was done is said with the digit. Certainties are calibrated:
of digits that are read with 90%, nine in ten are right, as far as the writers are like MNIST's.

What is read is what the recogniser learned. Other characters than digits in a line are a word; they
are taken apart where there is paper between them, not where they touch.

Examples:
  python -m scripts.recognize seven.jpg
  python -m scripts.recognize sheet.png --grid 6x8 --json
  python -m scripts.recognize g.png --recognizer out/letters/recognizer.safetensors
"""

import dataclasses
import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.pictures import PictureOptions, Reader
from strokes.weights import GREY_RECOGNIZER

if TYPE_CHECKING:
    from strokes.pictures.digits import PreparedDigit


@dataclasses.dataclass(frozen=True)
class Options:
    """What to read, and with what."""

    source: PictureOptions
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    json: bool = False
    """Print a JSON object a line instead of words."""


def main(args: Sequence[str]) -> int:
    """Read every one; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    console.check_file("--recognizer", options.recognizer)
    reader = Reader(options.recognizer, None)
    digits = options.source.digits(separate=reader.separate, form=reader.form)
    for _, of_picture in itertools.groupby(digits, key=lambda digit: digit.picture):
        _say(list(of_picture), reader, options)
    return digits.status


def _say(digits: Sequence["PreparedDigit"], reader: Reader, options: Options) -> None:
    """What the characters of one picture are, and which number or word they are in a line."""
    import numpy as np

    from strokes.reading.recognizer import top_digits
    from strokes.reading.refusal import load_refusal

    recognizer = reader.recognizer
    of_digits, names = recognizer.classes.of_digits, recognizer.classes.names
    pictures = np.stack([digit.prepared.picture for digit in digits])
    tops = [
        [(names[number], sure) for number, sure in top_digits(chances)]
        for chances in recognizer.probabilities(pictures)
    ]
    refused = load_refusal().refused(pictures).tolist() if of_digits else [None] * len(digits)
    in_line = len(digits) > 1 and not options.source.many
    text = _joined([top[0][0] for top in tops])
    for digit, top, none in zip(digits, tops, refused, strict=True):
        if options.json:
            more = {"number" if of_digits else "text": text} if in_line else {}
            print(json.dumps(_entry(digit, top, none) | more))
        else:
            others = ", ".join(f"{one} {sure:.1%}" for one, sure in top[1:])
            done = "".join(f"; {one}" for one in digit.prepared.done)
            unlike = "no digit, most like " if none else ""
            print(f"{digit.where}: {unlike}{top[0][0]} {top[0][1]:.1%} (or {others}){done}")
    if in_line and not options.json:
        print(f"{digits[0].picture}: the {'number' if of_digits else 'word'} {text}")


def _entry(
    digit: "PreparedDigit", top: Sequence[tuple[str, float]], refused: bool | None
) -> dict[str, Any]:
    """What was read, as JSON says it; ``refused`` is None of other classes than digits."""
    key, value = ("class", str) if refused is None else ("digit", int)
    return {
        "picture": digit.where,
        key: value(top[0][0]),
        **({} if refused is None else {"is_digit": not refused}),
        "top": [{key: value(one), "certainty": round(sure, 4)} for one, sure in top],
        "done": digit.prepared.done,
    }


def _joined(names: Sequence[str]) -> str:
    """Names of characters as a word; names that are words of their own stay apart."""
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


if __name__ == "__main__":
    console.run(main)
