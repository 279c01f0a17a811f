import pytest

import datasets.recordings
from scripts import release_hands
from train.errors import RunError


@pytest.mark.parametrize("args", [["--out", "x.npz"], ["--seed", "-1"]])
def test_what_cannot_be_meant_is_said(args):
    with pytest.raises(RunError, match=f"{args[0]} {args[1]}"):
        release_hands.main(args)


def test_a_bank_of_what_was_found_is_written(tmp_path, monkeypatch, capsys):
    import train.hands.people
    from strokes.hands.bank import load_bank
    from tests.strokes.hands.small import small_bank

    monkeypatch.setattr(datasets.recordings, "teaching_recordings", lambda source: [source])
    monkeypatch.setattr(train.hands.people, "gather_bank", lambda found, facts: small_bank())
    monkeypatch.setattr(train.hands.people, "calibrate", lambda bank, found, seed: bank)
    out = tmp_path / "bank.safetensors"
    assert release_hands.main(["--out", str(out)]) == 0
    assert len(load_bank(out).ways) == 3
    assert "3 people" in capsys.readouterr().out
