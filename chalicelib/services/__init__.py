"""Use cases: what the handlers ask for, in the order in which it must happen."""
