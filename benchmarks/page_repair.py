"""Accuracy and speed of page repair on the made pages of ``tests/pagetext/generator.py``.

    python benchmarks/page_repair.py [--pages 300] [--wrong]

``--wrong`` lists every page that is not wholly right, with what is wrong on it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from jianbao.crawler.pagetext import split_page
from tests.pagetext.generator import make_page, own_stories
from tests.pagetext.scoring import score_pages


def main() -> None:
    """Prints one line for each half (seeds below 150 were looked at while the rules were made)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--wrong", action="store_true")
    wanted = parser.parse_args()
    split_page("字典先读入，不算进速度。")
    print(f"{len(own_stories())} stories, {wanted.pages} pages")
    for half, seeds in (
        ("tuning", range(wanted.pages // 2)),
        ("held-out", range(wanted.pages // 2, wanted.pages)),
    ):
        pages = [make_page(seed) for seed in seeds]
        started = time.perf_counter()
        score = score_pages(pages)
        seconds = time.perf_counter() - started
        size = sum(len(page.text.encode()) for page in pages)
        print(
            f"{half:9} boundary F1 {score.boundary.f1:.3f}  headline exact {score.headline:.3f}  "
            f"stitch F1 {score.stitch.f1:.3f}  whole page {score.whole_page:.3f}  "
            f"{len(pages) / seconds:.0f} pages/s  {size / seconds / 1e6:.2f} MB/s"
        )
        if wanted.wrong:
            for seed, problems in score.wrong:
                print(f"  page {seed}: {'; '.join(problems)}")


if __name__ == "__main__":
    main()
