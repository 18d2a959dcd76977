"""Append-only record of who did or saw what."""
