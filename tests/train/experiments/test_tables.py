import pytest

from train.experiments.claims import CLAIMS, SHAKY, STEADY
from train.experiments.runs import POINTS, WHAT_TO_SEE, runs
from train.experiments.tables import (
    LINE_HEAD,
    POINTS_HEAD,
    SHOWN,
    VERDICT_HEAD,
    document_parts,
    line_rows,
    measure_rows,
    points_rows,
    verdict_rows,
)


@pytest.fixture
def record():
    """Figures that differ in every run and measure."""
    names = sorted({*SHOWN, *POINTS_HEAD[1:], "disagreement"})
    todo = [run.name for run in runs("small")] + [SHAKY, STEADY]
    return {
        "about": {"budget": "small", "device": "cpu"},
        "commands": {run.name: run.command for run in runs("small")},
        "figures": {
            row: {name: place + 0.01 * number for number, name in enumerate(names)}
            for place, row in enumerate(todo)
        },
        "lines": {"box": {"mse": 0.25, "iou": 0.5}, "neural": {"mse": 0.123456, "iou": 1.0}},
    }


def test_a_row_for_each_preset_its_measures_in_order(record):
    rows = measure_rows(record)
    assert [row[0] for row in rows] == list(WHAT_TO_SEE)
    for name, *figures in rows:
        assert figures == [f"{record['figures'][name][one]:.4f}" for one in SHOWN]


def test_a_row_for_each_number_of_points(record):
    rows = points_rows(record)
    assert [row[0] for row in rows] == [str(points) for points in POINTS]
    assert all(len(row) == len(POINTS_HEAD) for row in rows)
    assert rows[0][1] == f"{record['figures']['points-5']['iou']:.4f}"


def test_a_row_for_each_line(record):
    assert line_rows(record) == [["box", "0.25000", "0.5000"], ["neural", "0.12346", "1.0000"]]
    assert len(LINE_HEAD) == 3


def test_a_verdict_names_both_figures_and_what_may_be_behind_it(record):
    rows = verdict_rows(record)
    assert all(len(row) == len(VERDICT_HEAD) for row in rows)
    for claim, (says, measure, first, second, verdict) in zip(CLAIMS, rows, strict=True):
        assert (says, measure) == (claim.says, claim.measure)
        one, other = claim.figures(record["figures"])
        assert (first, second) == (f"{claim.first}: {one:.4f}", f"{claim.second}: {other:.4f}")
        if claim.holds(one, other):
            assert verdict == "holds"
        else:
            assert verdict == (f"not here: {claim.if_not}" if claim.if_not else "not here")
    assert {row[-1].split(":")[0] for row in rows} == {"holds", "not here"}


def test_the_document_gets_every_table(record):
    parts = document_parts(record)
    assert set(parts) == {"budget", "about", "measures", "claims", "points", "lines", "commands"}
    assert parts["budget"] == "small"
    assert parts["about"] == "- budget: small\n- device: cpu"
    assert parts["commands"].splitlines() == [run.command for run in runs("small")]
    heads = {
        "measures": ["preset", *SHOWN],
        "claims": VERDICT_HEAD,
        "points": POINTS_HEAD,
        "lines": LINE_HEAD,
    }
    for name, head in heads.items():
        assert parts[name].startswith(f"| {' | '.join(head)} |\n|---|")
    assert len(parts["claims"].splitlines()) == 2 + len(CLAIMS)
