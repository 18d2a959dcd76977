"""What the words mean: quantities with units, case, plan, evaluation, findings. Frozen values."""
