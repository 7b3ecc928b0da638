"""Routes of the police console: for officers who have logged in, each for the deeds of the role and the own unit."""
