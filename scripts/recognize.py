"""Read handwritten digits in photos, scans or screenshots, and say how certain that is.

Each picture is prepared as MNIST's were: the page straightened, rules and frames removed, the
digits of a number separated; what was done is said with the digit. Certainties are calibrated:
of digits that are read with 90%, nine in ten are right, as far as the writers are like MNIST's.

Examples:
  python -m scripts.recognize seven.jpg
  python -m scripts.recognize sheet.png --grid 6x8 --json
"""

import dataclasses
import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    """Read every digit; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    console.check_file("--recognizer", options.recognizer)
    reader = Reader(options.recognizer)
    digits = options.source.digits(separate=reader.separate)
    for _, of_picture in itertools.groupby(digits, key=lambda digit: digit.picture):
        _say(list(of_picture), reader, options)
    return digits.status


def _say(digits: Sequence["PreparedDigit"], reader: Reader, options: Options) -> None:
    """What the digits of one picture are, and which number they are in a line."""
    import numpy as np

    from strokes.reading.recognizer import top_digits
    from strokes.reading.refusal import load_refusal

    pictures = np.stack([digit.prepared.picture for digit in digits])
    tops = [top_digits(sure) for sure in reader.recognizer.probabilities(pictures)]
    refused = load_refusal().refused(pictures).tolist()
    in_line = len(digits) > 1 and not options.source.many
    number = "".join(str(top[0][0]) for top in tops)
    for digit, top, none in zip(digits, tops, refused, strict=True):
        if options.json:
            entry = {
                "picture": digit.where,
                "digit": top[0][0],
                "is_digit": not none,
                "top": [{"digit": one, "certainty": round(sure, 4)} for one, sure in top],
                "done": digit.prepared.done,
            }
            print(json.dumps(entry | ({"number": number} if in_line else {})))
        else:
            others = ", ".join(f"{one} {sure:.1%}" for one, sure in top[1:])
            done = "".join(f"; {one}" for one in digit.prepared.done)
            unlike = "no digit, most like " if none else ""
            print(f"{digit.where}: {unlike}{top[0][0]} {top[0][1]:.1%} (or {others}){done}")
    if in_line and not options.json:
        print(f"{digits[0].picture}: the number {number}")


if __name__ == "__main__":
    console.run(main)
