"""Tables of figures as Markdown and as plain text; as HTML see `train.figures.html`."""

from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def markdown_table(head: Sequence[str], rows: Rows) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def text_table(head: Sequence[str], rows: Rows) -> str:
    """A table in columns that are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in [head, *rows]
    )
