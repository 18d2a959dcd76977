"""From assessment to signed plan."""
