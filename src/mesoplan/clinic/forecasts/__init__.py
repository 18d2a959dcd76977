"""Scores of a course over time, and what may be expected of it."""
