"""Building, deploying and running the system; nothing here is deployed."""
