"""What we hold true, on what ground, reviewed by whom."""
