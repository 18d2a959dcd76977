"""The population model behind the forecast: arms from the trial table, the fit, its checks and its file."""
