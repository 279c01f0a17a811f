"""HTML pages that hold everything they show: tables, figures, styles."""

import base64
import html
import io

from matplotlib.figure import Figure

from strokes.figures.cells import Cell
from strokes.formats.png import encode_png

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em;
  color: #161c2d; background: #fff; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .2em .7em; text-align: right; border-bottom: 1px solid #dde; }
th { font-weight: 600; } td:first-child, th:first-child { text-align: left; }
table.scores tr:last-child td { font-weight: 600; }
img { max-width: 100%; height: auto; } figure { margin: 1.5em 0; } figcaption { color: #555; }
"""


def png(picture: Cell | Figure) -> bytes:
    """A picture or figure as PNG."""
    if isinstance(picture, Figure):
        buffer = io.BytesIO()
        picture.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()
    return encode_png(picture)


def table(head: list[str], rows: list[list[str]], *, kind: str) -> str:
    """An HTML table; the last row of the kind "scores" sums up."""
    cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="{kind}"><tr>{cells}</tr>{body}</table>'


def embedded(content: bytes, *, alt: str, caption: str = "", kind: str = "png") -> str:
    """A picture as an HTML figure that holds its content."""
    encoded = base64.b64encode(content).decode()
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure><img alt="{html.escape(alt, quote=True)}" '
        f'src="data:image/{kind};base64,{encoded}">{below}</figure>'
    )


def document(title: str, body: str) -> str:
    """A whole HTML document in this package's style; it loads nothing."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>{body}</html>\n'
    )
