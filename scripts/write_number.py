"""Write a number in a chosen hand: as an animation, as SVG, as strokes with their times.

HAND is a number, the seed of a hand drawn by lot; mnist:INDEX, one of MNIST's test digits, whose
writer is imitated; a file of recordings; or a folder of photos, one digit each, of one's own.
Digits that a hand does not show are written as people write who are like it. The same hand never
writes the same 1 twice: --seed decides how it writes this time.

Examples:
  python -m scripts.write_number 31415 --hand 7 --gif out/pi.gif --svg out/pi.svg
  python -m scripts.write_number -- -3.14 --hand mnist:18 --ndjson out/pi.ndjson
  python -m scripts.write_number 2026 --hand my-photos --gif out/year.gif
"""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.shared import console
from scripts.shared.hands import check_hand, named_hand
from strokes.files import atomic_path
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.hands.hand import Hand
    from strokes.handwriting import WrittenNumber

_MINUS = "\N{MINUS SIGN}"
_SHOWN_RATE = 300.0  # points a second, so that no corners are seen where the pen is fast
_HEIGHTS = (16, 1024)
_MOST_PIXELS = 16e6  # of a frame


@dataclasses.dataclass(frozen=True)
class Options:
    """What to write, in which hand, and into which files."""

    number: Annotated[str, tyro.conf.Positional]
    """Digits, a minus before, points or commas between them."""
    hand: str = "0"
    """Seed, mnist:INDEX, file of recordings or folder of photos."""
    gif: Path | None = None
    """Animation to write: .gif, or .png for a still."""
    svg: Path | None = None
    """Strokes as SVG."""
    ndjson: Path | None = None
    """Strokes with their times, see docs/numbers.md."""
    animated: bool = True
    """The SVG writes itself, again and again; or a still."""
    seed: int = 0
    """Decides how the hand writes this time."""
    height: int = 128
    """Of a digit in the animation, in pixels, 16 to 1024."""


def _check(options: Options) -> None:
    wanted = [("--gif", options.gif, (".gif", ".png")), ("--svg", options.svg, (".svg",))]
    wanted.append(("--ndjson", options.ndjson, (".ndjson",)))
    if not any(path for _, path, _ in wanted):
        raise RunError("nothing to write: give --gif, --svg or --ndjson")
    for option, path, suffixes in wanted:
        if path is not None and path.suffix.lower() not in suffixes:
            raise RunError(f"{option} {path}: expected a name that ends in {' or '.join(suffixes)}")
    if options.seed < 0:
        raise RunError(f"--seed {options.seed}: expected at least 0")
    if not _HEIGHTS[0] <= options.height <= _HEIGHTS[1]:
        raise RunError(f"--height {options.height}: expected {_HEIGHTS[0]} to {_HEIGHTS[1]} pixels")
    from strokes.hands.writing import check_text

    check_text(options.number)
    if len(options.number) * options.height**2 > _MOST_PIXELS:
        raise RunError(
            f"--height {options.height}: too large for {len(options.number)} characters; give less"
        )
    check_hand(options.hand)


def _animate(path: Path, number: "WrittenNumber", hand: "Hand", height: int) -> None:
    from strokes.figures.number import number_durations, number_frames
    from strokes.formats.gif import encode_gif
    from strokes.formats.png import encode_png

    scale = height / hand.style.size
    durations = number_durations(number)
    if path.suffix.lower() == ".png":
        *_, last = number_frames(number, scale=scale, pen=hand.style.pen)
        content = encode_png(last)
    else:
        frames = []
        with console.ProgressBar(len(durations), label="drawing", unit=" frames") as bar:
            for frame in number_frames(number, scale=scale, pen=hand.style.pen):
                frames.append(frame)
                bar.advance(1)
        content = encode_gif(frames, durations)
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    print(f"animation: {path}")


def _with_minus_signs(args: Sequence[str]) -> list[str]:
    """A number below zero, where no option waits for its value, is no option."""
    found = []
    for before, arg in zip(["", *args[:-1]], args, strict=True):
        number = re.match(r"-[\d.,]", arg) and (before == "--" or not before.startswith("--"))
        found.append(_MINUS + arg[1:] if number else arg)
    return [arg for arg in found if arg != "--"]


def main(args: Sequence[str]) -> int:
    """Write, and say what was written where."""
    options = console.parse(Options, args=_with_minus_signs(args))
    options = dataclasses.replace(options, number=options.number.replace(_MINUS, "-"))
    _check(options)
    from strokes.formats.numbers.ndjson import write_numbers_ndjson
    from strokes.formats.numbers.svg import number_svg
    from strokes.hands.writing import write_numbers

    hand = named_hand(options.hand, seed=options.seed)
    number = write_numbers([options.number], hand, seed=options.seed).number(0)
    fine = write_numbers([options.number], hand, seed=options.seed, rate=_SHOWN_RATE).number(0)
    seconds = number.strokes[-1][-1, 2] / 1000.0
    print(f"{options.number}: {len(number.strokes)} strokes in {seconds:.1f} s, {hand.name}")
    if options.gif is not None:
        _animate(options.gif, fine, hand, options.height)
    if options.svg is not None:
        with atomic_path(options.svg) as temporary:
            temporary.write_text(number_svg(fine, pen=hand.style.pen, animated=options.animated))
        print(f"strokes: {options.svg}")
    if options.ndjson is not None:
        write_numbers_ndjson([number], options.ndjson, source=hand.name)
        print(f"points: {options.ndjson}")
    return 0


if __name__ == "__main__":
    console.run(main)
