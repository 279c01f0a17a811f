"""Files of handwritten numbers; what they hold is that of `strokes.handwriting`."""
