"""What follows from several claims: contradictions and their settling, denials, origins, order and sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from conftest import Make
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds.generated import Row, asserted, files, row, rows

from kg.claims import Claims, read_claims
from kg.entities import read_entities
from kg.identity import Decision, read_decisions
from kg.ledger import Ledger, derive
from kg.ontology import Ontology, load
from kg.workspace import read as read_workspace

BROADER = {"dock-workers": ("workers",)}


@cache
def ontology() -> Ontology:
    """The shipped ontology."""
    return load()


def read(make: Make, found: Iterable[Row], decisions: Iterable[tuple[str, str, str]] = ()) -> tuple[Claims, Ledger]:
    """The claims in some rows, and the ledger that follows from them."""
    root = make(files(list(found), decisions)).root
    claims, faults = read_claims(root / "data", ontology(), read_entities(root / "data", ontology())[0])
    judged, more = read_decisions(root / "data")
    assert not [*faults, *more]
    return claims, derive(claims.claims, ontology(), judged, BROADER)


# ── An oracle that knows nothing of the program: cells, not bounds; pairs, not groups ────────────────────────────────

Interval = tuple[Fraction | None, Fraction | None]
ALWAYS = {"issued", "groupCount", "birthDate", "died"}
ONE = {"arrested", "sentenced", "sentence", "plea"}
UNITS = {"Y": (365, 366), "M": (28, 31), "D": (1, 1)}


def days(text: str) -> tuple[int | None, int | None]:
    """The first and the last day of a partial date or a span."""
    if "/" in text:
        first, last = text.split("/")
        return (None if first == ".." else days(first)[0]), (None if last == ".." else days(last)[1])
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts).toordinal(), date(*parts).toordinal()
    year, month = parts[0], parts[1] if len(parts) > 1 else 0
    after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return date(year, month or 1, 1).toordinal(), (after - timedelta(days=1)).toordinal()


def interval(claim: Mapping[str, str]) -> Interval | str:
    """What a cell means: an interval of numbers or days, or a word that only equals itself."""
    text, precision = claim["value"], claim["precision"]
    if claim["property"] in {"issued", "birthDate", "died", "arrested", "sentenced"}:
        low, high = days(text)
        return (None if low is None else Fraction(low)), (None if high is None else Fraction(high))
    if claim["property"] == "sentence" and text.startswith("P"):
        number, unit = int(text[1:-1]), UNITS[text[-1]]
        return Fraction(number * unit[0]), Fraction(number * unit[1])
    if not text[0].isdigit():
        return text
    low, high = (Fraction(part) for part in (text.split("..") if ".." in text else (text, text)))
    step = 1 if precision in ("more-than", "less-than") and text.isdigit() and claim["property"] != "perMillion" else 0
    if precision == "about":
        return low - abs(low) / 20, high + abs(high) / 20
    if precision in ("at-least", "more-than"):
        return low + step, None
    if precision in ("at-most", "less-than"):
        return None, high - step
    return low, high


def apart(one: tuple[object, object], other: tuple[object, object]) -> bool:
    """Whether two intervals have nothing in common."""
    return any(
        low is not None and high is not None and low > high  # type: ignore[operator]
        for low, high in ((one[0], other[1]), (other[0], one[1]))
    )


def differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two values cannot both be the value."""
    first, second = interval(one), interval(other)
    if isinstance(first, str) or isinstance(second, str):
        return first != second
    return apart(first, second)


