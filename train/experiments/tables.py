"""The gallery's figures as tables."""

from typing import TypedDict

from train.experiments.claims import CLAIMS, Figures
from train.experiments.runs import POINTS, WHAT_TO_SEE
from train.figures.tables import markdown_table

SHOWN = (
    "iou",
    "chamfer_px",
    "mse_soft",
    "mse_hard",
    "gap",
    "off_ink",
    "ink_ratio",
    "drawn_twice",
    "crossings",
    "stairway",
    "turning_6_8",
    "direction",
    "human_1nn",
    "legibility",
)


class Record(TypedDict):
    """What a gallery found; a file keeps it."""

    about: dict[str, str]
    """Budget, device, date and the like."""
    commands: dict[str, str]
    """By run."""
    figures: Figures
    lines: dict[str, dict[str, float]]
    """Errors of the line models against OpenCV's lines."""


def verdict_rows(record: Record) -> list[list[str]]:
    """A row for each claim: sentence, measure, two rows with their figures, verdict."""
    rows = []
    for claim in CLAIMS:
        first, second = claim.figures(record["figures"])
        verdict = "holds"
        if not claim.holds(first, second):
            verdict = f"not here: {claim.if_not}" if claim.if_not else "not here"
        rows.append(
            [
                claim.says,
                claim.measure,
                f"{claim.first}: {first:.4f}",
                f"{claim.second}: {second:.4f}",
                verdict,
            ]
        )
    return rows


VERDICT_HEAD = ["the post says", "measure", "one", "other", "verdict"]


def measure_rows(record: Record) -> list[list[str]]:
    """A row for each preset, its measures in the order of `SHOWN`."""
    figures = record["figures"]
    return [[name, *(f"{figures[name][one]:.4f}" for one in SHOWN)] for name in WHAT_TO_SEE]


def points_rows(record: Record) -> list[list[str]]:
    """A row for each number of points."""
    figures = record["figures"]
    return [
        [str(points), *(f"{figures[f'points-{points}'][one]:.4f}" for one in POINTS_HEAD[1:])]
        for points in POINTS
    ]


POINTS_HEAD = ["points", "iou", "chamfer_px", "mse_soft", "human_1nn", "stairway"]


def line_rows(record: Record) -> list[list[str]]:
    """A row for each line model."""
    lines = record["lines"]
    return [[name, f"{row['mse']:.5f}", f"{row['iou']:.4f}"] for name, row in lines.items()]


LINE_HEAD = ["line", "mse", "iou"]


def document_parts(record: Record) -> dict[str, str]:
    """What the template of the document about experiments asks for, by name."""
    return {
        "budget": record["about"]["budget"],
        "about": "\n".join(f"- {name}: {value}" for name, value in record["about"].items()),
        "measures": markdown_table(["preset", *SHOWN], measure_rows(record)),
        "claims": markdown_table(VERDICT_HEAD, verdict_rows(record)),
        "points": markdown_table(POINTS_HEAD, points_rows(record)),
        "lines": markdown_table(LINE_HEAD, line_rows(record)),
        "commands": "\n".join(record["commands"].values()),
    }
