"""What the documentation has from the code: `make docs` writes it anew, tests hold it."""
