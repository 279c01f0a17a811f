"""What is no digit: made to learn from and to measure with, and the score that refuses it."""
