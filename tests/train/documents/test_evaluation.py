import pytest

from train.documents.evaluation import score_parts

DEMOS = [
    {
        "epochs": 1,
        "seed": 0,
        "date": "2026-11-26",
        "all": {"iou": 0.5, "chamfer_px": 0.2, "mse_soft": 0.03},
    }
]
MEASURES = ("iou", "iou_opencv", "chamfer_px", "legibility", "direction", "human_1nn")


def record(first, **about):
    """An evaluation whose measures differ from one another by a hundredth."""
    means = {name: first + 0.01 * place for place, name in enumerate(MEASURES)}
    return {
        "all": means | {"legibility_read": first + 0.075, "legibility_target": 0.9844},
        "humans": {"all": {"direction": 0.994, "human_1nn": 0.986}},
        "about": {
            "date": "2026-11-25",
            "device": "cpu:cpu",
            "seed": 0,
            "human recordings": "own, 50 and as many held out",
            **about,
        },
    }


@pytest.fixture
def parts():
    tracing = record(0.3)
    del tracing["all"]["legibility_read"]  # it is told no label
    return score_parts(record(0.1), record(0.2, refinement=60), tracing, DEMOS)


def rows(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_a_column_for_each_way_to_write_and_one_for_people(parts):
    head, _, *body = rows(parts["scores"])
    columns = ["single pass", "`--refine 60`", "skeleton tracing", "held-out humans"]
    assert head == ["", *columns]
    found = {row[0]: row[1:] for row in body}
    assert found["`iou`, hard 1-px drawing and thinned picture"] == ["0.10", "0.20", "0.30", ""]
    assert found["`direction`, as people write it"] == ["0.14", "0.24", "0.34", "0.99"]
    assert found["`human_1nn`, read by its nearest human stroke"][-1] == "0.99"
    assert len(body) == 6


def test_labels_are_read_off_the_picture_where_one_was_told(parts):
    (row,) = (row for row in rows(parts["scores"]) if "`legibility`" in row[0])
    assert row[1:] == ["0.175", "0.275", "0.330", ""]


def test_the_text_around_the_table(parts):
    assert set(parts) == {"scores", "scores_about", "legibility_target", "demo"}
    assert "| `scripts.demo --epochs 1` | 0 | 0.5 |" in parts["demo"]
    assert parts["legibility_target"] == "0.984"
    about = "2026-11-25, cpu:cpu, seed 0, people of own, 50 and as many held out"
    assert parts["scores_about"] == about


def test_a_record_of_something_else_is_noticed():
    with pytest.raises(KeyError, match="refinement"):
        score_parts(record(0.1), record(0.2), record(0.3), DEMOS)
