"""From a photo to digits as MNIST has them, and from those to thinned ones. Loads no JAX."""
