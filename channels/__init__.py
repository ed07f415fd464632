"""The wire: verify, parse, answer, render, send; one file per channel, pure but for send()."""
