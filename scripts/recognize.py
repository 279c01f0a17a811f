"""Read handwritten digits in photos, scans or screenshots, and say how certain that is.

Each picture is prepared as MNIST's were. Certainties are calibrated: of digits that are
read with 90%, nine in ten are right, as far as the writers are like MNIST's.

Examples:
  python -m scripts.recognize seven.jpg
  python -m scripts.recognize sheet.png --grid 6x8 --json
"""

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.pictures import PictureOptions
from strokes.weights import GREY_RECOGNIZER

if TYPE_CHECKING:
    from strokes.reading.recognizer import Recognizer


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
    digits = options.source.digits()
    recognizer: Recognizer | None = None
    for digit in digits:
        # Loaded for the first digit that there is: a missing picture is answered without JAX.
        from strokes.reading.recognizer import load_recognizer, top_digits

        recognizer = recognizer or load_recognizer(options.recognizer)
        top = top_digits(recognizer.probabilities(digit.prepared.picture[None])[0])
        if options.json:
            entry = {
                "picture": digit.where,
                "digit": top[0][0],
                "top": [{"digit": one, "certainty": round(sure, 4)} for one, sure in top],
            }
            print(json.dumps(entry))
        else:
            others = ", ".join(f"{one} {sure:.1%}" for one, sure in top[1:])
            print(f"{digit.where}: {top[0][0]} {top[0][1]:.1%} (or {others})")
    return digits.status


if __name__ == "__main__":
    console.run(main)