def together(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two claims speak of times for which only one value can hold."""
    word, kind = one["property"], one["container"].partition("/")[0]
    if word in ALWAYS or word in ONE or (word == "count" and kind in ("list", "case")):
        return True
    timed = bool(one["as_of"]), bool(other["as_of"])
    spans = [days(each["as_of"]) if each["as_of"] else None for each in (one, other)]
    if word == "occurred":
        return spans[0] == spans[1] and spans[0] is not None and None not in spans[0]
    if timed == (False, False):
        return one["source"] == other["source"]
    return timed == (True, True) and not apart(spans[0] or (), spans[1] or ())  # type: ignore[arg-type]


def exclude(one: Mapping[str, str], other: Mapping[str, str], several: set[str]) -> bool:
    """Whether two claims cannot both be true."""
    if (one["subject"], one["property"]) != (other["subject"], other["property"]):
        return False
    if one["property"] in {"publisher", "heads", "alias", "defendant"}:
        return False
    if one["property"] in ONE and one["subject"] in several:
        return False
    return differ(one, other) and together(one, other)


def oracle(claims: pl.DataFrame) -> dict[frozenset[str], Fraction | None]:
    """The contradictions, found by comparing each claim with each other: members, and the widest gap."""
    told = [
        each for each in claims.iter_rows(named=True) if (each["stance"], each["review"]) == ("asserts", "accepted")
    ]
    accused = {(each["subject"], each["value"]) for each in told if each["property"] == "defendant"}
    several = {case for case, _ in accused if sum(case == other for other, _ in accused) > 1}
    pairs = [(one, other) for one, other in combinations(told, 2) if exclude(one, other, several)]
    clusters: list[set[str]] = [{one["id"], other["id"]} for one, other in pairs]
    for _ in clusters:
        for first, second in combinations(clusters, 2):
            if first is not second and first & second:
                first |= second
                clusters = [each for each in clusters if each is not second]
                break
    return {frozenset(cluster): widest(cluster, pairs) for cluster in clusters}


def widest(cluster: set[str], pairs: Iterable[tuple[Mapping[str, str], Mapping[str, str]]]) -> Fraction | None:
    """The widest gap between two members, of those values between which there is one."""
    gaps = []
    for one, other in pairs:
        first, second = interval(one), interval(other)
        if one["id"] in cluster and not isinstance(first, str) and not isinstance(second, str):
            ends = ((first[0], second[1]), (second[0], first[1]))
            gaps.append(max(low - high for low, high in ends if low is not None and high is not None))
    return max(gaps, default=None)


@settings(max_examples=80)
@given(found=asserted() | rows())
def test_contradictions_are_those_that_an_oracle_finds_pair_by_pair(workspace: Make, found: list[Row]) -> None:
    """Members and widest gap of each contradiction agree with a naive comparison of the cells."""
    claims, ledger = read(workspace, found)
    expected = oracle(claims.claims)
    assert {frozenset(each.members) for each in ledger.contradictions} == expected.keys()
    for each in ledger.contradictions:
        gap = expected[frozenset(each.members)]
        assert gap == (None if each.difference is None else Fraction(each.difference))


@settings(max_examples=50)
@given(found=asserted(), more=row())
def test_a_compatible_claim_never_makes_a_contradiction(workspace: Make, found: list[Row], more: Row) -> None:
    """A further claim that excludes none of the others leaves every contradiction as it was."""
    fresh = replace(more, stance="", review="")
    before, after = read(workspace, found)[1], read(workspace, [*found, fresh])
    known = set(before.standing.get_column("id"))
    if any(not set(each.members) <= known for each in after[1].contradictions):
        expected = oracle(after[0].claims)
        assert any(not members <= known for members in expected)
    elif fresh.property != "defendant":
        assert after[1].contradictions == before.contradictions
    else:
        assert set(after[1].contradictions) <= set(before.contradictions)


@settings(max_examples=40)
@given(found=rows())
def test_each_member_is_contested_and_nothing_else(workspace: Make, found: list[Row]) -> None:
    """Without decisions, a claim is contested where it takes part in a contradiction, and uncontested elsewhere."""
    _, ledger = read(workspace, found)
    members = {key for each in ledger.contradictions for key in each.members}
    for key, standing, decision in ledger.standing.select("id", "standing", "settled_by").iter_rows():
        assert standing == ("contested" if key in members else "uncontested")
        assert decision is None


@settings(max_examples=40)
@given(found=asserted(), data=st.data())
def test_no_two_claims_that_stand_exclude_each_other(workspace: Make, found: list[Row], data: st.DataObject) -> None:
    """Whatever is decided, two settled or uncontested claims never exclude each other."""
    _, before = read(workspace, found)
    decisions = []
    for each in before.contradictions:
        first = data.draw(st.sampled_from(each.members))
        second = data.draw(st.sampled_from(("", *sorted(each.rivals[first]))))
        decisions.append(("settle", f"claim/{first}", second and f"claim/{second}"))
    _, after = read(workspace, found, dict.fromkeys(decisions))
    standing = dict(after.standing.select("id", "standing").iter_rows())
    for each in after.contradictions:
        for key, rivals in each.rivals.items():
            if standing[key] in ("settled", "uncontested"):
                assert {standing[rival] for rival in rivals} == {"set-aside"}
        assert each.settled == ("contested" not in {standing[key] for key in each.members})


# ── Settling ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def counts(*values: str) -> list[Row]:
    """Claims of one source after the other on the size of one list."""
    sources = ("river-post", "lowgate-radio", "tern-herald", "river-post")
    said = ("", "", "", "2031-05")
    return [
        Row(source, "list/spring", "count", value, said=when)
        for source, value, when in zip(sources, values, said, strict=False)
    ]


def standings(make: Make, found: list[Row], *decided: tuple[int, int | None]) -> list[str]:
    """The standing of each row, where decisions find for one row against another, or against whatever excludes it."""
    claims, _ = read(make, found)
    key = {(each["source"], each["value"], each["said"]): each["id"] for each in claims.claims.iter_rows(named=True)}
    ids = [key[each.source, each.value, each.said] for each in found]
    judged = [("settle", f"claim/{ids[a]}", "" if b is None else f"claim/{ids[b]}") for a, b in decided]
    _, ledger = read(make, found, judged)
    standing = dict(ledger.standing.select("id", "standing").iter_rows())
    return [standing[each] for each in ids]


def test_a_decision_for_one_claim_upholds_all_that_say_the_same(workspace: Make) -> None:
    """What agrees with the claim decided for is settled with it, named or not."""
    found = counts("40", "41", "40")
    assert standings(workspace, found, (0, None)) == ["settled", "set-aside", "settled"]
    assert standings(workspace, found, (0, 1)) == ["settled", "set-aside", "settled"]


def test_what_nobody_decided_stays_contested(workspace: Make) -> None:
    """A decision between two claims leaves a third that excludes the winner as it was, and the winner contested."""
    found = counts("40", "41", "42")
    assert standings(workspace, found, (0, 1)) == ["contested", "set-aside", "contested"]
    assert standings(workspace, found, (0, 1), (0, 2)) == ["settled", "set-aside", "set-aside"]
    assert standings(workspace, found, (0, 1), (1, 2)) == ["settled", "set-aside", "set-aside"]


def test_decisions_for_both_sides_undo_each_other(workspace: Make) -> None:
    """Where one row finds for a claim and another against it, the claims stay contested."""
    found = counts("40", "41")
    assert standings(workspace, found, (0, 1), (1, 0)) == ["contested", "contested"]
    assert standings(workspace, found, (0, None), (1, None)) == ["contested", "contested"]


def test_decisions_in_a_circle_undo_each_other(workspace: Make) -> None:
    """Where a claim prevails over itself in the end, no claim on the way is set aside, and what lies beside is."""
    found = counts("40", "41", "42", "43")
    circle = ((0, 1), (1, 2), (2, 0))
    assert standings(workspace, found, *circle) == ["contested"] * 4
    assert standings(workspace, found, *circle, (1, 3)) == ["contested"] * 3 + ["set-aside"]
    assert standings(workspace, found, *circle, (3, None)) == ["set-aside"] * 3 + ["settled"]


def test_a_claim_is_settled_by_a_decision_that_counts(workspace: Make) -> None:
    """Where decisions for and against a claim undo each other, a third against its rival is what settles it."""
    found = [*counts("40", "43"), Row("tern-herald", "list/spring", "count", "40", precision="at-most")]
    claims, _ = read(workspace, found)
    one, rival, third = (
        f"claim/{each['id']}" for each in claims.claims.sort("precision", "value", descending=[True, False]).to_dicts()
    )
    _, ledger = read(workspace, found, [("settle", one, rival), ("settle", rival, one), ("settle", third, rival)])
    [named] = [each.local for each in ledger.contradictions[0].decisions if each.first == third]
    assert set(ledger.standing.select("standing", "settled_by").iter_rows()) == {
        ("settled", named),
        ("set-aside", named),
    }


def test_a_claim_compatible_with_both_sides_is_settled_with_the_rest(workspace: Make) -> None:
    """A claim drawn in by one rival stands once that is set aside; a decision against what it agrees with is idle."""
    found = [*counts("40", "43"), Row("tern-herald", "list/spring", "count", "40", precision="at-most")]
    assert standings(workspace, found, (0, 1)) == ["settled", "set-aside", "settled"]
    assert standings(workspace, found, (0, 2)) == ["contested"] * 3


def test_a_decision_on_other_claims_settles_nothing(workspace: Make) -> None:
    """A decision between claims that do not exclude each other leaves them uncontested."""
    found = [*counts("40"), Row("river-post", "list/spring", "issued", "2031")]
    assert standings(workspace, found, (0, 1)) == ["uncontested", "uncontested"]


# ── Denials, order, origins, sums ────────────────────────────────────────────────────────────────────────────────────


def links(ledger: Ledger, claims: Claims) -> list[tuple[str, str, str]]:
    """Each link by the values of the two claims."""
    value = {each["id"]: f"{each['precision']} {each['value']}" for each in claims.claims.iter_rows(named=True)}
    return sorted((value[one], link, value[other]) for one, link, other in ledger.links.iter_rows())


@pytest.mark.parametrize(
    ("told", "denied", "touched"),
    [
        (("exact", "40"), ("at-least", "1"), True),
        (("more-than", "0"), ("at-least", "1"), True),
        (("exact", "0"), ("at-least", "1"), False),
        (("at-most", "40"), ("at-least", "1"), False),
        (("at-least", "1"), ("exact", "40"), False),
        (("exact", "40"), ("about", "41"), True),
        (("about", "41"), ("exact", "40"), False),
        (("exact", "40"), ("exact", "41"), False),
        (("exact", "40"), ("exact", "38..40"), True),
        (("exact", "38..40"), ("exact", "40"), False),
    ],
)
def test_a_denial_touches_what_it_leaves_no_way_to_be_true(
    workspace: Make, told: tuple[str, str], denied: tuple[str, str], touched: bool
) -> None:
    """A claim is denied if all that it may mean is denied, and left standing if anything of it may still be so."""
    first = Row("river-post", "list/spring", "count", told[1], precision=told[0])
    second = Row("tern-herald", "list/spring", "count", denied[1], precision=denied[0], stance="denies")
    claims, ledger = read(workspace, [first, second])
    assert links(ledger, claims) == ([(" ".join(told), "deniedBy", " ".join(denied))] if touched else [])


@pytest.mark.parametrize(
    ("word", "told", "denied", "touched"),
    [
        ("issued", "2031-02-12", "2031-02", True),
        ("issued", "2031-02", "2031-02-12", False),
        ("publisher", "organization/senate", "organization/senate", True),
        ("publisher", "organization/senate", "organization/harbour-watch", False),
    ],
)
def test_a_denial_of_a_day_or_a_thing(workspace: Make, word: str, told: str, denied: str, touched: bool) -> None:
    """Days are denied as numbers are; a thing is denied by name."""
    found = [
        Row("river-post", "list/spring", word, told),
        Row("tern-herald", "list/spring", word, denied, stance="cannot-verify"),
    ]
    claims, ledger = read(workspace, found)
    assert links(ledger, claims) == ([(f"exact {told}", "doubtedBy", f"exact {denied}")] if touched else [])


def test_a_text_is_not_denied_with_a_number(workspace: Make) -> None:
    """Denying a sentence for life says nothing of a sentence of three years, nor the other way round."""
    found = [
        Row("river-post", "case/dock", "sentence", "P3Y"),
        Row("river-post", "case/dock", "sentence", "life", stance="denies"),
        Row("tern-herald", "case/dock", "sentence", "life"),
        Row("tern-herald", "case/dock", "sentence", "P4Y", stance="denies"),
    ]
    claims, ledger = read(workspace, found)
    assert links(ledger, claims) == [("exact life", "deniedBy", "exact life")]


@settings(max_examples=30)
@given(found=rows())
def test_only_accepted_assertions_are_denied_and_only_by_accepted_denials(workspace: Make, found: list[Row]) -> None:
    """Links lead from what is asserted to what denies or doubts it, on the same subject and property."""
    claims, ledger = read(workspace, found)
    told = {each["id"]: each for each in claims.claims.iter_rows(named=True)}
    for one, link, other in ledger.links.iter_rows():
        stances = {"deniedBy": "denies", "doubtedBy": "cannot-verify", "notBefore": "asserts"}
        assert (told[one]["stance"], told[other]["stance"]) == ("asserts", stances[link])
        assert (told[one]["review"], told[other]["review"]) == ("accepted", "accepted")
        assert told[one]["subject"] == told[other]["subject"]
        words = (told[one]["property"], told[other]["property"])
        pairs = {("sentenced", "arrested"), ("died", "birthDate")}
        assert words in pairs if link == "notBefore" else words[0] == words[1]


def denied(told: Mapping[str, str], against: Mapping[str, str]) -> bool:
    """Whether a denial leaves a claim no way to be true: all that it may mean is denied, for the time it speaks of.

    What is told of a time after the denial was said is not denied by it.
    """
    if (told["subject"], told["property"]) != (against["subject"], against["property"]):
        return False
    one, other = interval(told), interval(against)
    dates = told["property"] in {"issued", "birthDate", "died", "arrested", "sentenced"}
    times = [
        days(each["as_of"]) if each["as_of"] else meant if dates and not isinstance(meant, str) else (None, None)
        for each, meant in ((told, one), (against, other))
    ]
    begins, uttered = times[0][0], days(against["said"])[1] if against["said"] else None
    if begins is not None and uttered is not None and begins > uttered:
        return False
    if apart(*times) or isinstance(one, str) or isinstance(other, str):
        return one == other and not apart(*times)
    least, most = other
    above = least is None or (one[0] is not None and one[0] >= least)
    return above and (most is None or (one[1] is not None and one[1] <= most))


@settings(max_examples=80)
@given(found=rows())
def test_denials_touch_what_an_oracle_finds_pair_by_pair(workspace: Make, found: list[Row]) -> None:
    """The links to denials and doubts agree with a naive comparison of the cells, of all with all."""
    claims, ledger = read(workspace, found)
    told = [each for each in claims.claims.iter_rows(named=True) if each["review"] == "accepted"]
    words = {"denies": "deniedBy", "cannot-verify": "doubtedBy"}
    expected = {
        (one["id"], words[other["stance"]], other["id"])
        for one in told
        for other in told
        if one["stance"] == "asserts" and other["stance"] in words and denied(one, other)
    }
    assert {each for each in ledger.links.iter_rows() if each[1] != "notBefore"} == expected


@settings(max_examples=30)
@given(found=rows())
def test_denials_and_doubts_change_nothing_else(workspace: Make, found: list[Row]) -> None:
    """Without its denials and doubts a registry has the same contradictions, standings, order, sums and plain view."""
    assertions = [each for each in found if each.stance not in ("denies", "cannot-verify")]
    with_them, without = (read_workspace(workspace(files(each))) for each in (found, assertions))
    one, other = with_them.ledger, without.ledger
    kept = pl.col("id").is_in(without.claims.claims.get_column("id").to_list())
    assert (one.contradictions, one.lines) == (other.contradictions, other.lines)
    columns = ("id", "standing", "settled_by")
    assert one.standing.filter(kept).select(columns).sort("id").equals(other.standing.select(columns).sort("id"))
    assert one.links.filter(pl.col("link") == "notBefore").equals(other.links.filter(pl.col("link") == "notBefore"))
    view, less = (
        set("".join(each.dataset.blocks.filter(pl.col("graph") == "")["text"]).splitlines())
        for each in (with_them, without)
    )
    assert less <= view
    # What is only denied has a node all the same, if it is a tally.
    assert {re.split("[/#]", line.split()[1])[-1] for line in view - less} <= {"type>", "label>", "within>", "group>"}


def test_what_is_set_aside_has_no_part_in_order_or_sums(workspace: Make) -> None:
    """A claim that a decision sets aside is neither early nor late, and is not added up."""
    found = [
        *counts("40", "41"),
        Row("lowgate-radio", "list/spring#students", "count", "12"),
        Row("river-post", "case/dock", "arrested", "2031-02-12"),
        Row("tern-herald", "case/dock", "arrested", "2031-03-01"),
        Row("tern-herald", "case/dock", "sentenced", "2031-02-13"),
    ]
    claims, ledger = read(workspace, found)
    assert len(ledger.lines) == 1
    assert len([each for each in links(ledger, claims) if each[1] == "notBefore"]) == 2
    key = {(each["property"], each["value"]): f"claim/{each['id']}" for each in claims.claims.iter_rows(named=True)}
    first = ("settle", key["count", "40"], key["count", "41"])
    second = ("settle", key["arrested", "2031-02-12"], "")
    claims, ledger = read(workspace, found, [first, second])
    assert not ledger.lines
    assert links(ledger, claims) == [
        ("exact 2031-02-12", "prevailsOver", "exact 2031-03-01"),
        ("exact 2031-02-13", "notBefore", "exact 2031-02-12"),
        ("exact 40", "prevailsOver", "exact 41"),
    ]


@settings(max_examples=60)
@given(found=rows())
def test_origins_join_what_shares_a_speaker_or_a_source(workspace: Make, found: list[Row]) -> None:
    """Claims that say the same and share a claimant or a source, directly or through others, have one origin."""
    claims, ledger = read(workspace, found)
    origin = dict(ledger.standing.select("id", "origin").iter_rows())
    told = list(claims.claims.iter_rows(named=True))
    keys = {each["id"]: set(ends(each)) for each in told}
    for each in told:
        reached, same = {each["id"]}, [one for one in told if statement(one) == statement(each)]
        for _ in same:
            names = set().union(*(keys[key] for key in reached))
            reached |= {one["id"] for one in same if keys[one["id"]] & names}
        names = set().union(*(keys[key] for key in reached))
        assert origin[each["id"]] == min(names, key=lambda name: (name.startswith("source/"), name))


def statement(claim: Mapping[str, str]) -> tuple[str, ...]:
    """What a claim says, whoever says it and however exactly."""
    return claim["subject"], claim["property"], claim["object"]


def ends(claim: Mapping[str, str]) -> Iterator[str]:
    """Where a claim comes from: its claimant, and the source it is retold from or else its own."""
    if claim["claimant"]:
        yield claim["claimant"]
    if claim["via"] or not claim["claimant"]:
        yield f"source/{claim['via'] or claim['source']}"


@settings(max_examples=60)
@given(
    total=st.sampled_from(("40", "38..40", "41")),
    groups=st.dictionaries(st.sampled_from(("workers", "dock-workers", "students")), st.integers(0, 30), min_size=1),
    precision=st.sampled_from(("", "about", "at-least", "at-most")),
    stated=st.sampled_from(("", "1", "2", "3")),
)
def test_the_rest_is_what_a_total_leaves(
    workspace: Make, total: str, groups: dict[str, int], precision: str, stated: str
) -> None:
    """The rest is the total less the groups, without those that are part of another that is counted."""
    found = [Row("river-post", "list/spring", "count", total)]
    found += [
        Row("river-post", f"list/spring#{name}", "count", str(n), precision=precision) for name, n in groups.items()
    ]
    found += [Row("river-post", "list/spring", "groupCount", stated)] if stated else []
    claims, ledger = read(workspace, found)
    [line] = ledger.lines
    top = {name: n for name, n in groups.items() if not (name == "dock-workers" and "workers" in groups)}
    least, most = (Decimal(part) for part in (total.split("..") if ".." in total else (total, total)))
    share = Decimal("0.05") if precision == "about" else Decimal(0)
    counted = sum(top.values())
    assert line.rest is not None
    assert line.rest.low == (None if precision == "at-least" else least - counted * (1 + share))
    assert line.rest.high == (None if precision == "at-most" else most - counted * (1 - share))
    assert (line.counted, line.stated) == (len(top), int(stated) if stated else None)
    assert len(line.claims) == len(found) - (len(groups) - len(top))
    assert set(line.claims) <= set(claims.claims.get_column("id"))


def test_sums_are_per_source(workspace: Make) -> None:
    """The total of one source is never compared with the groups of another."""
    found = [
        Row("river-post", "list/spring", "count", "40"),
        Row("tern-herald", "list/spring#students", "count", "43"),
    ]
    assert not read(workspace, found)[1].lines


def test_names_of_derived_nodes_do_not_depend_on_what_is_said_beside() -> None:
    """A decision is named by what it judges, not by its reason or its date."""
    from kg.errors import Place
    from kg.values import time_span

    one = Decision("same", "list/a", "list/b", "alike", "mk", time_span("2031"), Place("data/decisions.csv", 2))
    assert one.local == replace(one, reason="equal", by="xy", when=time_span("2032")).local
    assert one.local != replace(one, second="list/c").local


def test_nothing_follows_from_nothing(tmp_path: Path) -> None:
    """An empty registry has an empty ledger."""
    (tmp_path / "data").mkdir()
    claims, _ = read_claims(tmp_path / "data", ontology(), read_entities(tmp_path / "data", ontology())[0])
    ledger = derive(claims.claims, ontology())
    assert ledger.standing.height == ledger.links.height == len(ledger.contradictions) == len(ledger.lines) == 0
