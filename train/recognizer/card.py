"""The card of a recogniser: what a person wants to know of the weights, as Markdown."""

import json
from typing import Any, NamedTuple

from strokes.classes import DIGITS, classes_of
from strokes.networks.config import Kind

_DATA: dict[Kind, str] = {"grey": "MNIST, grey", "thinned": "thinned MNIST"}
_NAMED = 100  # classes whose names are all given


def recognizer_card(facts: dict[str, Any]) -> str:
    """The card of what `train.recognizer.run.train_into` made, by the facts that it gave."""
    network, classes = facts["network"], classes_of(facts)
    channels = [one for one in network["channels"] for _ in range(network.get("depth", 1))]
    widths = (*channels, network["units"], len(classes))
    shape = "-".join(str(units) for units in widths)
    calibration = facts["expected_calibration_error"]
    digits = classes == DIGITS and facts.get("set", "digits") == "digits"
    said = _said_of_digits(facts) if digits else _said_of_classes(facts)
    return f"""# Recogniser

{said.reads}

- Network: {"convolutions and dense layers" if network["channels"] else "perceptron"}, {shape}
{said.accuracy}
- Expected calibration error, 15 bins, test {said.tested}: {calibration:.4f}
  (temperature {facts["temperature"]:.3f})
- Kept: epoch {facts["epochs"]} of {facts["training"]["epochs"]}
- Made by: `{facts["command"]}`, {facts["seconds"]:.0f} s on {facts["device"]}
- Not for: {said.unfit}, pictures that were not prepared

Training: `{json.dumps(facts["training"])}`
"""


class _Said(NamedTuple):
    reads: str
    accuracy: str
    tested: str
    unfit: str


def _said_of_digits(facts: dict[str, Any]) -> _Said:
    return _Said(
        f"Reads a digit in a 28x28 picture, {_DATA[facts['data']]}: 0 paper, prepared as MNIST "
        "was.",
        f"- Test accuracy: {facts['test_accuracy']:.2%} of the 10,000 test digits",
        "digits",
        "letters, several digits in one picture",
    )


def _said_of_classes(facts: dict[str, Any]) -> _Said:
    network, classes = facts["network"], classes_of(facts)
    size = f"{network['width']}x{network['height']}"
    names = " ".join(classes.names[:_NAMED]) + (" ..." if len(classes) > _NAMED else "")
    lines = [f"- Classes: {names}"]
    lines += [
        f"- Test {name.removeprefix('test_').replace('_', ' ')}: {facts[name]:.2%}"
        for name in facts
        if name.startswith("test_")
    ]
    if classes.alike:
        alike = ", ".join("".join(group) for group in classes.alike)
        lines.append(f"- Folded: one of these read as another is no mistake: {alike}")
    return _Said(
        f"Reads one of {len(classes):,} classes in a {size} picture as those of the "
        f"set `{facts['set']}`, {facts['data']}: 0 paper.",
        "\n".join(lines),
        "pictures",
        "other characters, several in one picture",
    )
