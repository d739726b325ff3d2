"""Which addresses the crawler may connect to."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.crawler.guard import is_public

from .odd_site import Answer, odd_site, source, stored, title, visit_one


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.2.4.8", True),
        ("219.149.194.55", True),
        ("2408:8000::1", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:1.2.4.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:53aa:64c:0:0:80ff:fffe", False),
        ("2001:4860::5efe:7f00:1", False),
        ("2001:4860::5efe:102:408", True),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b:1::7f00:1", False),
        ("fec0::1", False),
        ("3fff::1", False),
        ("100::1", False),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("203.0.113.1", False),
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


OUTSIDE = (
    "http://169.254.169.254/latest/",
    "http://127.0.0.1:9/",
    "http://localhost/",
    "https://other.example/",
    "http://odd.example:8080/",
)
NO_PAGES = ("file:///etc/passwd", "data:text/html,x", "ftp://odd.example/x")


def test_nothing_leads_out_of_a_source(tmp_path: Path) -> None:
    """Redirects to other hosts, ports and schemes, and a page that refreshes elsewhere."""
    count = len(OUTSIDE) + len(NO_PAGES) + 2
    with odd_site() as site:
        site.publish(list(range(1, count + 1)), per_page=count)
        for number, target in enumerate((*OUTSIDE, *NO_PAGES), start=1):
            moved = Answer(status=302, headers={"Location": target})
            site.answers[f"/list/202611/t20261103_{number}.html"] = moved
        site.answers[f"/list/202611/t20261103_{count - 1}.html"] = Answer(
            '<html><head><meta http-equiv="refresh" content="0; url=http://10.0.0.1/"></head></html>'
        )
        report = visit_one(tmp_path, source(site.address))
    assert report.problem is None
    assert [one.reason for one in report.refused] == ["elsewhere"] * (len(OUTSIDE) + 1)
    assert len(report.missed) == len(NO_PAGES)
    assert [story.headline for story in stored(tmp_path)] == [title(count)]


_RESOLVE = """
import json, sys
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet import reactor
from twisted.internet.defer import DeferredList
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol
from jianbao.crawler.guard import GuardedResolver
loopback, port, hosts = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3:]
GuardedResolver(reactor, 0, 5.0, loopback).install_on_reactor()
def connect(host):
    return HostnameEndpoint(reactor, host, port, timeout=5).connect(Factory.forProtocol(Protocol))
def done(results):
    print(json.dumps([connected for connected, _ in results]))
    reactor.callLater(0, reactor.stop)
DeferredList([connect(host) for host in hosts], consumeErrors=True).addCallback(done)
reactor.run()
"""
# 127.0.0.1 in the ways that people and attackers write it; only the plain number may pass.
WRITTEN = ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "127.0.0.2", "0.0.0.0")  # noqa: S104


@pytest.mark.parametrize(("loopback", "connected"), [("1", ["127.0.0.1"]), ("0", [])])
def test_the_resolver_judges_where_the_connection_is_made(
    loopback: str, connected: list[str]
) -> None:
    with odd_site() as site:
        port = site.address.rsplit(":", 1)[1]
        done = subprocess.run(
            [sys.executable, "-c", _RESOLVE, loopback, port, *WRITTEN],
            capture_output=True,
            text=True,
            check=True,
        )
    opened = [host for host, ok in zip(WRITTEN, json.loads(done.stdout), strict=True) if ok]
    assert opened == connected


_REBINDS = """
import json, socket, sys
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet import reactor
from twisted.internet.defer import DeferredList
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol
port, asked, found = int(sys.argv[1]), [], []
# A name server that says a public address to whoever checks, and this machine to whoever comes next.
def rebinding(name, *args, **kwargs):
    asked.append(name)
    return "198.51.100.7" if len(asked) % 2 and name == "first.example" else "127.0.0.1"
socket.gethostbyname = rebinding
from jianbao.crawler import guard
guard.is_public = lambda address: str(address) == "198.51.100.7"  # stands for a public one
guard.GuardedResolver(reactor, 0, 5.0, False).install_on_reactor()
class Wired(Protocol):
    def connectionMade(self):
        found.append(self.transport.getPeer().host)
def connect(host):
    return HostnameEndpoint(reactor, host, port, timeout=2).connect(Factory.forProtocol(Wired))
def done(results):
    print(json.dumps({"asked": asked, "found": found}))
    reactor.callLater(0, reactor.stop)
DeferredList([connect("first.example"), connect("second.example")], consumeErrors=True).addCallback(done)
reactor.run()
"""


def test_a_name_cannot_be_public_when_asked_and_private_when_used() -> None:
    """The name is looked up once for a connection, and the connection goes to what came back then."""
    with odd_site() as site:
        port = site.address.rsplit(":", 1)[1]
        done = subprocess.run(
            [sys.executable, "-c", _REBINDS, port], capture_output=True, text=True, check=True
        )
        assert site.requests == []
    seen = json.loads(done.stdout)
    assert sorted(seen["asked"]) == ["first.example", "second.example"]
    assert "127.0.0.1" not in seen["found"]


def test_an_entry_on_a_private_address_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with odd_site() as site:
        port = site.address.rsplit(":", 1)[1]
        inside = source("", entries=(f"http://127.0.0.1:{port}/list/",), delay=1)
        report = visit_one(tmp_path, inside)
        assert site.requests == []
    assert report.problem is not None
    assert report.problem.code == "JB-246"
    assert "127.0.0.1" in report.problem.english()
