"""Hands of many people: the bank that ships, made of recordings; how like people hands are."""
