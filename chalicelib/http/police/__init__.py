"""Views of the police: behind a login, never cached."""
