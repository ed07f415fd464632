"""The responsibility catalogue: read from a folder of CSV files, checked whole, kept in versions."""
