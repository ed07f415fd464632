"""Measures what a turn costs on this machine; `make bench` runs it."""
