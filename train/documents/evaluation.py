"""The scores of the shipped model, as README shows them."""

from typing import Any

from train.documents.demo import Run, demo_table
from train.figures.tables import markdown_table

Record = dict[str, Any]
"""An evaluation.json."""

_ROWS = (
    ("`iou`, hard 1-px drawing and thinned picture", "iou"),
    ("the same, points rounded to whole pixels", "iou_opencv"),
    ("`chamfer_px`, between their inks", "chamfer_px"),
    ("`legibility`, labels read off the picture", "legibility_read"),
    ("`direction`, as people write it", "direction"),
    ("`human_1nn`, read by its nearest human stroke", "human_1nn"),
)


def score_parts(
    single: Record, refined: Record, tracing: Record, demos: list[Run]
) -> dict[str, str]:
    """What README's template asks for, by name.

    Args:
      single: evaluation of the shipped model.
      refined: the same with refinement.
      tracing: evaluation of skeleton tracing.
      demos: runs of the demo.
    """
    steps = refined["about"]["refinement"]
    head = ["", "single pass", f"`--refine {steps}`", "skeleton tracing", "held-out humans"]
    columns = [single["all"], refined["all"], tracing["all"], single["humans"]["all"]]
    rows = [[text, *(_figure(column, name) for column in columns)] for text, name in _ROWS]
    about = single["about"]
    return {
        "scores": markdown_table(head, rows),
        "demo": demo_table(demos),
        "scores_about": f"{about['date']}, {about['device']}, seed {about['seed']}, "
        f"people of {about['human recordings']}",
        "legibility_target": f"{single['all']['legibility_target']:.3f}",
    }


def _figure(means: dict[str, float], name: str) -> str:
    # Tracing is told no label, so it has only the one legibility.
    value = means.get(name, means.get("legibility") if name == "legibility_read" else None)
    return "" if value is None else f"{value:.2f}" if name != "legibility_read" else f"{value:.3f}"
