"""The page: its server and the files that it serves."""
