"""Configuration, losses, step, loop, checkpoints and evaluation."""
