"""Two plans of one course side by side: proposal, draft, signed revisions."""
