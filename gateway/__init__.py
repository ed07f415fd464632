"""The process: command line, settings, wiring, web server, jobs, console, API."""
