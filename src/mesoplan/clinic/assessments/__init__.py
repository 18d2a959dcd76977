"""The pages on which a case is recorded: goals, history, findings, and what stands in the way."""
