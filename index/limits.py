"""Every limit of the project, in one place, with its reason.

A number that stops, caps or times something stands here and nowhere else.
"""

from __future__ import annotations

from typing import Final

# --- page text and files that people give us ---
PAGE_TEXT_BYTES: Final = 1024 * 1024
"""A whole newspaper page is about 15 kB of text; 1 MiB is a quarter of a year of one page, and splits
in about ten seconds."""

# --- crawling ---
RESPONSE_BYTES: Final = 4 * 1024 * 1024
"""Decoded size of one response. The largest story page in 347 public site configurations is 1.1 MB."""
RESPONSE_SECONDS: Final = 30
"""Slow county lines need 5–10 s; past 30 s a page is down for our purpose."""
LIST_PAGES: Final = 30
"""List pages followed per source and run. Thirty pages of fifteen titles cover a month of any county."""
REDIRECTS: Final = 5
"""More hops than this was a loop in every case seen."""
RETRIES: Final = 1
"""A lost connection is tried once more; a server that fails twice is left alone until the next run."""
SOURCE_SECONDS: Final = 2 * 3600
"""Longest visit to one source: 1,500 pages at five seconds. What is left waits for the next run."""
SOURCES_AT_ONCE: Final = 8
"""Hosts read side by side. One host is always read by one request at a time."""
LINK_DEPTH: Final = 60
"""Steps from an entry; list pages follow one another, so this is twice :data:`LIST_PAGES`."""
ROBOTS_BYTES: Final = 512 * 1024
"""RFC 9309 asks for at least 500 KiB; a longer robots.txt is a trap or another file."""
FAILURES_IN_A_ROW: Final = 5
"""Story pages that fail one after another before a source counts as down; single pages are often missing."""
ISSUE_DAYS: Final = 35
"""Days of an e-paper's back issues that a first visit reads: the last five weekly digests."""
ISSUE_GAP_DAYS: Final = 10
"""Days in a row without an issue before the walk back ends; the longest holiday gap is nine days."""
LEAVE_SECONDS: Final = 20
"""How long a crawl that is told to stop may take to end the requests under way."""
STORY_CHARACTERS: Final = 60
"""Chinese characters of body and captions; below this a page was a notice, a ruler or an error in every case seen."""

STORY_PAGES: Final = 20
"""Pages of one story that are joined; the longest report seen on a portal has eleven."""

# --- the reader's site and the editors' search ---
QUERY_CHARACTERS: Final = 200
"""A typed query; longer ones are pasted text, and are refused with a sentence."""
EXCERPT_LEAST: Final = 60
"""Characters of a lead under excerpt rights: fewer do not say who did what where."""
EXCERPT_MOST: Final = 120
"""More than about two sentences is no longer a hint at the story but part of it."""
LISTED_STORIES: Final = 200
"""Stories on one county, city or theme page; the week pages list them all, and the search finds them."""
NEIGHBOURS: Final = 4
"""Stories offered beside a story, once for its county and once for its theme: a hand's breadth on a phone."""
COVERAGE_WEEKS: Final = 12
"""Weeks on the first coverage table: a quarter, and what a wide screen holds; each year has a page of its own."""
FEED_ARCHIVE: Final = 50
"""Entries of one archived Atom document: about 30 kB, and a reader that catches up asks rarely."""
FEED_LEAST: Final = 20
"""Entries that the subscribed Atom document holds at least, so that a reader away for a week misses none."""
SITEMAP_ADDRESSES: Final = 25_000
"""Addresses in one sitemap file; the protocol allows 50,000 and 50 MB."""
SEARCH_SHARD_CHARACTERS: Final = 1_300
"""Characters of text to one file of posting lists, which compresses to about 1.5 kB. A query then moves
little beside its own lists; ten thousand stories make 8,192 files."""
SEARCH_POSITION_CHARACTERS: Final = 1_300
"""The same for positions, whose lists are longer."""
PREVIEW_FILES: Final = 2_000
"""Compressed files that ``serve`` keeps in memory: a few kilobytes each."""
SPAWN_STORIES: Final = 2_000
"""Stories from which a second process pays when a site is built: it takes half a second to start."""
SEARCH_FEW: Final = 10
"""Stories whose texts are read to check a match instead of positions: one screen of results, shown anyway."""
SEARCH_INLINE: Final = 8
"""Places of a pair up to which they stand with the stories: such a list is as short as a second file's head."""
SEARCH_PART_STORIES: Final = 512
"""Steps in which the bulk of the search index grows. The newest 256 to 767 stories lie beside it, so a
day's stories renew a small index and the bulk is built once in several days."""
SEARCH_TEXT_BYTES: Final = 4 * 1024
"""Text in one text file of the reader's search: one or two whole stories, or a dozen excerpts."""

# --- files that people write by hand ---
HAND_WRITTEN_BYTES: Final = 2 * 1024 * 1024
"""Settings, sources and issue files; the largest real issue file is under 100 kB."""

# --- annotation ---
SEGMENT_RUN: Final = 2_000
"""Characters without punctuation that go to jieba at once; sentences are under 200, and its lattice
of a whole page without punctuation would take hundreds of megabytes."""
SEGMENT_OVERLAP: Final = 40
"""Characters at the end of a window that are cut again with what follows; the longest word has 17."""

# --- issues ---
ISSUE_ITEMS: Final = 200
"""Stories in one issue; a weekly digest has 8 to 30."""

# --- the editors' search index ---
SEARCH_SEGMENT_STORIES: Final = 20_000
"""Stories gathered in memory before a commit while rebuilding: about 200 MB at 850 characters each."""
SEARCH_SEGMENTS: Final = 8
"""Parts of the index before small ones are merged: every part costs a query one more look-up per term,
and a merge costs that day's update four seconds more at 50,000 stories."""
SEARCH_COUNTED: Final = 2_000
"""Results in which a string's occurrences are counted for the ranking (3 µs each). In a larger result the
string is common, and its frequency hardly tells stories apart."""
SEARCH_TERMS: Final = 32
"""Strings in one query. Thirty-two of them are a pasted sentence cut by spaces, not a question."""
SEARCH_EXCERPT: Final = 96
"""Characters of an excerpt: two lines at the desk."""
SEARCH_WAIT_SECONDS: Final = 10
"""How long an update waits for another process that writes the index. A day's 600 stories take three."""
SEARCH_CACHED: Final = 1_024
"""Posting lists kept in memory: 6 kB each at 50,000 stories."""
STORY_PLACES: Final = 3_000
"""Place names weighed in one story; a whole newspaper page has about 200, and a text of nothing but
names should still be answered in a second or two."""
