"""What the city does: one file per step of the loop; each runs inside a transaction."""
