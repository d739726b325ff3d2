"""Themes, relevance and records: what is chosen, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.index.annotate import Annotator, RecordIsWrong, parse_day
from jianbao.index.matching import WordMatcher
from jianbao.index.normalise import fold
from jianbao.index.relevance import judge
from jianbao.index.segment import default_segmenter
from jianbao.index.themes import THEMES, Themes, load_themes
from jianbao.index.tomlfile import FileIsMissing, FileIsWrong

HEAD = 'title = 3.0\nlead = 1.5\n[[group]]\nslug = "field"\nname = "领域"\n'
RURAL = '[[theme]]\nslug = "rural"\ngroup = "field"\nname = "农村"\n[theme.triggers]\n"村党支部" = 3.0\n'


def scored(themes: Themes, headline: str, body: str) -> list[str]:
    fields = [("headline", headline, fold(headline)), ("body", body, fold(body))]
    return [score.slug for score in themes.choose(themes.score(fields)).themes]  # type: ignore[arg-type]


OWN = HEAD + RURAL + '"果园 梨园" = 2.0\n"同…结亲" = 2.0\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("梨园里开会", ["梨园"]),
        ("他们同河那边的支部结亲", ["同河那边的支部结亲"]),
        ("他们同意了,两家结亲", []),
        ("同一条河两岸的人家世世代代住在一起到今年才结亲", []),
        ("同“老对手”结亲", []),
    ],
)
def test_a_trigger_may_be_one_of_several_words_or_come_in_two_halves(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(OWN, encoding="utf-8", newline="\n")
    scores = load_themes(path).score([("body", text, fold(text))])
    assert [e.words for score in scores for e in score.evidence] == words


def test_the_best_of_the_other_kind_joins_however_heavy_the_first_is() -> None:
    text = "矿党委在区队里开会，班前会上党支部书记讲安全。下班后党员志愿者给独居老人理发。"
    assert scored(load_themes(), "国网供电公司和煤矿的矿党委", text) == ["soe", "service"]


def test_what_the_headline_promises_is_a_theme_however_much_else_is_told() -> None:
    text = (
        "社区党委的网格员和楼栋长上门，独居老人和留守儿童有人陪诊、陪聊、送餐，小区的物业也来议事。"
        * 4
    )
    themes = load_themes()
    assert "relocation" in scored(themes, "搬迁居民的好日子", text)
    assert "relocation" not in scored(themes, "居民的好日子", text + "有三户是搬迁居民。")


def test_a_word_that_only_looks_like_a_theme_takes_its_promise_back() -> None:
    def promised(headline: str) -> set[str]:
        scores = load_themes().score([("headline", headline, fold(headline))])
        return {score.slug for score in scores if score.promised}

    assert "organ" in promised("县水利局机关党委换了开会的地方")
    assert "organ" not in promised("农行一分行机关党委换了开会的地方")
    assert "organ" not in promised("“机关党委”是个绰号")


def test_the_built_in_themes_are_the_sixteen_in_their_order() -> None:
    themes = load_themes()
    expected = (
        "rural community relocation organ soe newecon institution member cadre talent discipline orgwork"
        " service joint red assist"
    )
    assert " ".join(themes.slugs()) == expected
    assert themes.name("relocation") == "易地搬迁社区"
    assert themes.name("nothing") == ""
    assert [group.slug for group in themes.groups] == ["field", "people", "serve"]


@pytest.mark.parametrize(
    ("headline", "body", "primary"),
    [
        (
            "红色物业进了老院子",
            "小区党支部请来红色物业，楼栋长牵头议事，业主交费的多了。",
            "community",
        ),
        ("共建共治共享的小区", "社区党委同业主一起议事，网格员上门收集意见。", "community"),
        (
            "就业帮扶车间开到安置区",
            "易地搬迁安置区里，党支部办起就业帮扶车间，搬迁群众在楼下上班。",
            "relocation",
        ),
        ("第一书记驻村两年", "驻村工作队帮村里修了路，第一书记住在村委会。", "assist"),
        ("两个支部结对子", "机关党支部与村党支部签订共建协议，双方党员过联合主题党日。", "joint"),
        ("纪委监委曝光台", "县纪委监委通报三起形式主义问题，要求为基层减负。", "discipline"),
    ],
)
def test_brand_words_and_look_alikes_do_not_decide(headline: str, body: str, primary: str) -> None:
    found = scored(load_themes(), headline, body)
    assert found[0] == primary
    assert not {"red", "joint", "assist"} - {primary} & set(found[:1])


def test_one_to_three_themes_and_none_without_a_word() -> None:
    themes = load_themes()
    assert scored(themes, "天气晴", "风不大。") == []
    everything = "村党支部社区党委机关党委公司党委两新组织学校党委主题党日任前公示人才工作廉洁述职评议志愿服务党建联建党史第一书记"
    assert len(scored(themes, everything, everything)) == 3


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + RURAL + RURAL, 13, "stands twice"),
        (HEAD + RURAL.replace('group = "field"', 'group = "work"'), 8, "no group 'work'"),
        (HEAD + RURAL + '" " = 1.0\n', 6, "empty word"),
        (HEAD + RURAL + '"果园 村党支部" = 1.0\n', 6, "stands twice"),
        (HEAD + RURAL + '"两镇…" = 1.0\n', 6, "one word on each side"),
        (HEAD + RURAL + '"同…支部…签" = 1.0\n', 6, "one word on each side"),
        (HEAD + RURAL + '[theme.against]\n"村" = 1.0\n', 13, "negative weight"),
        (HEAD + RURAL + '[theme.against]\n"村党支部" = -1.0\n', 13, "for and against"),
        (HEAD + RURAL.replace("= 3.0", "= 0.0"), 11, "greater than 0"),
        (HEAD + RURAL.replace("name", "nmae"), 6, "name"),
        (HEAD + RURAL + '"村"\n', 12, "line 12"),
        (HEAD, 1, "theme"),
    ],
)
def test_a_wrong_themes_file_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    with pytest.raises(FileIsWrong) as caught:
        load_themes(path)
    assert says in caught.value.english()
    assert caught.value.where == f"{path}:{line}"


def test_a_missing_themes_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileIsMissing):
        load_themes(tmp_path / "none.toml")


def test_a_workspace_may_bring_its_own_themes(tmp_path: Path) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(HEAD + RURAL, encoding="utf-8", newline="\r\n")
    own = Annotator(themes=load_themes(path))
    assert own.rules != Annotator().rules
    record = {"id": 1, "title": "支部办事", "body": "村党支部修了路，社区党委来学。"}
    assert own.annotate_record(record)["themes"] == ["rural"]
    assert THEMES.exists()


@pytest.mark.parametrize(
    ("headline", "body", "relevant"),
    [
        ("公路竣工", "在县委、县政府的坚强领导下，三条公路竣工。", False),
        ("苹果装车", "村党支部书记李茂田说，今年果子好。", False),
        ("党参丰收", "党家庄的党参丰收，药农忙着晾晒。", False),
        ("醋厂出新品", "公司党支部书记、董事长刘进介绍，新出五款果醋。", False),
        ("交警发布出行提示", "交警支队的党员民警提醒，三条路车多。", False),
        ("地里长出巨型南瓜", "老党员李大爷种出一个大南瓜，他是名党员。", False),
        ("周末相亲会", "相亲会在社区党群服务中心举行，来了六十个青年。", False),
        ("农民画开展", "画展由县委宣传部、县文化馆承办，展出百幅画。", False),
        ("委员看蚕桑", "省政协组织部分委员到蚕房里看了看。", False),
        ("古城青年集市开张", "团忻州市委办起集市，卖剪纸和雪糕。", False),
        ("非遗考察", "市委统战部组织党外人士看了两家企业。", False),
        ("雨污分流过半", "工地党支部书记刘师傅提醒，夜里留心脚下。", False),
        ("线路巡视", "供电部门每天巡视线路，消除隐患。", False),
        ("给土专家发工资", "市人才办同六百名土专家签了协议。", True),
        ("专家下乡", "省人才工作领导小组派出八十名专家，到二十个县住下来。", True),
        ("供热前的院坝会", "社区党组织请来住户。街道党工委分了楼，党员逐户测温。", True),
        ("停水前挨家说", "街道党工委排了班，党支部分了楼，党员敲门。", True),
        ("停水通知", "因管道检修停水两天，社区党员提醒储水。", False),
        (
            "供暖前先走一遍",
            "街道请在职党员上门量室温，报到党员分了楼，又认下老人。党工委开会，报到党员听供热公司答复。",
            True,
        ),
        ("供暖前先走一遍", "供热公司的党员巡检员上门量室温，党员带着工具。", False),
        ("长治市长子县：渠边的会", "村党支部在渠边开会。", True),
        ("普陀区长寿路：楼顶的会", "居民区党总支在楼顶开会。", True),
        ("画工的儿子入了党", "厂党支部在釉坊里办的仪式。", True),
        ("送书进山", "民建支部的会员向学校捐书，农工党党员义诊。", False),
        ("市长检查供热", "市委副书记、市长检查供热，要求保障群众温暖过冬。", False),
        ("任前公示", "现将拟任人选予以公示。县委组织部受理意见。", True),
        ("局长被查", "县纪委监委对其进行审查调查。", True),
        ("修渠", "镇党委调来水泵，党员轮流守夜。", True),
        ("直通车开进村", "党员调解员随车进村。", True),
        ("村支书直播卖枣", "一位村支书的直播间来了五万人，两小时卖完。", False),
        ("村支书直播卖枣", "村支书领着党员轮流开播，党支部给各户记账。", True),
        ("村支书回炉", "两天里十九名村支书在镇上听课。", True),
        ("", "", False),
    ],
)
def test_a_story_is_relevant_when_the_party_acts_in_it(
    headline: str, body: str, relevant: bool
) -> None:
    fields = [("headline", headline, fold(headline)), ("body", body, fold(body))]
    found = judge(fields)  # type: ignore[arg-type]
    assert found.relevant is relevant, found.reason


def test_an_irrelevant_story_has_a_reason_and_no_theme(annotator: Annotator) -> None:
    found = annotator.annotate_record(
        {"id": 1, "title": "列车时刻调整", "body": "社区的老党员提醒邻居早些出门。"}
    )
    assert (found["relevant"], found["themes"]) == (False, [])
    assert "“党员”" in found["reason"]
    assert "“列车”" in found["reason"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026年11月3日 08:30", "2026-11-03"),
        ("发布时间：２０２６/11/3", "2026-11-03"),
        ("20261103", "2026-11-03"),
        ("2026.11.3", "2026-11-03"),
        ("2026年13月3日", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_a_day_is_read_leniently_and_never_guessed(text: str, day: str | None) -> None:
    found = parse_day(text)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    "record", [{"title": "x"}, {"id": None}, {"id": 1, "body": ["x"]}, {"id": 1, "title": 3}]
)
def test_a_line_that_is_no_record_is_refused(
    annotator: Annotator, record: dict[str, object]
) -> None:
    with pytest.raises(RecordIsWrong, match="JB-122"):
        annotator.annotate_record(record)


def told(text: str, **cut: object) -> dict[str, list[str]]:
    """Theme → the words that count in a body."""
    scores = load_themes().score([("body", text, fold(text))], **cut)  # type: ignore[arg-type]
    return {score.slug: [e.words for e in score.evidence] for score in scores}


@pytest.mark.parametrize(
    ("text", "theme", "word"),
    [
        ("县行政审批局的窗口", "member", "政审"),
        ("给骑手提供热饭", "soe", "供热"),
        ("按干部任用工作条例", "newecon", "用工"),
    ],
)
def test_a_word_that_begins_in_the_middle_of_another_says_nothing(
    text: str, theme: str, word: str
) -> None:
    assert word in told(text)[theme]
    assert word not in told(text, cut=default_segmenter().tokens).get(theme, [])


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("从返乡大学生里挑出村级后备干部。", "talent"),
        ("县里办发展对象培训班。", "cadre"),
        ("新任第一书记到村。", "cadre"),
        ("学员到现场教学点上课。", "talent"),
        ("矿工下井前安全宣誓。", "member"),
        ("搬迁群众和搬迁党员住在楼里。", "community"),
    ],
)
def test_what_a_theme_only_looks_like_does_not_speak_for_it(text: str, theme: str) -> None:
    themes = load_themes()
    against = {s.slug: s.weight for s in themes.score([("body", text, fold(text))])}
    assert against.get(theme, 0.0) < 3


def test_two_branches_by_name_speak_for_their_alliance() -> None:
    for one, other in (("党支部", "党支部"), ("党委", "支部"), ("党总支", "党总支")):
        words = told(f"医院{one}与三个村的{other}坐到一起。")
        assert any(one in word and other in word for word in words["joint"])


def test_posted_people_do_not_make_the_village_the_subject() -> None:
    scores = {s.slug: s.weight for s in load_themes().score([("body", "驻村", fold("驻村"))])}
    assert scores["assist"] > 4 * scores["rural"]


def test_an_organisation_may_follow_a_name_that_was_cut_with_it() -> None:
    assert "镇党委" in told("古交镇党委开会", cut=default_segmenter().tokens)["rural"]


def test_what_one_word_has_said_its_halves_do_not_say_again() -> None:
    assert told("县民政局党员")["organ"] == ["民政局党"]
    assert "民政局派驻的党" in told("县民政局派驻的党员")["organ"]


def test_a_resettlement_is_no_community_for_its_residents_alone() -> None:
    text = "搬迁社区的党支部请来缝纫厂，居民在楼下上班，安置区里的老人也有了活计。"
    assert scored(load_themes(), "安置区里的车间", text)[0] == "relocation"
    assert "community" not in scored(load_themes(), "安置区里的车间", text)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("班子召开专题民主生活会，对照检查，互相提意见。", "member"),
        ("县里整治群众身边不正之风，医院把行风建设摆上会。", "discipline"),
        ("县里办年轻干部培训班，讲正确政绩观。", "cadre"),
        ("产学研结合，高校毕业生来了，技术难题有人解。", "talent"),
        ("市党校教师下村磨课。", "cadre"),
        ("各支部换届超期，应建尽建，党建督导组来了。", "orgwork"),
        ("党代表接待日，党代表把话带回党代会。", "orgwork"),
        ("新考录的人员先参加初任培训，新提任的一同去。", "cadre"),
        ("看病难、出行难，党员帮着解决，接待日当面答复。", "service"),
        ("带出本地技术员九名，当地徒弟都能上手。", "talent"),
        ("送学包送到手里，班前学习，支部课表贴在墙上。", "member"),
    ],
)
def test_the_words_of_official_reports_are_known(text: str, theme: str) -> None:
    assert scored(load_themes(), "", text)[0] == theme


def test_a_matcher_finds_words_that_overlap_the_longest_first() -> None:
    assert WordMatcher(["社区", "社区党委", "党委", ""]).find("社区党委") == [
        (0, "社区党委"),
        (0, "社区"),
        (2, "党委"),
    ]


def test_a_headline_in_quotation_marks_weighs_as_an_image() -> None:
    themes = load_themes()
    plain = fold("城墙根下的换岗")
    image = fold("城墙根下的“换岗”茶")
    bare = themes.score([("headline", plain.text, plain)])
    quoted = themes.score([("headline", image.text, image)])
    assert (bare[0].slug, quoted[0].slug) == ("cadre", "cadre")
    assert quoted[0].weight == bare[0].weight / 2


def test_a_township_puts_the_story_into_its_field(annotator: Annotator) -> None:
    told = "{}的党支部今天开了会。"
    for town, theme in (("文水县孝义镇", "rural"), ("介休市北关街道", "community")):
        found = annotator.annotate_record({"id": 1, "title": "三月", "body": told.format(town)})
        by_place = [e for e in found["evidence"] if e["rule"] == "theme-place"]
        assert [e["value"] for e in by_place] == [theme]
        assert theme in found["themes"]


def test_a_word_that_is_only_the_name_of_a_township_says_nothing(annotator: Annotator) -> None:
    text = "石家庄市长安区育才街道的社区党委在公园里开会，居民都来听。"
    found = annotator.annotate_record({"id": 1, "title": "公园里的会", "body": text})
    assert "talent" not in {e["value"] for e in found["evidence"] if e["about"] == "theme"}
    assert found["themes"][0] == "community"


def test_themes_that_were_considered_and_not_taken_are_told(annotator: Annotator) -> None:
    text = "村党支部领办合作社，分红贴在墙上。镇党委请来农艺师教剪枝，纪委来对账，志愿者给老人理发，旧址里讲党史。"
    found = annotator.annotate_record({"id": 1, "title": "村里的合作社", "body": text * 3})
    beaten = [e for e in found["evidence"] if e["about"] == "theme" and e["rule"] == "runner-up"]
    assert len(beaten) == 2
    assert not {e["value"] for e in beaten} & set(found["themes"])


def test_a_long_text_needs_more_for_a_further_theme() -> None:
    themes = load_themes()
    text = "村党支部领办合作社分红。社区工作者来访。"
    scores = themes.score([("body", text, fold(text))])
    assert len(themes.choose(scores, 100).themes) >= len(themes.choose(scores, 2000).themes)
