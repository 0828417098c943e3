"""Reasons: true to the codes, one line each, and honest about who gave the code."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing import annotate
from framing.annotations import Annotations, Attribution, CodedArticle
from framing.errors import AnnotationError
from framing.explain import explain, explain_article
from framing.text import Span

# The rules of classification are the same for both coders; this one is faster.
annotate_text = partial(annotate.annotate_text, coder="lexicon")
annotate_articles = partial(annotate.annotate_articles, coder="lexicon")
CASES = Path(__file__).parent / "cases"
CODES = (
    "source_kind", "naming", "role", "source_name", "via", "anonymity_reason",
)  # fmt: skip


def read_cases(name: str) -> list[dict[str, Any]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", read_cases("explain.jsonl"), ids=lambda c: c["label"])
def test_case(case: dict[str, Any]) -> None:
    coded = annotate_text(case["text"], outlet=case.get("outlet"))
    why = explain_article(coded, case)[case["attribution"]]
    lines = str(why).split("\n")
    assert [line for line in case["expect"] if line not in lines] == []


# --- true to the codes --------------------------------------------------------------


def check(coded: CodedArticle, row: dict[str, Any]) -> None:
    explanations = explain_article(coded, row)
    assert len(explanations) == len(coded.attributions)
    for attribution, why in zip(coded.attributions, explanations, strict=True):
        values = {reason.code: reason.value for reason in why}
        assert list(values) == list(CODES)
        for code in CODES[:4]:
            assert values[code] == getattr(attribution, code)
        assert values["via"] == attribution.via_name
        assert values["anonymity_reason"] == attribution.reason_type
        for reason in why:
            assert reason.because
            assert "\n" not in str(reason)
            assert "another version" not in reason.because


@pytest.mark.parametrize("name", ["sources.jsonl", "reasons.jsonl"])
def test_every_code_of_the_program_is_explained_as_coded(name: str) -> None:
    for case in read_cases(name):
        told = {name: case.get(name) for name in ("outlet", "title")}
        check(annotate_text(case["text"], **told), case)


def test_a_reference_leads_to_the_source_that_was_coded() -> None:
    for case in read_cases("sources.jsonl"):
        coded = annotate_text(case["text"], title=case.get("title"))
        for why in explain_article(coded, case):
            kind = why["source_kind"].because
            if " refers to '" in kind and why["naming"].value == "named":
                antecedent = kind.split(" refers to '")[1].split("'")[0]
                assert antecedent[:20] in str(why["source_name"].value)


WORDS = st.sampled_from(
    "The the a official officials Ann Lee said told Reuters CNN he they it and , . “ ” "
    "who of Venezuela's report {far} anonymity on condition Mr. King they which".split()
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=40).map(" ".join))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_any_text_is_explained(text: str) -> None:
    check(annotate_text(text, outlet="CNN"), {"text": text, "outlet": "CNN"})


@settings(max_examples=100, deadline=None)
@given(TEXTS.filter(bool), st.data())
def test_any_spans_of_a_person_are_explained(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 30))
    spans = places.map(lambda p: Span(p[0], min(len(text), p[0] + p[1])))
    said = st.builds(
        lambda cue, source: Attribution(cue, source, (), "statement", "indirect"),
        spans,
        st.none() | spans,
    )
    attributions = sorted(data.draw(st.lists(said, max_size=4)), key=lambda a: a.cue)
    coded = CodedArticle("a", "anna", (), tuple(attributions))
    for why in explain_article(coded, {"text": text}):
        assert str(why).count("\n") == len(CODES) - 1
        assert all(r.because.startswith("coded by anna; the program") for r in why)


def test_words_of_the_article_are_no_slots() -> None:
    text = "Officials {far} of {words} said the port is shut."
    coded = annotate_text(text)
    source = Span(0, len("Officials {far} of {words}"))
    said = replace(coded.attributions[0], source=source)
    (why,) = explain_article(replace(coded, attributions=(said,)), {"text": text})
    assert "tells why 'Officials {far} of {words}' is" in str(why["anonymity_reason"])


# --- whose code it is ---------------------------------------------------------------

TEXT = "A customs official said the port is shut. He told CNN it may open."
ARTICLES = pd.DataFrame({"article_id": ["a"], "text": [TEXT], "outlet": ["Gazette"]})


def coded_by(coder: str, **codes: Any) -> Annotations:
    (coded,) = annotate_articles(ARTICLES)
    first = replace(coded.attributions[0], **codes)
    attributions = (first, *coded.attributions[1:])
    return Annotations((replace(coded, coder=coder, attributions=attributions),))


def test_a_persons_code_stands_beside_the_programs() -> None:
    why = explain(coded_by("anna", role="expert"), "a", 0, articles=ARTICLES)
    assert str(why["role"]) == (
        "role: expert, because coded by anna; the program would say official, because "
        "'official' has that role in source_nouns.csv, row 'official|officials'"
    )
    assert "coded by anna; the program agrees, because" in why["naming"].because


def test_a_code_of_another_version_is_told_apart() -> None:
    why = explain(coded_by("lexicon", naming="bare"), "a", 0, articles=ARTICLES)
    assert why["naming"].value == "bare"
    told = "another version of lexicon said so; this one would say veiled, because"
    assert why["naming"].because.startswith(told)
    assert "another version" not in why["role"].because


def test_a_name_that_tables_cut_is_the_same_name() -> None:
    text = "A new harbour pilot and crew safety and training official said it is shut."
    coded = annotate_text(text)
    (said,) = coded.attributions
    name = str(said.source_name)
    short = replace(said, source_name=" ".join(name.split()[:8]))
    (why,) = explain_article(replace(coded, attributions=(short,)), {"text": text})
    assert "another version" not in why["source_name"].because


# --- asking -------------------------------------------------------------------------


def test_the_table_has_a_row_a_code() -> None:
    why = explain(annotate_articles(ARTICLES), "a", 1, articles=ARTICLES)
    assert why.table.columns.tolist() == ["code", "value", "because"]
    assert why.table["code"].tolist() == list(CODES)
    assert repr(why).split("\n") == [str(reason) for reason in why]
    assert why["via"].value == "CNN"
    with pytest.raises(KeyError):
        why["mood"]


def test_codes_of_one_reason_share_a_line() -> None:
    why = explain(annotate_articles(ARTICLES), "a", 1, articles=ARTICLES)
    assert why.short.split("\n")[0] == (
        "source_kind: person; naming: veiled; role: official; "
        "source_name: customs official#1, because 'He' refers to "
        "'A customs official', 1 sentence before (the last speaker who fits)"
    )
    assert len(why.short.split("\n")) == 3


def test_the_coder_is_chosen_by_name() -> None:
    both = Annotations((*annotate_articles(ARTICLES), *coded_by("anna")))
    first = explain(both, "a", 0, articles=ARTICLES)
    second = explain(both, "a", 0, articles=ARTICLES, coder="anna")
    assert "anna" not in str(first)
    assert "anna" in str(second)


def test_what_is_not_there_is_told() -> None:
    annotations = annotate_articles(ARTICLES)
    with pytest.raises(ValueError, match="articles= with text"):
        explain(annotations, "a", 0)
    with pytest.raises(ValueError, match="articles= with text"):
        explain(annotations, "a", 0, articles=ARTICLES.drop(columns="text"))
    with pytest.raises(ValueError, match="'a' has no text"):
        explain(annotations, "a", 0, articles=ARTICLES.assign(text=None))
    with pytest.raises(ValueError, match="'a' has no text"):
        explain(annotations, "a", 0, articles=ARTICLES.assign(article_id="b"))
    with pytest.raises(ValueError, match="'b' is not in the annotations"):
        explain(annotations, "b", 0, articles=ARTICLES)
    with pytest.raises(ValueError, match="'a' by 'bob' is not in"):
        explain(annotations, "a", 0, articles=ARTICLES, coder="bob")
    with pytest.raises(ValueError, match="allowed: 0 to 1"):
        explain(annotations, "a", 2, articles=ARTICLES)


def test_another_text_is_refused() -> None:
    annotations = annotate_articles(ARTICLES)
    with pytest.raises(AnnotationError, match="same text"):
        explain(annotations, "a", 0, articles=ARTICLES.assign(text=TEXT[5:]))


def test_no_source_is_a_reason() -> None:
    said = Attribution(Span(4, 8), None, (Span(9, 15),), "statement", "indirect")
    coded = CodedArticle("a", "lexicon", (), (said,))
    (why,) = explain_article(coded, {"text": "Was told to go."})
    assert (
        str(why["source_kind"]) == "source_kind: none, because no source is expressed"
    )
    assert why["source_name"].value is None


def test_no_attributions_no_reasons() -> None:
    assert explain_article(annotate_text(""), {"text": ""}) == ()


def test_a_person_of_the_headline_is_told_to_be_there() -> None:
    text = "The US secretary of state said the port would reopen."
    row = {"text": text, "title": "Rubio in Oslo"}
    [why] = explain_article(annotate_text(**row), row)
    assert "refers to 'Rubio', in the headline (" in why["naming"].because
