"""Commands of `jiesu` that do one thing and end, a file for each subject."""
