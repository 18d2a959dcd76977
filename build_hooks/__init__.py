"""What the build does beside setuptools."""
