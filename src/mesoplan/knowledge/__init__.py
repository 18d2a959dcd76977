"""The clinical data with their schema, and the loader that refuses an uncited value."""
