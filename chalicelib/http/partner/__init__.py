"""Routes of institutions outside the police, opened by their tokens."""
