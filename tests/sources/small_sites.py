"""Small sites of our own in the shape of each system that the sample county web does not serve."""

from __future__ import annotations

from ..crawl.odd_site import SENTENCE, Answer, OddSite, title

P = f"<p>　　{SENTENCE}</p>"
TEXT = {"Content-Type": "text/html; charset=utf-8"}


def html(body: str, head: str = "<title>样例县新闻网</title>") -> Answer:
    return Answer(f"<html><head>{head}</head><body>{body}</body></html>", headers=TEXT)


def front(site: OddSite, column: str, *, words: str = "基层党建", more: str = "") -> None:
    """A home page that leads to one column."""
    site.answers["/"] = html(
        f"<a href='/'>首页</a><a href='{column}'>{words}</a><a href='/gk/'>信息公开</a><a href='/sp/'>视频</a>{more}"
    )


def listing(site: OddSite, column: str, addresses: list[str], *, script: str = "") -> None:
    """A list with a day beside each title, and its stories' addresses."""
    rows = "".join(
        f"<li><a href='{address}'>{title(number)}</a><span>2026-11-0{number}</span></li>"
        for number, address in enumerate(addresses, 1)
    )
    site.answers[column] = html(f"<ul>{rows}</ul><script>{script}</script>")


def stories(site: OddSite, addresses: list[str], body: str) -> None:
    """Story pages; ``body`` holds {title}, {text} and {n}."""
    for number, address in enumerate(addresses, 1):
        site.answers[address] = html(body.format(title=title(number), text=P * 3, n=number))


PLAIN = (
    "<h1>{title}</h1><div class='xx'>2026-11-0{n} 来源：样例日报</div><div class='nr'>{text}</div>"
)


def ucap(site: OddSite) -> None:
    addresses = [f"/djgz/202611/{number:032x}.shtml" for number in range(1, 5)]
    front(site, "/djgz/common_list.shtml")
    pager = "createPageHTML('page_div',3,1,'common_list','shtml',40)"
    listing(site, "/djgz/common_list.shtml", addresses, script=pager)
    stories(
        site,
        addresses,
        "<UCAPTITLE>{title}</UCAPTITLE><p>发布时间：2026-11-0{n} 来源：样例日报</p><div id='zoomcon'><UCAPCONTENT>{text}</UCAPCONTENT></div>",
    )


def nfc(site: OddSite) -> None:
    addresses = [f"/dj/content/post_49545{number}.html" for number in range(1, 5)]
    front(site, "/dj/index.html")
    listing(site, "/dj/index.html", addresses)
    stories(
        site,
        addresses,
        "<h1>{title}</h1><p>2026-11-0{n} 来源：样例日报</p><div class='article-content'>{text}</div>",
    )


def enorth(site: OddSite) -> None:
    addresses = [f"/system/2026/11/0{number}/03102223{number}.shtml" for number in range(1, 5)]
    front(site, "/dangjian/", words="党建频道")
    listing(site, "/dangjian/", addresses)
    stories(site, addresses, PLAIN)


def cntv(site: OddSite) -> None:
    addresses = [f"/2026/11/0{number}/ARTI177910217903062{number}.shtml" for number in range(1, 5)]
    front(site, "/djdt/", words="党建动态")
    listing(site, "/djdt/", addresses)
    stories(site, addresses, PLAIN)


def plain_site(site: OddSite) -> None:
    """No system that is known: the shape of the addresses is read off the list."""
    addresses = [f"/yw/2026{1100 + number}/3030745{number}.html" for number in range(1, 6)]
    front(site, "/yw/", words="样例要闻")
    listing(site, "/yw/", addresses)
    stories(site, addresses, PLAIN)


def edition(site: OddSite, sheet: str, other: str, addresses: list[str], body: str) -> None:
    """An e-paper whose front leads to its first page by a refresh."""
    site.answers["/"] = html("<p>x</p>", f"<meta http-equiv='refresh' content='0; url={sheet}'>")
    for path, own in ((sheet, addresses[:2]), (other, addresses[2:])):
        links = "".join(f"<li><a href='{url}'>{title(n)}</a></li>" for n, url in enumerate(own, 1))
        site.answers[path] = html(
            f"<a href='{sheet}'>第01版</a><a href='{other}'>第02版</a><ul>{links}</ul>"
        )
    stories(site, addresses, body)


def epaper_people(site: OddSite) -> None:
    base = "/rb/html/2026-11/04"
    edition(
        site,
        f"{base}/nbs.D140000yprb_01.htm",
        f"{base}/nbs.D140000yprb_02.htm",
        [f"{base}/nw.D140000yprb_20261104_{n}-0{1 + n // 3}.htm" for n in (1, 2, 3, 4)],
        "<div id='pageList'></div><div class='text_c'><h3>引题在上</h3><h1>{title}</h1><h2>——副题在下</h2><div class='date'>样例日报 2026年11月04日</div><div id='ozoom'>{text}</div></div>",
    )


def epaper_shtml(site: OddSite) -> None:
    base = "/shtml/yprb/20261104"
    edition(
        site,
        f"{base}/vA1.shtml",
        f"{base}/vA2.shtml",
        [f"{base}/33533{n}.shtml" for n in (1, 2, 3, 4)],
        "<div class='detailCon'><h1>{title}</h1></div><p>2026-11-04 来源：样例日报</p><div id='content_div'>{text}</div>",
    )


def epaper_lc(site: OddSite) -> None:
    base = "/szb/ypbpc/202611/04"
    edition(
        site,
        f"{base}/l01.html",
        f"{base}/l02.html",
        [f"{base}/c123{n}.html" for n in (1, 2, 3, 4)],
        "<div id='Title'>{title}</div><p>2026年11月04日 来源：样例日报</p><div id='ozoom'>{text}</div>",
    )


def sitemap(site: OddSite, home: str) -> None:
    """No list, no feed; robots.txt names a sitemap that is an index."""
    addresses = [f"/a/2026{1100 + n}/{1000 + n}.html" for n in range(1, 5)]
    site.answers["/"] = html("<div id='app'>正在载入</div>")
    site.answers["/robots.txt"] = Answer(
        f"User-agent: *\nDisallow:\nSitemap: {home}map.xml\n",
        headers={"Content-Type": "text/plain"},
    )
    xml = {"Content-Type": "text/xml"}
    site.answers["/map.xml"] = Answer(
        f"<sitemapindex><sitemap><loc>{home}m1.xml</loc></sitemap><sitemap><loc>{home}map.xml</loc></sitemap></sitemapindex>",
        headers=xml,
    )
    locs = "".join(
        f"<url><loc><![CDATA[{home}{url[1:]}]]></loc><lastmod>2026-11-0{n}</lastmod></url>"
        for n, url in enumerate(addresses, 1)
    )
    site.answers["/m1.xml"] = Answer(f"<urlset>{locs}</urlset>", headers=xml)
    stories(site, addresses, PLAIN)


SITES = {
    one.__name__: one for one in (ucap, nfc, enorth, cntv, epaper_people, epaper_shtml, epaper_lc)
}
