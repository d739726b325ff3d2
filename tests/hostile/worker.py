"""The crawl's own process, with the time that an answer may take made short where a test asks for it.

Everything else is the product's. At the end it writes down the most memory it ever used (MB) and the
processor time it took (seconds).
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from jianbao.index import limits

if waits := os.environ.get("HOSTILE_WAITS"):
    # Before the crawler is imported: its modules take the value over.
    limits.RESPONSE_SECONDS = int(waits)  # pyright: ignore[reportAttributeAccessIssue]

from jianbao.crawler import worker

if __name__ == "__main__":
    code = worker.main()
    used = resource.getrusage(resource.RUSAGE_SELF)
    facts = {"memory": used.ru_maxrss // 1024, "seconds": used.ru_utime + used.ru_stime}
    Path(os.environ["HOSTILE_USED"]).write_text(json.dumps(facts), encoding="utf-8")
    sys.exit(code)
