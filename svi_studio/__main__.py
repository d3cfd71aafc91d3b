"""Runs the command line: ``python -m svi_studio``."""

import sys

from svi_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
