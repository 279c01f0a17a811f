"""Pictures of strokes for people: cells, sheets, animations. NumPy and OpenCV."""
