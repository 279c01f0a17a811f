"""Training, fine-tuning and measuring recognisers."""
