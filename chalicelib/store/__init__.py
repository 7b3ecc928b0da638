"""What is kept: tables, transactions, secrets, objects."""
