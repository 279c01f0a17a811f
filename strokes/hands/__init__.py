"""Hands: how one person writes the ten digits, and any number written in such a hand."""
