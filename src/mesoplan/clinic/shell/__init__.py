"""What every page shares: frame, components, Today, errors."""
