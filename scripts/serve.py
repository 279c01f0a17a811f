"""A page on which one writes a digit, and sees it read and written again.

With a model and a recogniser of other classes it is a page of these. It answers on this computer
only, unless --host says otherwise; then anyone who reaches that address may use it, and --name
must give the name by which they call it. What a person asks to keep is appended to --recordings,
which train_strokes takes as it is:
python -m scripts.train_strokes --source out/my-recordings.ndjson

Examples:
  python -m scripts.serve
  python -m scripts.serve --checkpoint out/letters-run --recognizer out/letters.safetensors
"""

import dataclasses
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from scripts.page.addresses import allowed_hosts, listen
from scripts.shared import console
from scripts.shared.console import RecognizerPath, WriterPath
from strokes.classes import DIGITS
from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER
from train.errors import RunError
from train.stroke_model.run_folder import check_checkpoint, checkpoint_classes

if TYPE_CHECKING:
    from scripts.page.answers import Answers
    from scripts.page.keeping import KeptRecordings
    from strokes.writing.writer import Writer


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to answer, and with what."""

    host: str = "127.0.0.1"
    """Address to bind to."""
    port: int = 8028
    """Port to bind to; 0 for any that is free."""
    name: tuple[str, ...] = ()
    """Further names by which the server is called, without port."""
    checkpoint: WriterPath = SHIPPED_WRITER
    """Folder of a run, or weights that release_model packed."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights that train_recognizer or finetune_recognizer wrote, of the classes of the model."""
    refine: int = 20
    """Steps of gradient descent on the points, after the model wrote them."""
    recordings: Annotated[
        Path | None, tyro.conf.arg(help_behavior_hint="(default: out/my-recordings.ndjson)")
    ] = None
    """File to which what a person asks to keep is appended; of other classes than digits the
    default is named as their set: out/my-letters.ndjson."""


def _check(options: Options) -> None:
    console.check_refinement(options.refine)
    if not 0 <= options.port <= 65535:
        raise RunError(f"--port {options.port}: expected 0 to 65535")


def _check_models(options: Options) -> None:
    check_checkpoint(options.checkpoint)
    console.check_file("--recognizer", options.recognizer)
    others = checkpoint_classes(options.checkpoint) != DIGITS
    if others and options.recognizer == GREY_RECOGNIZER:
        raise RunError(
            f"--checkpoint {options.checkpoint}: it writes other classes than the shipped "
            "recogniser reads; give a --recognizer of these (scripts.train_recognizer makes one)"
        )


def _answers(options: Options, writer: "Writer") -> "Answers":
    """What reads and writes the same classes in pictures of the same size."""
    from scripts.page.answers import Answers, Readers
    from strokes.reading.recognizer import load_recognizer
    from strokes.reading.refusal import load_refusal

    refusal = load_refusal() if writer.classes == DIGITS else None
    if refusal is not None and options.recognizer == GREY_RECOGNIZER:
        recognizer = refusal.recognizer
    else:
        recognizer = load_recognizer(options.recognizer, classes=writer.classes)
    read, decoder = recognizer.config, writer.config.networks.decoder
    expected = decoder.picture_height, decoder.picture_width
    if (read.height, read.width) != expected:
        raise RunError(
            f"--recognizer {options.recognizer}: reads pictures of {read.height}x{read.width}, "
            f"expected {expected[0]}x{expected[1]}, as --checkpoint {options.checkpoint} does"
        )
    return Answers(Readers(recognizer, refusal), writer, refined=options.refine)


def _kept(options: Options, writer: "Writer") -> tuple["KeptRecordings", str]:
    """Where recordings are kept, and the command that trains on such a file."""
    from scripts.page.keeping import KeptRecordings
    from train.stroke_model.model import training_config

    path, command = Path("out/my-recordings.ndjson"), "python -m scripts.train_strokes"
    if writer.classes != DIGITS:
        pictures = Path(training_config(writer).set)
        path = Path(f"out/my-{pictures.stem}.ndjson")
        command += f" --set {shlex.quote(pictures.name)}"
    kept = KeptRecordings(options.recordings or path, writer.classes)
    kept.check()
    return kept, command


def main(args: Sequence[str]) -> int:
    """Serve until Ctrl-C."""
    options = console.parse(Options, args=args)
    _check(options)
    _check_models(options)
    with listen(options.host, options.port) as bound:
        try:
            from scripts.page.server import serve
        except ImportError as error:
            raise RunError(
                f'the page needs the extra "page": pip install -e ".[page]" ({error})'
            ) from error
        from train.stroke_model.model import load_writer

        writer = load_writer(options.checkpoint)
        kept, training = _kept(options, writer)
        answers = _answers(options, writer)
        hosts = allowed_hosts(options.host, bound.getsockname()[1], options.name)
        print(f"write at http://{hosts[0]} (Ctrl-C ends)", flush=True)
        serve(answers, kept, hosts=hosts, training=training, bound=bound)
    return 0


if __name__ == "__main__":
    console.run(main)
