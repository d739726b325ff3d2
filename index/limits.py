"""Every limit of the project, in one place, with its reason.

A number that stops, caps or times something stands here and nowhere else.
"""

from __future__ import annotations

from typing import Final

# --- page text and files that people give us ---
PAGE_TEXT_BYTES: Final = 4 * 1024 * 1024
"""A whole newspaper page is about 15 kB of text; 4 MiB is a year of one page, and still splits in seconds."""

# --- crawling ---
RESPONSE_BYTES: Final = 4 * 1024 * 1024
"""Decoded size of one response. The largest story page in 347 public site configurations is 1.1 MB."""
RESPONSE_SECONDS: Final = 30
"""Slow county lines need 5–10 s; past 30 s a page is down for our purpose."""
LIST_PAGES: Final = 30
"""List pages followed per source and run. Thirty pages of fifteen titles cover a month of any county."""
REDIRECTS: Final = 5
"""More hops than this was a loop in every case seen."""

# --- the reader's site and the editors' search ---
QUERY_CHARACTERS: Final = 200
"""A typed query; longer ones are pasted text, and are refused with a sentence."""
