"""Handlers of the functions that nobody calls over HTTP: streams and schedules."""
