"""People who log in, and what they have chosen for themselves."""
