"""Files and pages that show strokes and figures."""
