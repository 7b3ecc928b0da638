"""Czujka: an open, serverless map of threats that people report and the police verify."""
