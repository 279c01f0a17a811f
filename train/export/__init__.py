"""Handwritten sequences as a data set: Parquet, arrays, card, sums."""
