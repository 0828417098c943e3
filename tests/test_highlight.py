"""The page of an article: same words, nothing unescaped, nothing crossed or lost."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.annotate import annotate_text
from framing.annotations import (
    FORMS,
    HEDGE_TYPES,
    KINDS,
    MACHINE_HEDGE_TYPES,
    NAMINGS,
    REASON_TYPES,
    SOURCE_KINDS,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
)
from framing.errors import AnnotationError
from framing.explain import explain_article
from framing.highlight import Highlight, highlight
from framing.page import DARK, LIGHT, STYLE, UNDERLINES
from framing.score import score_articles
from framing.text import Span

TEXT = (
    "CNN said officials say the port <script>alert('x')</script> may close.\n\n"
    "“We could wait,” Ana Ruiz & Co. added, per Radio Uno.\r\n“It is quiet.”\n"
    "SIGN UP NOW"
)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def hedge(word: str, kind: str) -> Hedge:
    return Hedge(*span(word), word, kind, "reported")


CODED = CodedArticle(
    "port",
    "hand",
    (hedge("may", "modal"), hedge("could", "modal"), hedge("quiet", "epistemic")),
    (
        Attribution(
            span("said"), span("CNN"), (Span(9, span("close").end),),
            "statement", "indirect", "media", "named", None, "CNN",
        ),
        Attribution(
            span("say"), span("officials"), (Span(23, span("close").end),),
            "statement", "indirect", "group", "veiled", "official", "officials#1",
            span("CNN"), "CNN",
        ),
        Attribution(
            span("added"), span("Ana Ruiz & Co."),
            (span("“We could wait,”"), span("“It is quiet.”")),
            "statement", "direct", "institution", "named", None, "Ruiz \"Co\"",
            span("Radio Uno"), "Radio Uno",
        ),
        Attribution(
            span("wait"), None, (span("We"),), "mental", "indirect",
        ),
    ),
    (span("SIGN UP NOW"),),
)  # fmt: skip


class Page(HTMLParser):
    """The tree of a page as lists: words of the article, elements, crossing tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[tuple[str, list[str], bool]] = []
        self.feed(html)
        self.close()
        assert [tag for tag, _, _ in self.open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        inside = known.get("class") == "fh-text" or any(i for *_, i in self.open)
        words: list[str] = []
        self.elements.append((tag, known, words))
        if tag != "meta":
            self.open.append((tag, words, inside))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, words, _ in self.open:
            words.append(data)
        if any(inside for *_, inside in self.open):
            self.words.append(data)

    def having(self, class_name: str) -> list[tuple[dict[str, str], str]]:
        return [
            (known, "".join(words))
            for _, known, words in self.elements
            if class_name in known.get("class", "").split()
        ]


def article_of(page: Highlight) -> str:
    return "".join(Page(page.fragment).words)


def in_text(class_name: str) -> list[str]:
    body = highlight(TEXT, CODED).fragment.split('class="fh-text"')[1]
    body = '<div class="fh-text"' + body.split("<table")[0]
    return [words for _, words in Page(body).having(class_name)]


# --- the words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        " \n\t ",
        "\n\nOne\n\n\n  two\nthree\r\rfour\r\n",
        "<b>&amp;</b> & &lt; ]]> <!-- -->",
        "قال مسؤول كبير إن القرار قد يتغير 🚢 👩🏽‍🚀\u200f.",
    ],
)
def test_the_words_are_those_of_the_article(text: str) -> None:
    assert article_of(highlight(text, CodedArticle("", "x"))) == text


def test_coded_words_are_those_of_the_article() -> None:
    assert article_of(highlight(TEXT, CODED)) == TEXT


def test_what_html_cannot_hold_is_shown_as_missing(tmp_path: Path) -> None:
    page = highlight("a\0b\ud800c", CodedArticle("", "x"))
    assert article_of(page) == "a\ufffdb\ufffdc"
    page.to_html(tmp_path / "page.html")


TEXTS = st.text(st.sampled_from("ab \n\r<&\"'>é🚢ق"), max_size=60)


