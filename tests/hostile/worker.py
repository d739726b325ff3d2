"""The crawl's own process with two limits made small, so that waiting for them takes seconds.

Everything else is the product's. At the end it writes down the most memory it ever used, in MB.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from jianbao.index import limits

SECONDS = 3

# Before the crawler is imported: its modules take the values over.
limits.RESPONSE_SECONDS = SECONDS  # pyright: ignore[reportAttributeAccessIssue]

from jianbao.crawler import worker  # noqa: E402 - see above

if __name__ == "__main__":
    code = worker.main()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(os.environ["HOSTILE_PEAK"]).write_text(f"{most:.0f}", encoding="utf-8")
    sys.exit(code)
