"""The shape of the knowledge base: one model for each kind of entry. Unknown keys and missing citations are refused."""
