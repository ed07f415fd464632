"""What a resident's words mean: place, matter, numerals. Built from the catalogue, pure."""
