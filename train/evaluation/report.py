"""The page that shows an evaluation: tables, pictures and histograms, all in one file."""

import datetime
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rasterizer import PEN_UP
from strokes.classes import DIGITS
from strokes.files import atomic_path
from train.device import device_name
from train.evaluation.evaluation import Evaluation
from train.evaluation.humanness import Humans
from train.evaluation.report_figures import (
    best_median_worst,
    examples,
    histograms,
    random_digits,
    stroke_order,
)
from train.evaluation.sources import EvaluationSource
from train.evaluation.tally import Scores, score_rows
from train.figures.html import document, embedded, png, table


class ReportPicture(NamedTuple):
    """A picture of the report."""

    name: str
    """Of its file, without ending."""
    heading: str
    content: bytes
    """PNG."""
    caption: str


def report_pictures(found: Evaluation, source: EvaluationSource) -> list[ReportPicture]:
    """Everything that a report shows of what was written."""
    written = found.written
    threshold = PEN_UP[source.drawing.line]
    pictures = [
        ReportPicture(
            "random",
            "100 drawn by lot",
            png(random_digits(written)),
            "Strokes from dark (first) to bright (last); a green dot where a stroke starts.",
        ),
        ReportPicture(
            "order",
            "Stroke order",
            png(stroke_order(written, source.classes)),
            "Three examples of each class, growing from left to right.",
        ),
        ReportPicture(
            "histograms",
            "Softness, segment length, turning angle",
            png(histograms(written, threshold=threshold)),
            "Counts on a logarithmic scale.",
        ),
    ]
    for kind, chosen in best_median_worst(found.iou).items():
        shown = written.of(chosen)
        soft = source.draw(shown.points, *shown.pictures.shape[1:])
        heading, caption = f"The {kind} by iou", "Blue is lacking, red is too much."
        pictures.append(ReportPicture(kind, heading, png(examples(shown, soft)), caption))
    return pictures


def report_page(
    facts: dict[str, Any],
    tables: dict[str, Scores],
    pictures: Sequence[ReportPicture],
    *,
    title: str = "Evaluation",
) -> str:
    """One HTML page with everything in it; it loads nothing.

    Args:
      facts: what was evaluated, name and value.
      tables: scores by heading.
      pictures: in their order.
      title: of the page.
    """
    parts = [f"<h1>{html.escape(title)}</h1>", "<ul>"]
    parts += [f"<li>{html.escape(k)}: {html.escape(str(v))}</li>" for k, v in facts.items()]
    parts.append("</ul>")
    for heading, scores in tables.items():
        parts += [f"<h2>{html.escape(heading)}</h2>", table(*score_rows(scores), kind="scores")]
    for _, heading, content, caption in pictures:
        parts.append(f"<h2>{html.escape(heading)}</h2>")
        parts.append(embedded(content, alt=f"{heading}. {caption}", caption=caption))
    return document(title, "\n".join(parts))


def write_report(
    found: Evaluation,
    source: EvaluationSource,
    humans: Humans | None,
    held_out: Scores | None,
    out: Path,
) -> None:
    """Write the page, its pictures by themselves and, last, the figures.

    Args:
      found: what was measured.
      source: of what.
      humans: whom it was compared with, if with any.
      held_out: what people score who were held out, likewise.
      out: folder to write into.
    """
    compared = {}
    if humans is not None:
        count = f"{len(humans.labels):,} and as many held out"
        compared = {"human recordings": f"{humans.source}, {count}"}
    facts = source.facts | {
        "evaluated": source.name,
        **compared,
        "device": device_name(),
        "date": datetime.datetime.now().astimezone().date().isoformat(),
    }
    whose = "digits" if source.classes == DIGITS else "pictures"
    title = f"Evaluation on the {len(found.iou):,} thinned test {whose}"
    pictures = report_pictures(found, source)
    tables = {"Scores": found.scores}
    if held_out is not None:
        tables["Held-out human recordings"] = held_out
    for picture in pictures:
        with atomic_path(out / f"{picture.name}.png") as temporary:
            temporary.write_bytes(picture.content)
    with atomic_path(out / "report.html") as temporary:
        temporary.write_text(report_page(facts, tables, pictures, title=title))
    record: dict[str, Any] = {**found.scores, "about": facts}
    if held_out is not None:
        record["humans"] = held_out
    with atomic_path(out / "evaluation.json") as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")
