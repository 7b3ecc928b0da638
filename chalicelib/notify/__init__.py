"""What an alert says: the message to machines and the mail to people, rendered from one set of facts."""
