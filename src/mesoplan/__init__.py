"""Plans, checks, delivers and learns from courses of mesotherapy."""

__version__ = "0.1.0"
