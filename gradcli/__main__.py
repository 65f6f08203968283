"""`python -m gradcli` is `gradcli`."""

import sys

from gradcli.cli import main

if __name__ == "__main__":
    sys.exit(main())
