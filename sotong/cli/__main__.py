"""``python -m sotong.cli``: the same as ``sotong``."""

import sys

from sotong.cli.commands import main

sys.exit(main())
