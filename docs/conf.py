"""How Sphinx builds the site of the documents: make docs.

The checkout itself is the source, so that a link leads to the same place here and there. The first
page is the README.
"""

import ast
import inspect
import json
import shutil
import textwrap
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.ext.napoleon import GoogleDocstring

project = "mnist-strokes"
root_doc = "README"
include_patterns = ["*.md", "docs/**", "strokes/weights/*.md"]
exclude_patterns = [".*", "build", "out", "docs/templates"]
source_suffix = {".md": "markdown", ".ipynb": "markdown", ".rst": "restructuredtext"}
extensions = ["myst_parser", "sphinx.ext.autodoc"]
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
myst_heading_anchors = 3

html_theme = "furo"
html_title = project
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]

CONTENTS = """
```{toctree}
:hidden:
:caption: Use it

docs/tour
docs/commands
docs/library
docs/handwriting
docs/alphabets
docs/numbers
docs/recordings
```

```{toctree}
:hidden:
:caption: Understand it

docs/how-it-works
docs/plans
docs/gallery
docs/quality
docs/experiments
docs/benchmarks
docs/scaling
docs/reliability
```

```{toctree}
:hidden:
:caption: Look it up

docs/api/strokes
docs/api/formats
docs/api/hands
docs/api/rasterizer
CONTRIBUTING
SECURITY
CHANGELOG
```

```{toctree}
:hidden:
:caption: Weights that ship

strokes/weights/strokes
strokes/weights/recognizer
strokes/weights/hands
strokes/weights/refusal
```
"""


def shown(output: dict[str, Any]) -> str:
    """An output of a notebook's cell as Markdown."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    if "image/svg+xml" in data:
        return f'<div class="digit">{"".join(data["image/svg+xml"])}</div>'
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return f'<img alt="" src="data:{kind};base64,{data[kind].strip()}">'
    return f"```text\n{''.join(data['text/plain']).rstrip()}\n```"


def markdown_of(notebook: str) -> str:
    """A notebook's cells and what they gave."""
    parts = []
    for cell in json.loads(notebook)["cells"]:
        text = "".join(cell["source"])
        code = cell["cell_type"] == "code"
        parts += [f"```python\n{text}\n```", *map(shown, cell["outputs"])] if code else [text]
    return "\n\n".join(parts)


def read_source(app: Sphinx, document: str, source: list[str]) -> None:
    """Give the first page what the README does without, and let notebooks be Markdown."""
    if document == root_doc:
        source[0] += CONTENTS
    if app.env.doc2path(document).suffix == ".ipynb":
        source[0] = markdown_of(source[0])


def source_signature(
    _app: Sphinx, what: str, _name: str, described: Any, *_: Any
) -> tuple[str, str | None] | None:
    """Types as the source has them, not the unions that their aliases stand for."""
    if what == "class":
        return "", None
    if what not in ("function", "method"):
        return None
    node = ast.parse(textwrap.dedent(inspect.getsource(described))).body[0]
    assert isinstance(node, ast.FunctionDef)
    node.args.args = [one for one in node.args.args if one.arg != "self"]
    returns = node.returns and ast.unparse(node.returns).strip("'")
    return f"({ast.unparse(node.args)})", returns


def google_docstring(
    _app: Sphinx, what: str, _name: str, _described: Any, _options: Any, lines: list[str]
) -> None:
    """Read docstrings in Google's style; those of fields are plain text."""
    if what in ("attribute", "data"):
        if lines and lines[0].startswith("Alias for field number"):
            lines.clear()
    else:
        lines[:] = GoogleDocstring(lines, what=what).lines()


def copy_first_page(app: Sphinx, failure: Exception | None) -> None:
    """Browsers ask for index.html."""
    if failure is None:
        out = Path(app.outdir)
        shutil.copyfile(out / f"{root_doc}.html", out / "index.html")


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("source-read", read_source)
    app.connect("autodoc-process-signature", source_signature)
    app.connect("autodoc-process-docstring", google_docstring)
    app.connect("build-finished", copy_first_page)
