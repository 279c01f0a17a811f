"""Make README.md, docs/benchmarks.md and docs/experiments.md from templates and figures.

The text is in docs/templates/, the figures in docs/figures/, as commands wrote them. Options take
new figures in. A document that is edited by hand is made anew: edit its template.

Examples:
  python -m scripts.make_documents --benchmarks out/bench.json
  python -m scripts.make_documents --check
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from strokes.files import atomic_path

ROOT = Path(__file__).parents[1]


@dataclasses.dataclass(frozen=True)
class Options:
    """New figures, if any."""

    benchmarks: Path | None = None
    """What scripts.bench --json wrote."""
    experiments: Path | None = None
    """The gallery.json of scripts.gallery."""
    shipped: Path | None = None
    """The evaluation.json of the shipped model."""
    shipped_refined: Path | None = None
    """The same with --refine."""
    tracing: Path | None = None
    """The same with --tracing."""
    demo: Path | None = None
    """The scores.json of scripts.demo, its run beside it; joins those of other seeds."""
    check: bool = False
    """Write nothing; say which documents are not what would be made, with status 2."""


def main(args: Sequence[str]) -> int:
    """Take figures in, and make every document."""
    options = console.parse(Options, args=args)
    figures = {name.replace("_", "-"): path for name, path in vars(options).items()}
    given = {name: path for name, path in figures.items() if isinstance(path, Path)}
    for name, path in given.items():
        console.check_file(f"--{name}", path)
    from train.documents.documents import DOCUMENTS, made, take_in

    for name, path in given.items():
        take_in(path, name, ROOT)
    stale = 0
    for document in DOCUMENTS:
        path, text = ROOT / document.path, made(document, ROOT)
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        print(f"{'stale' if options.check else 'made'}: {document.path}")
        if not options.check:
            with atomic_path(path) as temporary:
                temporary.write_text(text)
    return 2 if options.check and stale else 0


if __name__ == "__main__":
    console.run(main)
