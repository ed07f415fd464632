"""Casework in the console: a module a matter, each with its forms (one an act) and its sections of a ticket's page."""
