"""The card of a recogniser: what a person wants to know of the weights, as Markdown."""

import json
from typing import Any

from strokes.networks.config import DIGITS, Kind

_DATA: dict[Kind, str] = {"grey": "MNIST, grey", "thinned": "thinned MNIST"}


def recognizer_card(facts: dict[str, Any]) -> str:
    """The card of what `train.recognizer.run.train_into` made, by the facts that it gave."""
    network = facts["network"]
    shape = "-".join(str(units) for units in (*network["channels"], network["units"], DIGITS))
    calibration = facts["expected_calibration_error"]
    return f"""# Recogniser

Reads a digit in a 28x28 picture, {_DATA[facts["data"]]}: 0 paper, prepared as MNIST was.

- Network: {"convolutions and dense layers" if network["channels"] else "perceptron"}, {shape}
- Test accuracy: {facts["test_accuracy"]:.2%} of the 10,000 test digits
- Expected calibration error, 15 bins, test digits: {calibration:.4f}
  (temperature {facts["temperature"]:.3f})
- Kept: epoch {facts["epochs"]} of {facts["training"]["epochs"]}
- Made by: `{facts["command"]}`, {facts["seconds"]:.0f} s on {facts["device"]}
- Not for: letters, several digits in one picture, pictures that were not prepared

Training: `{json.dumps(facts["training"])}`
"""
