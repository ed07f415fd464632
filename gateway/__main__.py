"""`python -m gateway`: the same command line as `jiesu`."""

from gateway.cli import main

if __name__ == "__main__":
    main()
