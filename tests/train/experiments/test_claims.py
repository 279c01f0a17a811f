import pytest

from train.experiments.claims import CLAIMS, SHAKY, STEADY
from train.experiments.runs import runs


def claim_about(words):
    (found,) = (claim for claim in CLAIMS if words in claim.says)
    return found


def test_claims_are_about_runs_that_there_are():
    rows = {run.name for run in runs("small")} | {SHAKY, STEADY}
    assert {row for claim in CLAIMS for row in (claim.first, claim.second)} <= rows


def test_a_verdict_compares_what_it_says():
    claim = CLAIMS[0]
    found = {"neural-line": {"gap": 0.2}, "box-sum": {"gap": 0.09}}
    assert claim.figures(found) == (0.2, 0.09)
    assert claim.holds(0.2, 0.09)
    assert not claim.holds(0.2, 0.11)


@pytest.mark.parametrize(
    ("words", "holding", "failing"),
    [
        ("cheated", (0.4, 0.2), (0.39, 0.2)),  # at least twice as much
        ("stairways", (0.21, 0.2), (0.2, 0.2)),  # strictly more
        ("Dropout", (0.50, 0.54), (0.50, 0.56)),  # nearly the same, to either side
        ("Dropout", (0.54, 0.50), (0.56, 0.50)),
    ],
)
def test_claims_are_as_strict_as_their_words(words, holding, failing):
    claim = claim_about(words)
    assert claim.holds(*holding)
    assert not claim.holds(*failing)
