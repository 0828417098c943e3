"""Who repeats whom: the table counted by hand, and the figure drawn from it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import framing as fr
from framing.annotations import Annotations, Attribution, CodedArticle
from framing.figures import save_figure
from framing.relay_plot import OTHERS, _ink_on, plot_relays
from framing.relay_table import NO_NAME, RELAY_COLUMNS, relays
from framing.text import Span

ARTICLES = pd.DataFrame(
    {
        "article_id": ["a", "b", "c", "d"],
        "outlet": ["The Gazette", "The Gazette", "Port Radio", None],
    }
)
PERSON = {"source_kind": "person", "naming": "veiled", "role": "official"}


def statement(**codes: object) -> Attribution:
    kind = str(codes.pop("kind", "statement"))
    return Attribution(Span(5, 9), Span(0, 4), (), kind, "indirect", **codes)  # type: ignore[arg-type]


def coded(article_id: str, *attributions: Attribution) -> CodedArticle:
    return CodedArticle(article_id, "x", (), attributions)


def media(name: str, naming: str = "named") -> Attribution:
    return statement(source_kind="media", naming=naming, source_name=name)


def test_relays_counted_by_hand() -> None:
    annotations = Annotations(
        (
            # Through Reuters: an unnamed official, and Reuters itself; CNN by its span
            coded("a", statement(**PERSON, via_name="Reuters"), media("Reuters")),
            coded("b", statement(source_kind="person", naming="named", via_name="CNN")),
            coded("c", media("local media", "veiled"), statement(**PERSON)),
        )
    )
    rows = relays(ARTICLES, annotations).drop(columns="coder").to_numpy().tolist()
    assert rows == [
        ["Port Radio", NO_NAME, 1, 0, 1, 1.0],
        ["The Gazette", "Reuters", 2, 1, 2, 1.0],
        ["The Gazette", "CNN", 1, 0, 2, 0.5],
    ]


@pytest.mark.parametrize(
    ("attribution", "name"),
    [
        (media("New York Times"), "The New York Times"),
        (media("Gazette"), None),  # the article's own
        (media("port radio", "veiled"), "Port Radio"),  # an outlet of the corpus
        (media("reports#1", "veiled"), NO_NAME),
        (statement(**PERSON, via=Span(0, 4)), NO_NAME),
        (statement(**PERSON, via_name="television interview"), NO_NAME),
        (statement(**PERSON), None),
        (statement(kind="mental", **PERSON, via_name="CNN"), None),
    ],
)
def test_the_relayed_outlet_has_its_usual_name(
    attribution: Attribution, name: str | None
) -> None:
    table = relays(ARTICLES, Annotations((coded("a", attribution), coded("c"))))
    row = table[table["outlet"] == "The Gazette"].iloc[0]
    assert (None if pd.isna(row["relayed"]) else row["relayed"]) == name
    assert row["n_statements"] == (name is not None)


def test_an_outlet_that_relays_nothing_stays_in_the_table() -> None:
    table = relays(ARTICLES, Annotations((coded("a"), coded("d", media("CNN")))))
    assert table["relayed"].isna().tolist() == [True]
    assert table["statements_per_article"].tolist() == [0.0]


def test_boilerplate_is_not_counted_and_every_coder_has_its_rows() -> None:
    inside = CodedArticle("a", "y", (), (media("CNN"),), (Span(0, 20),))
    table = relays(ARTICLES, Annotations((coded("a", media("CNN")), inside)))
    assert table["n_statements"].tolist() == [1, 0]
    with pytest.raises(ValueError, match="x, y: choose one coder"):
        plot_relays(table)


def test_the_empty_road() -> None:
    for articles in (ARTICLES, ARTICLES.iloc[:0], ARTICLES[["article_id"]]):
        table = relays(articles, Annotations())
        assert table.dtypes.astype(str).to_dict() == RELAY_COLUMNS
        words = [text.get_text() for text in plot_relays(table).texts]
        assert words == ["no articles"]


def test_totals_are_those_of_the_scores(sample_articles: pd.DataFrame) -> None:
    annotations = fr.annotate_articles(sample_articles)
    table = fr.relays(sample_articles, annotations)
    relayed = fr.score_articles(sample_articles, annotations)["n_relayed"].sum()
    own = relayed - table["n_statements"].sum()
    assert 0 <= own <= 0.1 * relayed  # what an outlet says of itself is no relay
    assert (table["n_unnamed"] <= table["n_statements"]).all()
    assert set(table["outlet"]) == set(sample_articles["outlet"])


# --- the figure -----------------------------------------------------------------


def wide_table(n_relayed: int) -> pd.DataFrame:
    names = [f"Paper {chr(65 + i)}" for i in range(n_relayed)]
    rows = [("X", name, n_relayed - i, 1) for i, name in enumerate(names)]
    rows += [("Y", NO_NAME, 1, 400), ("Z", None, 0, 3)]
    columns = ["outlet", "relayed", "n_statements", "n_articles"]
    return pd.DataFrame(rows, columns=columns).assign(coder="x", n_unnamed=0)


def test_the_matrix_shows_rates_counts_and_n() -> None:
    ax = plot_relays(wide_table(2), title="Relays", note="Invented.")
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["Z  (n = 3)", "Y  (n = 400)", "X  (n = 1)"]  # from below
    columns = [label.get_text() for label in ax.get_xticklabels()]
    assert columns == ["Paper A", "Paper B", NO_NAME]
    words = [text.get_text() for text in ax.texts]
    assert words.count("·") == 6
    assert [w for w in words if w != "·"] == [
        "<0.01", "(1)", "2.00", "(2)", "1.00", "(1)",
    ]  # fmt: skip
    caption = ax.get_figure(root=True)._supxlabel.get_text()
    assert "Invented." in caption and "per article" in caption


def test_many_relayed_outlets_are_summed_as_others() -> None:
    ax = plot_relays(wide_table(20))
    columns = [label.get_text() for label in ax.get_xticklabels()]
    assert columns[-2:] == [OTHERS, NO_NAME] and len(columns) == 13
    assert "(45)" in [text.get_text() for text in ax.texts]  # 9 + 8 + ... + 1


def test_words_stand_out_on_every_shade() -> None:
    assert _ink_on((1, 1, 1, 1)) != _ink_on((0, 0, 0.2, 1)) == "white"


def test_the_figure_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    table = wide_table(3)
    for name in ("one", "two"):
        save_figure(plot_relays(table), table, tmp_path / name)
    for suffix in (".png", ".svg", ".csv"):
        one, two = (tmp_path / f"{name}{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
