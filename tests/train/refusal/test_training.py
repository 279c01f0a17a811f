import numpy as np

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.reading.recognizer import load_recognizer
from strokes.reading.refusal import load_refusal, save_refusal
from train.refusal.nondigits import draw_fast, make_pictures, scribble
from train.refusal.training import make_examples, train_refusal


def test_a_head_learns_to_tell_digits_from_the_rest(tmp_path, rng):
    own = read_recordings(OWN_RECORDINGS)
    digits = np.stack([draw_fast(one.strokes, generator=rng) for one in own])
    examples = make_examples(digits[::2], own, drawn=50, others=200, generator=rng)
    assert len(examples.digits) == len(digits[::2]) + 50
    assert len(examples.others) == 200
    refusal = train_refusal(load_recognizer(), examples, digits[1::2], seed=0, facts={"made": "up"})
    assert refusal.refused(digits[1::2]).mean() < 0.03
    assert refusal.refused(make_pictures(scribble, 30, generator=rng)).mean() > 0.6
    save_refusal(refusal, tmp_path / "head.safetensors")
    again = load_refusal(tmp_path / "head.safetensors")
    assert again.facts["made"] == "up"
    np.testing.assert_allclose(again.scores(digits[:5]), refusal.scores(digits[:5]), atol=1e-3)
