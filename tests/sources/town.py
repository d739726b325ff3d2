"""Many small sites and the sample county web behind one address of this machine, told apart by host.

One fetching process can then look at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from jianbao.desk.countyweb.home import HOSTS
from jianbao.desk.countyweb.server import CountyWeb

from ..crawl.odd_site import ROBOTS, Answer, Busy, OddSite, served

_MISSING = Answer(status=404)


@dataclass
class Town(Busy):
    """``sites`` by host name; ``requests`` of each site stand in it."""

    web: CountyWeb
    address: str = ""
    sites: dict[str, OddSite] = field(default_factory=dict)

    def site(self, name: str) -> tuple[OddSite, str]:
        """A new site and its home address; it has a robots.txt that allows everything."""
        host = f"{name}-town.example"
        plain = {"Content-Type": "text/plain"}
        found = self.sites[host] = OddSite(
            self.address, answers={"/robots.txt": Answer(ROBOTS, headers=plain)}
        )
        return found, f"http://{host}/"

    def answer(self, host: str, path: str, query: str) -> Answer:
        """What a host answers."""
        for name, known in HOSTS.items():
            if known == host:
                answer = self.web.answer(name, path, query)
                return Answer(answer.body, answer.status, {"Content-Type": answer.content_type})
        site = self.sites.get(host.removeprefix("www."))
        if site is None:
            return _MISSING
        asked = path + (f"?{query}" if query else "")
        site.requests.append(asked)
        found = site.answers.get(asked, _MISSING)
        return found() if callable(found) else found


@contextmanager
def serve_town(web: CountyWeb) -> Iterator[Town]:
    """Runs the town until the block ends."""
    town = Town(web)

    def answer(asked: SplitResult, _headers: dict[str, str]) -> Answer:
        return town.answer(asked.netloc, asked.path, asked.query)

    with served(town, answer) as town.address:
        yield town
