"""`python -m framing`, the same as `framing`."""

import sys

from framing.cli import main

sys.exit(main())
