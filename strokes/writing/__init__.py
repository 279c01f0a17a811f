"""Writing: pictures of digits in, pen points out; and the points, moved closer to the ink."""
