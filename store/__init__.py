"""The internal store: set-based SQL, migrations and the shipped catalogue data."""
