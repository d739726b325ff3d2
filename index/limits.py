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
CRAWL_DELAY_SECONDS: Final = 120
"""Longest pause between requests that a robots.txt may ask for: at two minutes a visit still reads sixty
pages. A longer one keeps a source open all day for nothing, and is a way to say no."""
FAILURES_IN_A_ROW: Final = 5
"""Story pages that fail one after another before a source counts as down; single pages are often missing."""
ISSUE_DAYS: Final = 35
"""Days of an e-paper's back issues that a first visit reads: the last five weekly digests."""
ISSUE_GAP_DAYS: Final = 10
"""Days in a row without an issue before the walk back ends; the longest holiday gap is nine days."""
LEAVE_SECONDS: Final = 20
"""How long a crawl that is told to stop may take to end the requests under way."""
DAILY_REQUESTS: Final = 2_000
"""Requests to one source in one day: a first visit of a month's lists and stories is about 1,500."""
LOOK_REQUESTS: Final = 24
"""Requests while an unknown site is recognised: its home, eight lists, a story of each, feed, e-paper."""
TRIAL_STORIES: Final = 3
"""Stories that a dry run of a source shows."""
TRIAL_PAGES: Final = 5
"""Story pages that it asks for: an e-paper's first ones are credits and adverts."""
SITEMAP_FILES: Final = 50
"""Files of one sitemap index that are read: the newest come first or last, and none was longer."""
RETRY_AFTER_DAYS: Final = 7
"""A site that asks to be left alone for longer is asked again after a week, like one that declines."""
RETRY_AFTER_SECONDS: Final = 60
"""A site that asks for a pause of up to a minute gets it within the visit; a longer one ends the visit."""
FULL_READ_DAYS: Final = 7
"""A list that answers "unchanged" for so long is read once without conditions: some servers' dates lie."""
TRY_DAYS: Final = 5
"""Different days on which an address that fails is tried; a working week, then its failure is the answer."""
ROBOTS_DAYS: Final = 7
"""Days after which a page that robots.txt closed is asked for again: offices mend such files, rarely daily."""
CHECK_DAYS: Final = (1, 3, 7, 30)
"""Days after publication on which a story is looked at again: corrections come the next day, withdrawals
within the week, tidying up after a month. The same days count again from the day on which an issue
printed the story."""
BACKFILL_PAGES: Final = 400
"""List pages that a crawl with a first day follows: four hundred pages of fifteen titles are over a year."""
SNAPSHOT_BYTES: Final = 20 * 1024**3
"""Kept pages of a workspace; beyond it the oldest months go first. A page takes about 20 kB, so this holds
some ten years of a hundred county sources."""
STORY_CHARACTERS: Final = 40
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
SEARCH_SHARD_CHARACTERS: Final = 2_048
"""Most characters of text to one shard of the reader's search, which compresses to about 2 kB. Smaller
ones would weigh more together (each brings 100 bytes of its own), larger ones more in each query."""
PREVIEW_FILES: Final = 2_000
"""Compressed files that ``serve`` keeps in memory: a few kilobytes each."""
SPAWN_STORIES: Final = 2_000
"""Stories from which a second process pays when a site is built: it takes half a second to start."""
SEARCH_FEW: Final = 16
"""Stories whose texts are read to check a match: one to two screens of results, which are shown anyway.
With ten the index weighs four per cent more."""
SEARCH_STRING: Final = 8
"""Characters of the longest strings that the search's index knows. Longer ones that many stories share
are found by eights and checked in the texts."""
SEARCH_PART_MOST: Final = 31_744
"""Stories in one part of the search's bulk: each part costs a query a request for every pair. What is built
at once stays under a gigabyte, and a site of many years grows by parts that never change again. A multiple
of both steps below; the numbers of stories take 15 bits."""
SEARCH_PART_STORIES: Final = 512
"""Steps in which the bulk of the search index grows; twice that where it is longer than
:data:`SEARCH_PART_LONG`. The newest 256 to 767 stories lie beside it, so a day's stories renew a small index
and the bulk is built once in several days."""
SEARCH_PART_LONG: Final = 16_384
"""Stories of a bulk that is better built half as often: with a hundred new stories a day, steps of the root
of 200 times the bulk cost least in all."""
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

# --- the editor's desk ---
DESK_REQUEST_BYTES: Final = 2 * 1024 * 1024
"""One request to the desk: a page of text (:data:`PAGE_TEXT_BYTES`) as a form sends it, with its facts."""
DESK_FIELDS: Final = 400
"""Fields of one form: an order of :data:`ISSUE_ITEMS` stories and a few facts."""
DESK_LINE_CHARACTERS: Final = 400
"""One line that an editor types: a name, a headline, a reason."""
DESK_TEXT_CHARACTERS: Final = 100_000
"""An item's edited text; a whole newspaper page has about 15,000 characters."""
BOOK_SECONDS: Final = 10
"""How long a write to the desk's book, or to an issue, waits for another process; each takes milliseconds."""
EDIT_SECONDS: Final = 120
"""Saves of one story's text within this time are one step of undo."""
EFFORT_IDLE_SECONDS: Final = 300
"""A longer pause between two actions is not counted as work: the editor was called away."""
PULL_BACK_MINUTES: Final = 30
"""How long a reviewer may take a review back; afterwards the next reviewer has begun to rely on it."""
DIFFERENCE_SENTENCES: Final = 400
"""Sentences compared with each other when a text was edited; a page-long report has about 80. Longer texts
are compared by paragraph, because pairing grows with the square."""
DISK_LEAST_BYTES: Final = 1024**3
"""Free space below which ``doctor`` warns: snapshots of a week's crawl and a build need several hundred MB."""

# --- documents ---
TEMPLATE_BYTES: Final = 20 * 1024 * 1024
"""An office's Word template, packed and unpacked; one with a coat of arms in it has a few hundred kB."""
PICTURE_BYTES: Final = 8 * 1024 * 1024
"""One picture in a document: a telephone's photograph has 3 to 6 MB, and mail servers refuse 20 MB."""
PICTURES_BYTES: Final = 40 * 1024 * 1024
"""All pictures of one issue."""
