"""What can go wrong with a whole source, as sentences: what happened, where, and what to do."""

from __future__ import annotations

from ..index.errors import JianbaoError


class SiteIsDown(JianbaoError):
    """No answer came: refused, timed out, no such name, or cut off."""

    code = "JB-240"
    what = "the site did not answer ({detail})"
    remedy = (
        "nothing was lost; the next crawl tries again. If it lasts, check the address in a browser"
    )
    what_zh = "网站没有应答（{detail}）"
    remedy_zh = "没有数据丢失，下次采集会再试；如持续如此，请用浏览器核对网址"


class SiteFails(JianbaoError):
    """The server answered with an error of its own."""

    code = "JB-241"
    what = "the site answered {status}, an error of its own"
    remedy = "nothing was lost; the next crawl tries again. If it lasts, tell the site's staff"
    what_zh = "网站返回 {status}，是网站自身的故障"
    remedy_zh = "没有数据丢失，下次采集会再试；如持续如此，请联系该网站"


class SiteDeclines(JianbaoError):
    """The site answers programs with a refusal or a challenge. We do not go round it."""

    code = "JB-242"
    what = "the site declines programs (it answered {status})"
    remedy = "nothing was lost, and it was not asked again; import its page text by hand, or ask the site for permission"
    what_zh = "网站拒绝程序访问（返回 {status}）"
    remedy_zh = "没有数据丢失，也没有再次访问；请手工导入文字，或向该网站申请许可"


class RobotsUnreadable(JianbaoError):
    """Without a readable robots.txt we do not know what the site allows, so we stay out."""

    code = "JB-243"
    what = "the site's robots.txt could not be read ({detail}), so nothing was asked of it"
    remedy = "nothing was lost; the next crawl tries again. If it lasts, import page text by hand"
    what_zh = "无法读取网站的 robots.txt（{detail}），因此没有采集"
    remedy_zh = "没有数据丢失，下次采集会再试；如持续如此，请手工导入"


class RobotsForbid(JianbaoError):
    """The entry itself is closed to programs."""

    code = "JB-244"
    what = "the site's robots.txt asks programs not to read this list"
    remedy = "remove the entry from the source's file, or import its page text by hand"
    what_zh = "网站的 robots.txt 不允许程序读取该列表"
    remedy_zh = "请从来源文件中删除该入口，或手工导入"


class ListIsTooLarge(JianbaoError):
    """A list page is larger than any list can be."""

    code = "JB-245"
    what = "the page is larger than {limit} bytes"
    remedy = "check the address in a browser; a list page is far smaller"
    what_zh = "网页超过 {limit} 字节"
    remedy_zh = "请用浏览器核对网址，列表页不应如此之大"


class LeadsElsewhere(JianbaoError):
    """A request would have gone to another host, to another scheme, or to a private address."""

    code = "JB-246"
    what = "the address leads to {target}, which is not the source's own public site"
    remedy = "if the site has moved, write its new address into the source's file"
    what_zh = "网址指向 {target}，不是该来源自己的公开网站"
    remedy_zh = "如网站已迁移，请在来源文件中填写新网址"


class ListIsGone(JianbaoError):
    """The entry answers 404 or 410."""

    code = "JB-247"
    what = "the page is gone (it answered {status})"
    remedy = "find the list's new address in a browser and write it into the source's file"
    what_zh = "网页已不存在（返回 {status}）"
    remedy_zh = "请用浏览器找到新的列表网址，填入来源文件"


class ListHasNoStories(JianbaoError):
    """The entry was read, but no story address was found in it: probably a new layout."""

    code = "JB-248"
    what = "no story was found in the list, so its layout has probably changed"
    remedy = "check the source's family and story_address; nothing was lost"
    what_zh = "列表中没有找到稿件，网站可能已改版"
    remedy_zh = "请核对来源文件的 family 和 story_address，没有数据丢失"


class FeedIsUnreadable(JianbaoError):
    """The feed is not XML, or brings a document type of its own."""

    code = "JB-249"
    what = "the feed cannot be read ({detail})"
    remedy = "open the address in a browser; if it is a web page, the source is not a feed"
    what_zh = "订阅源无法读取（{detail}）"
    remedy_zh = "请用浏览器打开核对；如是网页，则该来源不是订阅源"


class OutOfTime(JianbaoError):
    """A source took longer than one visit may."""

    code = "JB-250"
    what = "the visit was ended after {seconds} seconds; what was read is kept"
    remedy = "run the crawl again: it goes on where it stopped"
    what_zh = "采集超过 {seconds} 秒后停止，已采集的稿件都已保存"
    remedy_zh = "请再次采集，程序会从停下的地方继续"


class CrawlWasStopped(JianbaoError):
    """Somebody stopped the crawl, or its process ended, before the source was finished."""

    code = "JB-251"
    what = "the crawl was stopped before this source was finished; what was read is kept"
    remedy = "run the crawl again: it goes on where it stopped. If nobody stopped it, the crawl log says why"
    what_zh = "采集在该来源完成之前被停止，已采集的稿件都已保存"
    remedy_zh = "请再次采集，程序会从停下的地方继续；如非人为停止，原因见采集日志"


class ReaderFailed(JianbaoError):
    """A fault of ours while reading a page; the page is tried again next time."""

    code = "JB-252"
    what = "a page of this source made the program fail ({detail})"
    remedy = "nothing was lost; report it with the crawl log"
    what_zh = "读取该来源的网页时程序出错（{detail}）"
    remedy_zh = "没有数据丢失，请把采集日志发给维护人员"


class ManyPagesFail(JianbaoError):
    """Story pages failed one after another."""

    code = "JB-253"
    what = "{count} story pages failed one after another ({detail}), so the visit was ended"
    remedy = "nothing was lost; the next crawl tries again"
    what_zh = "连续 {count} 个稿件页面读取失败（{detail}），本次采集已停止"
    remedy_zh = "没有数据丢失，下次采集会再试"


class LayoutIsUnknown(JianbaoError):
    """Every story page of a visit was read, and in none of them was a body found."""

    code = "JB-254"
    what = (
        "no body was found in any of {count} story pages, so the site has probably been redesigned"
    )
    remedy = "write a rule for its new layout into the source's file, or import page text by hand; the stories are tried again"
    what_zh = "{count} 个稿件页面都没有找到正文，网站可能已改版"
    remedy_zh = "请在来源文件中为新版面填写规则，或手工导入；这些稿件下次会再试"


class DelayIsTooLong(JianbaoError):
    """robots.txt asks for pauses so long that a visit would read next to nothing."""

    code = "JB-256"
    what = "the site's robots.txt asks for {seconds} seconds between requests, more than {limit}, so nothing was asked of it"
    remedy = "import its page text by hand, or ask the site for permission to read it faster"
    what_zh = "网站的 robots.txt 要求每次访问间隔 {seconds} 秒，超过 {limit} 秒，因此没有采集"
    remedy_zh = "请手工导入，或向该网站申请更短的间隔"


class PageWantsLogin(JianbaoError):
    """A form for a name and a password came in place of the page."""

    code = "JB-257"
    what = "the site asks for a login before it shows this page"
    remedy = "open it in a browser; what only members may read is imported by hand, with the site's permission"
    what_zh = "网站要求登录后才能查看该网页"
    remedy_zh = "请用浏览器打开核对；只供会员阅读的内容，须经网站许可后手工导入"
