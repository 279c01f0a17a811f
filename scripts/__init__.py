"""One file for each thing a person does: ``python -m scripts.NAME``."""
