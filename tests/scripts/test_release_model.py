import jax
import numpy as np
import pytest

from datasets import load_thinned
from scripts import release_model
from train.errors import RunError
from train.stroke_model.model import load_writer, training_config


def test_a_released_model_is_named_as_weights_are(tmp_path):
    with pytest.raises(RunError, match="expected a name that ends in"):
        release_model.main(["--checkpoint", "x", "--out", str(tmp_path / "model.npz")])


def test_a_packed_run_writes_as_the_run_does(run, tmp_path, capsys):
    out = tmp_path / "small.safetensors"
    assert release_model.main(["--checkpoint", str(run), "--out", str(out)]) == 0
    assert f"packed: {out}, " in capsys.readouterr().out
    packed, whole = load_writer(out), load_writer(run)
    assert training_config(packed) == training_config(whole)
    assert packed.step == whole.step
    assert packed.facts["dataset"].startswith("thinned MNIST")
    assert packed.facts["versions"]["jax"] == jax.__version__
    assert {"device", "versions", "dataset"} <= packed.facts.keys()
    ours, theirs = (
        next(writer.write_thinned(*(array[:20] for array in load_thinned("test"))))
        for writer in (packed, whole)
    )
    np.testing.assert_allclose(ours.points[..., :2], theirs.points[..., :2], atol=0.01)
    networks = (whole.parameters, whole.plans.gate)
    parameters = sum(leaf.size for leaf in jax.tree.leaves(networks))
    few = whole.parameters["picture_kernel"][...].size
    few += whole.plans.gate["dense"]["kernel"][...].size
    expected = 2 * (parameters - few) + 34 / 32 * few  # half precision, and eight bits
    assert expected < out.stat().st_size < expected + 20_000


def test_what_is_no_run_is_not_packed(tmp_path):
    out = tmp_path / "x.safetensors"
    with pytest.raises(RunError, match="holds no run"):
        release_model.main(["--checkpoint", str(tmp_path), "--out", str(out)])
    assert not out.exists()
