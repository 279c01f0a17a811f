"""Files of strokes: a module for each format, and the table of readers in `recordings`."""