@st.composite
def coded_texts(draw: st.DrawFn) -> tuple[str, CodedArticle]:
    text = draw(TEXTS.filter(bool))
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20)).map(
        lambda p: Span(p[0], min(len(text), p[0] + p[1]))
    )
    hedges = st.builds(
        lambda s, t: Hedge(*s, s.of(text), t),
        spans,
        st.sampled_from(HEDGE_TYPES + MACHINE_HEDGE_TYPES),
    )
    attributions = st.builds(
        Attribution,
        spans,
        st.none() | spans,
        st.lists(spans, max_size=3).map(tuple),
        st.sampled_from(KINDS),
        st.sampled_from(FORMS),
        st.sampled_from(SOURCE_KINDS),
        st.sampled_from(NAMINGS),
        st.none() | st.just("official"),
        st.none() | TEXTS,
        st.none() | spans,
        st.none() | TEXTS,
        st.none() | spans,
        st.none() | st.sampled_from(REASON_TYPES),
    )
    return text, CodedArticle(
        "a",
        "x",
        tuple(draw(st.lists(hedges, max_size=4))),
        tuple(draw(st.lists(attributions, max_size=4))),
        tuple(draw(st.lists(spans, max_size=2))),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(coded_texts())
def test_any_codes_however_they_cross(given: tuple[str, CodedArticle]) -> None:
    text, coded = given
    page = highlight(text, coded, title=text)  # Page asserts that no element crosses
    assert article_of(page) == text
    marked = "".join(w for _, w in Page(page.fragment).having("fh-boilerplate"))
    inside = {i for s in coded.boilerplate for i in range(*s)}
    plain = "".join(text[i] for i in sorted(inside))
    # white space between paragraphs stands outside every mark
    assert "".join(marked.split()) == "".join(plain.split())


# --- the codes ----------------------------------------------------------------------


def test_hedges_are_marked_by_type() -> None:
    assert in_text("fh-modal") == ["may", "could"]
    assert in_text("fh-epistemic") == ["quiet"]
    html = highlight(TEXT, CODED).fragment
    assert (
        'aria-description="1: statement, indirect; source: media, named (CNN)' in html
    )
    assert "hedge: modal, voice: reported" in html


def test_nested_codes_are_cut_and_carry_every_number() -> None:
    page = Page(highlight(TEXT, CODED).fragment)
    (may,) = [known for known, words in page.having("fh-modal") if words == "may"]
    assert may["data-a"] == "1 2"
    assert may["aria-description"].count("\n") == 2  # two attributions and the hedge
    (cnn,) = [k for k, words in page.having("fh-via") if words == "CNN"]
    assert {"fh-source", "fh-via"} <= set(cnn["class"].split())


def test_content_over_paragraphs_opens_and_closes_once() -> None:
    signs = [
        k["data-s"] for k, _ in Page(highlight(TEXT, CODED).fragment).having("fh-sign")
    ]
    assert signs.count("3[") == signs.count("]3") == 1
    assert "1,2" in signs  # CNN is source of 1 and relay of 2


def test_unnamed_sources_and_relays_carry_badges() -> None:
    page = Page(highlight(TEXT, CODED).fragment)
    badges = [(k["data-s"], k["aria-label"]) for k, _ in page.having("fh-badge")]
    assert badges[3:] == [  # after the three of the legend
        ("relay", "relay"),
        ("official", "unnamed source: official"),
        ("relay", "relay"),
    ]
    assert in_text("fh-unnamed") == ["officials"]
    carried = replace(CODED.attributions[2], via=None)
    only = replace(CODED, attributions=(carried,))
    assert 'data-s="via Radio Uno"' in highlight(TEXT, only).fragment


def test_the_reason_of_anonymity_is_marked_and_told() -> None:
    text = "An aide, asking not to be named for fear of arrest, said it is over. It is."
    granted = Span(9, 50)
    said = Attribution(
        Span(52, 56), Span(0, 7), (Span(57, 67),), "statement", "indirect", "person",
        "veiled", "official", "aide#1", None, None, granted, "fear_of_reprisal",
    )  # fmt: skip
    added = replace(said, cue=Span(72, 74), source=Span(69, 71), content=())
    coded = CodedArticle("A", "x", (), (said, added))
    page = Page(highlight(text, coded).fragment)
    ((about, words),) = page.having("fh-reason-start")
    assert words == "asking not to be named for fear of arrest"
    assert about["aria-description"].startswith("1: anonymity_reason: fear_of_reprisal")
    badges = [about["data-s"] for about, _ in page.having("fh-badge-reason")]
    assert badges == ["why", "why: fear of reprisal"]  # one a clause, not a statement
    told = [
        about["aria-description"]
        for about, _ in page.having("fh-source-start")
        if "aria-description" in about
    ]
    assert len(told) == 2
    assert all("anonymity_reason: fear_of_reprisal, because" in line for line in told)
    assert "2 explained / 2 unnamed" in highlight(text, coded).fragment


def told_of(text: str, class_name: str) -> list[str]:
    page = Page(highlight(text).fragment)
    marks = page.having(class_name)
    return [about["aria-description"] for about, _ in marks if "tabindex" in about]


def test_a_source_tells_what_decided_its_codes() -> None:
    text = "Ana Ruiz left. She said the port may close."
    (told,) = told_of(text, "fh-source")
    (why,) = explain_article(annotate_text(text), {"text": text})
    assert told == f"1: statement, indirect\n{why.short}"
    assert "naming: named" in told
    assert "because 'She' refers to 'Ana Ruiz', 1 sentence before" in told
    assert told.count("refers to") == 1  # codes with one reason share its line


def test_the_tab_key_stops_once_an_attribution_and_once_a_hedge() -> None:
    page = Page(highlight(TEXT, CODED).fragment)
    stops = [known for _, known, _ in page.elements if known.get("tabindex") == "0"]
    assert len(stops) == len(CODED.hedges) + len(CODED.attributions)
    assert all(known["aria-description"] for known in stops)
    (wait,) = [known for known, words in page.having("fh-cue") if words == "wait"]
    assert "source_kind: none" in wait["aria-description"]  # no source: at its cue


def test_what_is_told_shows_under_the_pointer_and_the_tab_key() -> None:
    shown = "[aria-description]:is(:hover,:focus-visible)::after"
    rule = STYLE.split(shown)[1].split("}")[0]
    assert "content:attr(aria-description)" in rule
    assert "pointer-events:none" in rule  # what lies below stays in reach
    assert "title=" not in highlight(TEXT).fragment.split("<table")[0]


def test_the_codes_of_a_person_stay_the_persons() -> None:
    told = "".join(k.get("aria-description", "") for _, k, _ in ELEMENTS)
    assert "source_kind: group, because coded by hand; the program agrees" in told


ELEMENTS = Page(highlight(TEXT, CODED).fragment).elements


def test_badges_stand_at_the_cue_where_no_source_is_expressed() -> None:
    bare = replace(CODED.attributions[2], source=None, via=None)
    fragment = highlight(TEXT, replace(CODED, attributions=(bare,))).fragment
    after_cue = fragment.split(">added</span>")[1][:200]
    assert 'data-s="via Radio Uno"' in after_cue
    assert "Ruiz &quot;Co&quot;" in fragment  # the name still heads its row


def test_boilerplate_is_marked() -> None:
    assert in_text("fh-boilerplate") == ["SIGN UP NOW"]


def test_legend_counts_what_is_on_the_page() -> None:
    legend = Page(highlight(TEXT, CODED).fragment).having("fh-legend")[0][1]
    for words in ("modal 2", "epistemic 1", "hearsay 0", "statements 3", "mental 1"):
        assert words in legend
    assert "unnamed source 1" in legend
    assert "outlet 2" in legend
    assert "outlet as source 1" in legend
    assert "conditional" not in legend  # a machine-only type shows where it occurs


def test_measures_are_those_of_the_scores() -> None:
    articles = pd.DataFrame({"article_id": ["port"], "text": [TEXT]})
    scores = score_articles(articles, Annotations((CODED,))).iloc[0]
    table = Page(highlight(TEXT, CODED).fragment).having("fh-measures")[0][1]
    assert f"{scores['hedge_density']:.3g}3 hedges / {scores['n_words']} words" in table
    assert "100%1 unnamed / 1 people" in table
    assert "33 sources" in table  # 3, and the count beside it


def test_undefined_measures_say_so() -> None:
    table = Page(highlight("", CodedArticle("", "x")).fragment).having("fh-measures")
    assert "undefined0 hedges / 0 words" in table[0][1]


def test_content_that_the_coder_left_out_is_no_zero() -> None:
    bare = replace(CODED.attributions[0], content=())
    page = highlight(TEXT, replace(CODED, attributions=(bare,)))
    assert (
        "undefined? attributed words" in Page(page.fragment).having("fh-measures")[0][1]
    )


def test_sources_are_grouped_by_name() -> None:
    again = replace(CODED.attributions[0], cue=span("per"))
    coded = replace(CODED, attributions=(*CODED.attributions, again))
    rows = [
        w for tag, _, w in Page(highlight(TEXT, coded).fragment).elements if tag == "tr"
    ]
    assert "CNNmedianamed1 5" in ["".join(row) for row in rows]
    assert "officials#1groupveiled, officialCNN2" in ["".join(row) for row in rows]


# --- safety -------------------------------------------------------------------------


def test_nothing_is_run_and_nothing_is_fetched(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onload='x"
    row = {"article_id": evil, "text": TEXT, "title": evil, "outlet": evil}
    named = replace(CODED.attributions[1], source_name=evil, via_name=evil, via=None)
    coded = replace(CODED, coder=evil, attributions=(named,))
    path = highlight(row, coded).to_html(tmp_path / "page.html")
    page = Page(path.read_text(encoding="utf-8"))
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "img", "link", "iframe", "a"}
    names = {name for _, known, _ in page.elements for name in known}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"src", "href"}
    style = "".join(w for t, _, ws in page.elements if t == "style" for w in ws)
    assert not re.search(r"url\(|@import|https?:", style)
    (title,) = ("".join(words) for tag, _, words in page.elements if tag == "title")
    assert title == evil


