"""`python -m gradcli`."""

from __future__ import annotations

import sys

from gradcli.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
