"""The reference's experiments: runs, claims, page."""
