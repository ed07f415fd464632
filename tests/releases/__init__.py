"""What earlier releases have written into the database, statement by statement, as they sent it."""
