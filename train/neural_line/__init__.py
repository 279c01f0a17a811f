"""The learned line: its lines, training and scores."""
