"""Who is treated: name, contact, search."""
