"""The weights that ship with the library, each with its card beside it."""

from pathlib import Path

SHIPPED_WRITER = Path(__file__).with_name("strokes.safetensors")
"""A writer of digits: the preset "human", seed 0; scripts.release_model packed it."""
GREY_RECOGNIZER = Path(__file__).with_name("recognizer.safetensors")
"""The recogniser of grey digits: the preset "cnn-augmented"."""
THINNED_RECOGNIZER = Path(__file__).with_name("thinned-recognizer.safetensors")
"""The recogniser of thinned digits that `legibility` is measured with: the preset "thinned"."""
HANDS = Path(__file__).with_name("hands.safetensors")
"""The bank of hands of `strokes.hands.bank`; scripts.release_hands gathered it."""
REFUSAL = Path(__file__).with_name("refusal.safetensors")
"""What of the grey recogniser tells digits from what is none; scripts.release_refusal made it."""