def test_nothing_outside_the_section_is_styled() -> None:
    fragment = highlight(TEXT, CODED)._repr_html_()
    assert fragment.startswith('<section class="framing-highlight fh-')
    assert not re.search(r"<(html|head|body)\b", fragment)
    style = re.sub(
        r"@media[^{]*\{", "", fragment.split("<style>")[1].split("</style>")[0]
    )
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", style)
    assert len(rules) > 30
    theme = r"(\[data-jp-theme-light[^]]*\] )?"
    for selector in (s.strip() for rule in rules for s in split_selectors(rule)):
        assert re.match(
            rf"{theme}\.framing-highlight\b|\.fh-[0-9a-f]{{8}}:has", selector
        )


def split_selectors(rule: str) -> list[str]:
    return re.split(r",(?![^()]*\))", rule)


def test_the_page_is_the_same_to_the_byte(tmp_path: Path) -> None:
    one = highlight(TEXT, CODED).to_html(tmp_path / "one.html")
    two = highlight(TEXT, CODED).to_html(tmp_path / "two.html")
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(b"<!DOCTYPE html>\n")


# --- colour and underline -------------------------------------------------------------


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--fh-[a-z-]+):(#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_that_of_wcag_aa(theme: str) -> None:
    colours = variables(theme)
    paper, ink = colours["--fh-paper"], colours["--fh-ink"]
    assert contrast(colours["--fh-muted"], paper) >= 4.5
    assert contrast(colours["--fh-thread"], paper) >= 3
    for name in ("lit", "relay", *HEDGE_TYPES):
        assert contrast(ink, colours[f"--fh-{name}"]) >= 4.5, name
    for name in HEDGE_TYPES:  # a line beside its own ground and beside the paper
        line = colours[f"--fh-{name}-line"]
        assert contrast(line, colours[f"--fh-{name}"]) >= 3, name
        assert contrast(line, paper) >= 3, name
    assert contrast(colours["--fh-muted"], colours["--fh-lit"]) >= 3


def test_themes_name_the_same_colours() -> None:
    assert variables(LIGHT).keys() == variables(DARK).keys()


def test_each_type_has_an_underline_of_its_own() -> None:
    assert tuple(UNDERLINES) == HEDGE_TYPES
    assert len(set(UNDERLINES.values())) == len(HEDGE_TYPES)


# --- what is given ------------------------------------------------------------------


def test_a_row_of_the_table_brings_its_title_outlet_and_date() -> None:
    row = pd.Series(
        {
            "article_id": "port",
            "text": TEXT,
            "title": "Port news",
            "outlet": "The Harbour Post",
            "published": pd.Timestamp("2025-11-02 10:00"),
            "constructed": True,
            "wire_of": pd.NA,
        }
    )
    page = highlight(row, Annotations((CODED,)))
    assert page.title == "Port news"
    about = Page(page.fragment).having("fh-about")[0][1]
    expected = "The Harbour Post · 2025-11-02 · constructed example · coded by hand"
    assert about == expected
    assert highlight(row, CODED, title="Mine", outlet="Ours").title == "Mine"


def test_missing_facts_leave_no_trace() -> None:
    row = {"article_id": "port", "text": TEXT, "title": None, "outlet": float("nan")}
    page = highlight(row, CODED)
    assert page.title == "Article"
    assert Page(page.fragment).having("fh-about")[0][1] == "coded by hand"
    assert "<h2" not in page.fragment


def test_a_text_without_codes_is_coded() -> None:
    page = highlight("Officials said the talks could resume.")
    coder = annotate_text("").coder
    assert Page(page.fragment).having("fh-about")[0][1] == f"coded by {coder}"
    assert [w for _, w in Page(page.fragment).having("fh-modal")][1:] == ["could"]


def test_boilerplate_of_the_row_is_kept() -> None:
    row = {"text": "It may rain.\nBuy now", "boilerplate": [[13, 20]]}
    page = Page(highlight(row).fragment)
    assert [words for _, words in page.having("fh-boilerplate")] == ["Buy now"]
    nothing = {"text": "It may rain.", "boilerplate": None}
    assert 'fh-boilerplate"' not in highlight(nothing).fragment


def test_codes_of_another_text_are_refused() -> None:
    with pytest.raises(AnnotationError, match="same text"):
        highlight(TEXT[5:], CODED)


def test_no_text_no_page() -> None:
    with pytest.raises(ValueError, match="no text"):
        highlight({"article_id": "x", "text": None})
    with pytest.raises(KeyError, match="'y' is not among the 1 coded"):
        highlight({"article_id": "y", "text": TEXT}, Annotations((CODED,)))
