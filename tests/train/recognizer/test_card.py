import pytest

from strokes.weights import GREY_RECOGNIZER, THINNED_RECOGNIZER
from strokes.weights.files import load_facts
from train.recognizer.card import recognizer_card


def test_the_shipped_card_is_of_the_shipped_weights():
    card = recognizer_card(load_facts(GREY_RECOGNIZER))
    assert card == GREY_RECOGNIZER.with_suffix(".md").read_text()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"data": "thinned"}, "28x28 picture, thinned MNIST: 0 paper"),
        ({"network": {"channels": [], "units": 256}}, "- Network: perceptron, 256-10\n"),
        ({"test_accuracy": 0.5}, "- Test accuracy: 50.00% of"),
        ({"temperature": 2.0}, "(temperature 2.000)"),
        ({"epochs": 7}, "- Kept: epoch 7 of 25"),
    ],
)
def test_a_card_says_what_the_facts_say(changes, says):
    facts = load_facts(GREY_RECOGNIZER)
    assert says not in recognizer_card(facts)
    assert says in recognizer_card(facts | changes)


def test_both_shipped_recognisers_are_of_the_kinds_they_are_named_for():
    kinds = [load_facts(path)["data"] for path in (GREY_RECOGNIZER, THINNED_RECOGNIZER)]
    assert kinds == ["grey", "thinned"]
