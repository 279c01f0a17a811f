"""Training of stroke models, and the folder of a run."""
