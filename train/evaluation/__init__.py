"""Measures of what was written, and the report of an evaluation."""
