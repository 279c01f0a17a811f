"""Show what in a picture speaks for a class: a heat map of the recogniser's last convolution.

Grad-CAM (Selvaraju et al., 2017), for the class that is read, or for any. The picture is prepared
as `recognize` prepares it.

Examples:
  python -m scripts.heat_map seven.jpg --out out/heat.png
  python -m scripts.heat_map g.png --recognizer out/letters/recognizer.safetensors --classes g q
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import tyro

from scripts.shared import console
from scripts.shared.console import RecognizerPath
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError

_READ = 3  # classes that are shown where none is given


@dataclasses.dataclass(frozen=True)
class Options:
    """What to look at."""

    picture: Annotated[Path, tyro.conf.Positional]
    """Picture of one character."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    classes: tuple[str, ...] = ()
    """Names of classes; the likeliest three if none is given."""
    out: Path = Path("out/heat.png")
    """Picture to write."""


def main(args: Sequence[str]) -> int:
    """Prepare, read and draw."""
    options = console.parse(Options, args=args)
    console.check_file("", options.picture)
    console.check_file("--recognizer", options.recognizer)
    from strokes.pictures.files import read_picture
    from strokes.pictures.preparation import prepare
    from strokes.reading.recognizer import form_of, load_recognizer, top_digits
    from train.recognizer.heat_map import heat_figure
    from train.recognizer.run import write_figure

    recognizer = load_recognizer(options.recognizer, classes=None)
    if not recognizer.config.channels:
        raise RunError(f"--recognizer {options.recognizer}: a perceptron, which sees no places")
    try:
        numbers = [recognizer.classes.number(name) for name in options.classes]
    except ValueError as error:
        raise RunError(f"--classes: {error}") from error
    photo, name = read_picture(options.picture), str(options.picture)
    picture = prepare(photo, form=form_of(recognizer), name=name).picture
    best = top_digits(recognizer.probabilities(picture[None])[0], count=_READ)
    write_figure(options.out, heat_figure(recognizer, picture, numbers or [n for n, _ in best]))
    said = ", ".join(f"{recognizer.classes.names[number]} {sure:.1%}" for number, sure in best)
    print(f"{options.picture}: {said}: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
