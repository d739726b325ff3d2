"""Keeps the crawler on the public sites that its sources name.

A list page, a redirect or a name server can point a program at machines of the office network. The
address is judged where the connection is made: the resolver hands out public addresses only, and the
connection goes to exactly the address it handed out, so a name cannot be public when it is asked and
private when it is used. Each hop of a redirect comes by here again.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from .failures import PRIVATE_NAMES, Declined
from .problems import LeadsElsewhere

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOOPBACK: Final = "127.0.0.1"
# Special ranges that some releases of Python call global: IANA's registries of special-purpose
# addresses, RFC 3879 (site-local), RFC 7526 (6to4 relays), RFC 9637 (documentation).
_NEVER: Final = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "64:ff9b:1::/48")
)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet.

    Private, loopback, link-local, carrier, multicast, reserved and documentation ranges are not;
    nor is an IPv6 address that wraps one of these (mapped, 6to4, Teredo, NAT64, ISATAP).
    """
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        isatap = int(address) >> 32 & 0xFCFFFFFF == 0x5EFE  # RFC 5214
        if inner is None and (isatap or address in ipaddress.ip_network("64:ff9b::/96")):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses only (Scrapy's TWISTED_DNS_RESOLVER).

    Numbers written as hosts come by here too. The plain loopback address passes when the setting
    ``JIANBAO_LOOPBACK`` says that a source of this run is served by this machine; which requests may
    go there is then decided by :class:`AddressGuard`.
    """

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float, loopback: bool
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._loopback = loopback

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            settings.getfloat("DNS_TIMEOUT"),
            settings.getbool("JIANBAO_LOOPBACK"),
        )

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        """An IPv4 address. A private one fails like an unknown name."""
        found = super().getHostByName(name, timeout)
        if name == _LOOPBACK and self._loopback:
            return found
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if is_public(ipaddress.ip_address(address)):
            return address
        PRIVATE_NAMES[name.lower()] = address
        raise DNSLookupError(f"{name} is the private address {address}")


class _Guarded(Protocol):
    """What a spider must know for the guard."""

    hosts: tuple[str, ...]
    loopback: str


class AddressGuard:
    """Downloader middleware: only http(s), only the source's own hosts, only public addresses.

    A source that is served by this machine has its requests sent there, and nowhere else. The
    address that was really connected to is checked again on every answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler)

    @property
    def _spider(self) -> _Guarded:
        return self._crawler.spider  # pyright: ignore[reportReturnType] - ours always is one

    def process_request(self, request: Request) -> None:
        """Refuses a request that would leave the source's hosts."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in self._spider.hosts:
            raise self._elsewhere(request.url, f"{parts.scheme}://{parts.netloc}")
        request.meta.pop("proxy", None)
        if self._spider.loopback:
            # The request names the invented host and goes to the machine's own server.
            request.meta["proxy"] = self._spider.loopback

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuses an answer from an address that should not have been reached."""
        address = response.ip_address
        wanted = str(address) == _LOOPBACK if self._spider.loopback else False
        if address is None or not (wanted or (not self._spider.loopback and is_public(address))):
            raise self._elsewhere(request.url, str(address))
        return response

    @staticmethod
    def _elsewhere(url: str, target: str) -> Declined:
        return Declined(LeadsElsewhere(url, target=target))
