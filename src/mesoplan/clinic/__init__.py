"""The Django project: accounts, patients, courses and audit of one clinic, in a browser."""
