"""Where drops land: one needle in one zone to be played with, to scale; no patient, nothing stored."""
