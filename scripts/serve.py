"""A page on which one writes a digit, and sees it read and written again.

It answers on this computer only, unless --host says otherwise; then anyone who reaches that
address may use it, and --name must give the name by which they call it. Digits that a person
asks to keep are appended to --recordings, which train_strokes takes as it is:
python -m scripts.train_strokes --source out/my-recordings.ndjson

Example:
  python -m scripts.serve
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.page.addresses import allowed_hosts, listen
from scripts.shared import console
from scripts.shared.console import RecognizerPath, WriterPath
from strokes.classes import DIGITS
from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER
from train.errors import RunError
from train.stroke_model.run_folder import check_checkpoint, checkpoint_classes


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
    """Weights that train_recognizer or finetune_recognizer wrote."""
    refine: int = 20
    """Steps of gradient descent on the points, after the model wrote them."""
    recordings: Path = Path("out/my-recordings.ndjson")
    """File to which digits are appended that a person asks to keep."""


def _check(options: Options) -> None:
    console.check_refinement(options.refine)
    if not 0 <= options.port <= 65535:
        raise RunError(f"--port {options.port}: expected 0 to 65535")


def main(args: Sequence[str]) -> int:
    """Serve until Ctrl-C."""
    options = console.parse(Options, args=args)
    _check(options)
    check_checkpoint(options.checkpoint)
    if checkpoint_classes(options.checkpoint) != DIGITS:
        raise RunError(f"--checkpoint {options.checkpoint}: the page reads and writes digits alone")
    console.check_file("--recognizer", options.recognizer)
    with listen(options.host, options.port) as bound:
        try:
            from scripts.page.server import serve
        except ImportError as error:
            raise RunError(
                f'the page needs the extra "page": pip install -e ".[page]" ({error})'
            ) from error
        from scripts.page.answers import Answers, Readers
        from strokes.reading.recognizer import load_recognizer
        from strokes.reading.refusal import load_refusal
        from train.stroke_model.model import load_writer

        refusal = load_refusal()
        shipped = options.recognizer == GREY_RECOGNIZER
        recognizer = refusal.recognizer if shipped else load_recognizer(options.recognizer)
        writer = load_writer(options.checkpoint)
        answers = Answers(Readers(recognizer, refusal), writer, refined=options.refine)
        hosts = allowed_hosts(options.host, bound.getsockname()[1], options.name)
        print(f"write at http://{hosts[0]} (Ctrl-C ends)", flush=True)
        serve(answers, options.recordings, hosts=hosts, bound=bound)
    return 0


if __name__ == "__main__":
    console.run(main)
