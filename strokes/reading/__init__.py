"""Reading: pictures of digits in, digits with calibrated probabilities out."""
