"""Who bears an office: what the article tells of its people, then what is known."""

from __future__ import annotations

from collections.abc import Sequence

from framing.descriptions import Description
from framing.gazetteer import state_names
from framing.offices import is_among, names_office
from framing.people import Person, bears_title
from framing.scene import Referent, Scene, body_name, person_at


def _nearest(person: Person, rule: str, at: int) -> Referent:
    """The person at the last mention before `at`, or else at the first."""
    before = person.mentioned_before(at)
    return person_at(person, rule, before if before >= 0 else person.mentions[0])


def are_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both are of states and share none: "the Peruvian" is no Chilean.

    "The Ohio Democrat" may be any American.
    """
    one, other = one & state_names(), other & state_names()
    return bool(one and other) and one.isdisjoint(other)


def title_bearer(scene: Scene, found: Description, at: int) -> Referent | None:
    """The person whom the article gives the office: "the senator", "US president"."""
    people = [p for p in scene.cast.people if bears_title(p, found.head)]
    rule = "who bears that title in the article"
    return _nearest_of(people, rule, found, at)


def known_holder(scene: Scene, found: Description, at: int) -> Referent | None:
    """Who is known to hold or have held it: "Rubio left. The secretary of state"."""
    places = found.nations or _body_of(scene, found)
    people = [p for p in scene.cast.people if is_among(p.offices, found.label, places)]
    rule = "who is known to hold or have held that office (office_holders.csv)"
    return _nearest_of(people, rule, found, at)


def _nearest_of(
    people: Sequence[Person], rule: str, found: Description, at: int
) -> Referent | None:
    people = [p for p in people if not are_apart(found.nations, p.homes)]
    if not people:
        return None
    # "the Israeli leader": the one called Israeli; else the one mentioned last
    holder = max(
        people,
        key=lambda p: (
            bool(found.nations & p.homes),
            p.mentioned_before(at),
            len(p.mentions),
        ),
    )
    return _nearest(holder, rule, at)


def holds_another(person: Person, found: Description) -> bool:
    """Whether the person's offices are known and the one described is none of them."""
    return names_office(found.label) and bool(
        person.offices and not is_among(person.offices, found.label, found.nations)
    )


def _body_of(scene: Scene, found: Description) -> frozenset[str]:
    """ "the UN chief", "the FBI director": the body, by the one name it has here."""
    if found.owner is None:
        return frozenset()
    return frozenset((body_name(scene, found.owner.whole),))


_HEADS_OF_STATE = frozenset("president leader premier pope commander-in-chief".split())


def most_named(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "the president" where nobody is called so: who is mentioned most."""
    person = scene.cast.foremost
    if found.head not in _HEADS_OF_STATE or person is None:
        return None
    if are_apart(found.nations, person.homes) or holds_another(person, found):
        return None
    return _nearest(person, "the person named most often", at)
