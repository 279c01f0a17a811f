import pytest

from train.experiments.runs import POINTS, WHAT_TO_SEE, Run, runs
from train.stroke_model.presets import PRESETS, preset


def options(run):
    return dict(zip(run.args[::2], run.args[1::2], strict=True))


@pytest.mark.parametrize("budget", ["small", "full"])
def test_every_run_is_of_a_preset_at_the_budget(budget):
    todo = runs(budget)
    assert len({run.name for run in todo}) == len(todo)
    assert set(WHAT_TO_SEE) < set(PRESETS)
    for run in todo:
        assert options(run)["--preset"] in PRESETS
        assert options(run)["--budget"] == budget
    for name in WHAT_TO_SEE:
        (run,) = (run for run in todo if run.name == name)
        assert run.args == ("--preset", name, "--budget", budget)


@pytest.mark.parametrize("budget", ["small", "full"])
def test_runs_differ_in_what_their_names_say(budget):
    found = {run.name: options(run) for run in runs(budget)}
    for seed in (1, 2):
        one = found[f"box-sum-seed-{seed}"]
        assert one == found["box-sum"] | {"--seed": str(seed)}
    longer = 3 * preset("box-sum", budget=budget).epochs
    assert found["box-sum-longer"] == found["box-sum"] | {"--epochs": str(longer)}
    half = preset("standard", budget=budget).epochs // 2
    for points in POINTS:
        expected = found["standard"] | {"--epochs": str(half), "--points": str(points)}
        assert found[f"points-{points}"] == expected


def test_a_run_s_command_can_be_typed():
    run = Run("tiny", ("--preset", "demo", "--seed", "3"))
    assert run.command == "python -m scripts.train_strokes --preset demo --seed 3"
