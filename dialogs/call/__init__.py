"""A phone call: what happens in it besides words, and the questions that only a call has."""
