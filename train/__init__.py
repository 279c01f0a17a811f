"""Training of stroke models, recognisers and the neural line; measuring, experiments, export."""
