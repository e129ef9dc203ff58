"""Decisions that contradict each other, that refer to nothing, and that outlive the claims they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Make
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds.generated import Row, asserted, files, row

from kg import registry
from kg.check import check
from kg.check.nearest import nearest
from kg.errors import Finding, InvalidRegistryError, Severity
from kg.registry import rows_behind
from kg.workspace import Reading, Workspace, read

Judged = tuple[str, str, str]
HEAD = "judgement,first,second,reason,by,when\n"
OWN = {"unknown-entity", "idle-decision", "opposed-decisions", "same-and-different", "self-reference", "decision"}
NAMES = ("ana", "bo", "cy", "dag", "eva")
PEOPLE = "id,name,same_as\n" + "".join(f"{name},{name.title()},\n" for name in NAMES)


def told(reading: Reading, engine: str = "fast") -> list[Finding]:
    """The findings on decisions."""
    return [each for each in check(reading, engine).findings if each.code in OWN]


def keys(reading: Reading) -> dict[str, str]:
    """The id of each claim by its source and value."""
    return {f"{each['source']} {each['value']}": f"claim/{each['id']}" for each in reading.claims.claims.to_dicts()}


LOW, POST, HERALD = "lowgate-radio 40", "river-post 41", "tern-herald 42"
THREE = [Row(name.split()[0], "list/spring", "count", name.split()[1]) for name in (LOW, POST, HERALD)]


def decided(make: Make, rows: list[Row], *pairs: tuple[str, str]) -> Reading:
    """The rows with decisions that settle between claims by source and value."""
    key = keys(read(make(files(rows)))) | {"": ""}
    return read(make(files(rows, [("settle", key[first], key[second]) for first, second in pairs])))


# ── Decisions against each other ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "pairs",
    [
        [(LOW, POST), (POST, LOW)],
        [(LOW, ""), (POST, "")],
        [(LOW, POST), (POST, HERALD), (HERALD, LOW)],
        [(LOW, POST), (POST, HERALD), (HERALD, "")],
    ],
)
def test_decisions_in_a_circle_are_one_finding(workspace: Make, pairs: list[tuple[str, str]]) -> None:
    """Decisions for each side against the other, at any remove, are told once, at the first row with the others."""
    reading = decided(workspace, THREE, *pairs)
    [finding] = told(reading)
    assert (finding.code, str(finding.place)) == ("opposed-decisions", "data/decisions.csv:2")
    assert [place.line for place in finding.related] == list(range(3, len(pairs) + 2))
    key = keys(reading)
    for line, (first, second) in enumerate(pairs[1:], start=3):
        over = f" over {key[second]}" if second else ""
        assert f"data/decisions.csv:{line}: settle {key[first]}{over}" in finding.message
    assert told(reading, "reference") == [finding]


def test_a_ranking_is_no_circle(workspace: Make) -> None:
    """Decisions that put three claims in an order contradict nothing and settle all."""
    reading = decided(workspace, THREE, (LOW, POST), (POST, HERALD), (LOW, HERALD))
    assert not told(reading)
    assert reading.ledger.contradictions[0].settled


CHAINS = [
    ([("same", "ana", "bo"), ("different", "ana", "bo")], 3, [2]),
    ([("different", "bo", "ana"), ("same", "ana", "bo")], 2, [3]),
    ([("same", "ana", "bo"), ("same", "bo", "cy"), ("different", "ana", "cy")], 4, [2, 3]),
    ([("same", "ana", "bo"), ("same", "cy", "bo"), ("different", "cy", "ana"), ("same", "ana", "dag")], 4, [2, 3]),
    ([("same", "ana", "bo"), ("same", "bo", "cy"), ("same", "cy", "ana"), ("different", "cy", "ana")], 5, [4]),
]


@pytest.mark.parametrize(("judged", "line", "by"), CHAINS)
def test_what_is_different_is_not_the_same(workspace: Make, judged: list[Judged], line: int, by: list[int]) -> None:
    """Two that are held to be different and are one by others are told at their row, with the rows that join them."""
    decisions = [(word, f"person/{first}", f"person/{second}") for word, first, second in judged]
    reading = read(workspace(files([], decisions) | {"data/people.csv": PEOPLE}))
    [finding] = told(reading)
    assert (finding.code, finding.place.line, finding.severity) == ("same-and-different", line, Severity.VIOLATION)
    assert [place.line for place in finding.related] == by
    for other in by:
        _, first, second = decisions[other - 2]
        assert f"data/decisions.csv:{other}: {second} is {first}" in finding.message
    assert told(reading, "reference") == [finding]


def test_one_address_makes_one_of_two(workspace: Make) -> None:
    """Two that are held to be different and have one address in another registry are told with the cells."""
    address = "http://www.wikidata.org/entity/Q227"
    people = PEOPLE.replace("Ana,", f"Ana,{address}").replace("Cy,", f"Cy,{address}")
    different = ("different", "person/ana", "person/cy")
    reading = read(workspace(files([], [different]) | {"data/people.csv": people}))
    [finding] = told(reading)
    assert [str(place) for place in finding.related] == ["data/people.csv:2", "data/people.csv:4"]
    assert finding.message.endswith(
        f"(data/people.csv:2: person/ana is {address}; data/people.csv:4: person/cy is {address})"
    )


PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=40)
@given(same=st.lists(PAIRS, max_size=4), different=st.lists(PAIRS, max_size=4, unique=True))
def test_each_impossible_difference_is_told_and_no_other(
    workspace: Make, same: list[tuple[str, str]], different: list[tuple[str, str]]
) -> None:
    """A `different` is told exactly where the pairs that are the same lead from the one to the other."""
    joined = {name: {name} for name in NAMES}
    for first, second in same:
        one = joined[first] | joined[second]
        joined |= dict.fromkeys(one, one)
    judged = [("same", *pair) for pair in same] + [("different", *pair) for pair in different]
    decisions = [(word, f"person/{first}", f"person/{second}") for word, first, second in judged]
    reading = read(workspace(files([], decisions) | {"data/people.csv": PEOPLE}))
    expected = [2 + len(same) + i for i, (first, second) in enumerate(different) if second in joined[first]]
    assert [each.place.line for each in told(reading) if each.code == "same-and-different"] == expected


def test_a_decision_made_twice_keeps_both_reasons(workspace: Make) -> None:
    """Two rows that judge alike for different reasons are one finding, at the first row with the other."""
    rows = "different,person/ana,person/bo,two cards,mk,2031\ndifferent,person/ana,person/bo,two ages,mk,2031\n"
    reading = read(workspace({"data/people.csv": PEOPLE, "data/decisions.csv": HEAD + rows}))
    [finding] = told(reading)
    assert (finding.code, finding.place.line, [each.line for each in finding.related]) == ("decision", 2, [3])
    assert "different person/ana and person/bo: a decision gives no reason, or more than one" in finding.message
    text = reading.dataset.turtle().decode()
    assert "two ages" in text
    assert "two cards" in text


def test_a_decision_made_twice_alike_is_one(workspace: Make) -> None:
    """Equal rows, or a row by another author for the same reason, are no fault, and all authors are kept."""
    rows = "".join(f"different,person/ana,person/bo,two cards,{by},2031\n" for by in ("mk", "mk", "xy"))
    reading = read(workspace({"data/people.csv": PEOPLE, "data/decisions.csv": HEAD + rows}))
    assert not told(reading)
    assert 'prov:wasAssociatedWith "mk" , "xy"' in reading.dataset.turtle().decode()
    lines = decided(workspace, THREE, (LOW, ""), (LOW, "")).dataset.nquads().splitlines()
    assert len(lines) == len(set(lines))


# ── Decisions on nothing ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("judgement", ["same", "different"])
@pytest.mark.parametrize("kind", ["person", "organization", "case", "list", "group", "place", "law"])
def test_an_unknown_entity_of_any_kind_is_told(workspace: Make, judgement: str, kind: str) -> None:
    """An id that is in no table is told at the decision, once for each, and nothing else is."""
    reading = read(workspace(files([], [(judgement, f"{kind}/nowhere", f"{kind}/never")])))
    findings = told(reading)
    assert [(each.code, str(each.place)) for each in findings] == [("unknown-entity", "data/decisions.csv:2")] * 2
    assert {each.message for each in findings} == {f"{kind}/{name} is in no table" for name in ("nowhere", "never")}


@pytest.mark.parametrize(
    ("kind", "mend"),
    [("people", "did you mean person?"), ("contradiction", "organization"), ("tally", "the kinds are")],
)
def test_what_is_no_entity_is_told_with_the_kinds(workspace: Make, kind: str, mend: str) -> None:
    """Things of a kind that has no table, and what the program derives, cannot be one or different."""
    reading = read(workspace(files(THREE, [("same", f"{kind}/0123456789abcdef", f"{kind}/fedcba9876543210")])))
    [fault] = reading.findings
    assert (fault.code, str(fault.place)) == ("unknown-kind", "data/decisions.csv:2")
    assert mend in fault.fix
    assert not told(reading)


@pytest.mark.parametrize(
    "other",
    [
        Row("river-post", "list/spring", "count", "40", precision="at-most"),
        Row("river-post", "list/autumn", "count", "41"),
        Row("river-post", "list/spring", "count", "41", review="proposed"),
        Row("river-post", "list/spring", "count", "41", stance="denies"),
    ],
)
def test_a_decision_between_claims_that_agree_is_idle(workspace: Make, other: Row) -> None:
    """Where the second claim does not exclude the first, the decision settles nothing, whatever stands beside."""
    rows = [THREE[0], other, THREE[2]]
    reading = decided(workspace, rows, (LOW, f"river-post {other.value}"))
    [finding] = told(reading)
    assert finding.code == "idle-decision"
    assert {place.file for place in finding.related} == {"data/claims/lowgate-radio.csv", "data/claims/river-post.csv"}
    assert "set-aside" not in set(reading.ledger.standing.get_column("standing"))
    assert told(reading, "reference") == [finding]


def test_a_decision_that_others_overtake_is_not_idle(workspace: Make) -> None:
    """A decision that is right but decides nothing more, or not all, is no finding of its own."""
    assert not told(decided(workspace, THREE, (LOW, POST)))
    assert not told(decided(workspace, THREE, (LOW, ""), (LOW, POST)))
    assert not told(decided(workspace, THREE, (LOW, POST), (HERALD, POST)))


def test_a_claim_does_not_prevail_over_itself(workspace: Make) -> None:
    """A decision for a claim over itself is a reference to itself, and told once."""
    [finding] = told(decided(workspace, THREE, (LOW, LOW)))
    assert (finding.code, str(finding.place)) == ("self-reference", "data/decisions.csv:2")


def test_claims_on_two_properties_are_told_once(workspace: Make) -> None:
    """A decision between claims that are not on one property is a faulty decision, and not an idle one as well."""
    rows = [THREE[0], Row("river-post", "list/spring", "issued", "2031")]
    [finding] = told(decided(workspace, rows, (LOW, "river-post 2031")))
    assert finding.code == "decision"


@pytest.mark.parametrize("id_", ["list/spring#workers", "claim/0123456789abcdef#workers"])
def test_a_tally_is_no_entity(workspace: Make, id_: str) -> None:
    """A count of a group is neither an entity nor a claim: a decision on it would decide nothing, and is a fault."""
    judgement = "settle" if id_.startswith("claim") else "same"
    second = "" if judgement == "settle" else "list/autumn#workers"
    reading = read(
        workspace(files([Row("river-post", "list/spring#workers", "count", "4")], [(judgement, id_, second)]))
    )
    [fault] = reading.findings
    assert (fault.code, str(fault.place)) == ("bad-id", "data/decisions.csv:2")
    assert not reading.decisions


# ── Decisions on claims that were mended ─────────────────────────────────────────────────────────────────────────────


def built(make: Make, rows: list[Row], judged: Iterable[tuple[str, str]]) -> tuple[Workspace, list[Judged]]:
    """A workspace with decisions between claims by source and value, and a build of it."""
    key = keys(read(make(files(rows)))) | {"": ""}
    decisions = [("settle", key[first], key[second]) for first, second in judged]
    workspace = make(files(rows, decisions))
    registry.build(workspace.root)
    return workspace, decisions


def write(workspace: Workspace, rows: list[Row], decisions: Iterable[Judged]) -> Reading:
    """Write the tables anew, and read them."""
    for name, text in files(rows, decisions).items():
        (workspace.root / name).write_text(text, "utf-8")
    return read(workspace)


@pytest.mark.parametrize("second", [POST, ""])
@pytest.mark.parametrize(
    "mended",
    [
        replace(THREE[0], value="39"),
        replace(THREE[0], precision="about"),
        replace(THREE[0], said="2031-05"),
        replace(THREE[0], value="39", claimant="organization/senate", at="char=2,6"),
        replace(THREE[0], subject="list/autumn"),
        replace(THREE[0], source="river-post"),
    ],
)
def test_a_mended_claim_is_found_again(workspace: Make, mended: Row, second: str) -> None:
    """A decision whose claim was mended names what the claim is now, and with that id in its row it stands."""
    rows = [*THREE[1:], THREE[0]]
    place, decisions = built(workspace, rows, [(LOW, second)])
    reading = write(place, [*THREE[1:], mended], decisions)
    [finding] = told(reading)
    gone = decisions[0][1]
    [now] = [each for each in reading.claims.claims.to_dicts() if each["value"] not in ("41", "42")]
    where = f"{now['file']}:{now['line']}"
    assert (finding.code, str(finding.place)) == ("unknown-entity", "data/decisions.csv:2")
    assert f"{gone} is in no table; nearest is claim/{now['id']} ({where}: {mended.subject} count " in finding.message
    assert finding.fix == f"put claim/{now['id']} into the row"
    assert where in map(str, finding.related)
    again = write(place, [*THREE[1:], mended], [("settle", f"claim/{now['id']}", decisions[0][2])])
    assert "unknown-entity" not in {each.code for each in told(again)}


def test_a_build_tells_of_a_mended_claim(workspace: Make) -> None:
    """Building refuses it with the same finding, and the build before stays, so that the next try tells it again."""
    place, decisions = built(workspace, THREE, [(LOW, "")])
    reading = write(place, [replace(THREE[0], value="39"), *THREE[1:]], decisions)
    for _ in range(2):
        with pytest.raises(InvalidRegistryError) as error:
            registry.build(place.root)
        assert [each for each in error.value.findings if each.code == "unknown-entity"] == told(reading)


def test_a_claim_mended_into_another_is_found_there(workspace: Make) -> None:
    """A row that now says what another says is one claim with that, which is named."""
    twice = [THREE[0], replace(THREE[0], value="39", at="char=7,11"), *THREE[1:]]
    place, decisions = built(workspace, twice, [("lowgate-radio 39", POST)])
    reading = write(place, [THREE[0], replace(THREE[0], at="char=7,11"), *THREE[1:]], decisions)
    [finding] = told(reading)
    assert f"nearest is {keys(reading)[LOW]} (" in finding.message


def test_a_claim_that_was_removed_is_told_as_it_was(workspace: Make) -> None:
    """Where nothing came of it, no other claim is offered, least of all what it prevailed over."""
    place, decisions = built(workspace, THREE, [(LOW, "")])
    [finding] = told(write(place, THREE[1:], decisions))
    was = "; the last build had it at data/claims/lowgate-radio.csv:2: list/spring count 40"
    assert finding.message == f"{decisions[0][1]} is in no table{was}"
    assert finding.fix == "remove the row"


def test_without_a_build_the_other_side_leads_to_the_claim(workspace: Make) -> None:
    """What excludes the other claim of the decision is near; where several do, all are named."""
    other = keys(read(workspace(files(THREE))))[POST]
    gone = "claim/0123456789abcdef"
    agreeing = Row("tern-herald", "list/spring", "count", "41", precision="at-most")
    reading = read(workspace(files([*THREE[:2], agreeing], [("settle", other, gone)])))
    [finding] = told(reading)
    assert finding.fix == f"put {keys(reading)[LOW]} into the row"
    reading = read(workspace(files(THREE, [("settle", gone, other)])))
    [finding] = told(reading)
    low, herald = keys(reading)[LOW], keys(reading)[HERALD]
    assert (
        f"nearest is {low} (data/claims/lowgate-radio.csv:2: list/spring count 40), as near is {herald} ("
        in f"{finding}"
    )
    assert finding.fix == "put the one meant into the row"


def test_without_a_build_what_agrees_with_the_other_side_is_near_too(workspace: Make) -> None:
    """Where nothing excludes the other claim any more, what is said on the same is named all the same."""
    rows = [THREE[1], Row("tern-herald", "list/spring", "count", "41", precision="at-most"), THREE[0]]
    rows[2] = replace(rows[2], subject="list/autumn")
    other = keys(read(workspace(files(rows))))[POST]
    reading = read(workspace(files(rows, [("settle", other, "claim/0123456789abcdef")])))
    [finding] = told(reading)
    assert finding.fix == f"put {keys(reading)['tern-herald 41']} into the row"


@pytest.mark.parametrize("second", ["", "claim/fedcba9876543210"])
def test_a_claim_that_nobody_knows_is_told_as_that(workspace: Make, second: str) -> None:
    """Without a build and without another side there is no nearest claim, and none is made up."""
    findings = told(read(workspace(files(THREE, [("settle", "claim/0123456789abcdef", second)]))))
    assert [each.message.partition(" ")[2] for each in findings] == ["is in no table"] * (2 if second else 1)
    assert "kg trace" in findings[0].fix


def test_a_rejected_claim_is_told_as_rejected(workspace: Make) -> None:
    """A decision on a claim that review has rejected since says so, and where."""
    place, decisions = built(workspace, THREE, [(LOW, "")])
    [finding] = told(write(place, [replace(THREE[0], review="rejected"), *THREE[1:]], decisions))
    assert finding.message == f"{decisions[0][1]} was rejected in review, at data/claims/lowgate-radio.csv:2"


@pytest.mark.parametrize("damage", [("40,", "4o,"), ("char=0,4", "char=")])
def test_no_claim_is_missed_while_rows_cannot_be_read(workspace: Make, damage: tuple[str, str]) -> None:
    """What a faulty row takes away is told as the fault of the row, not as a decision on nothing."""
    place, _ = built(workspace, THREE, [(LOW, "")])
    table = place.root / "data/claims/lowgate-radio.csv"
    table.write_text(table.read_text("utf-8").replace(*damage), "utf-8")
    reading = read(place)
    assert reading.findings
    assert not told(reading)


def test_a_table_that_cannot_be_read_hides_its_claims(workspace: Make) -> None:
    """Of claims whose table is damaged as a whole it is not said that they are gone."""
    place, _ = built(workspace, THREE, [(LOW, "")])
    (place.root / "data/claims/lowgate-radio.csv").write_bytes(b"subject,\xff\n")
    assert not told(read(place))


def test_a_damaged_build_knows_nothing(workspace: Make) -> None:
    """What lies in the build folder and is no table of claims is passed over."""
    place, decisions = built(workspace, THREE, [(LOW, "")])
    for name in ("claims", "evidence"):
        (place.build / f"{name}.arrow").write_bytes(b"no arrow")
    [finding] = told(write(place, THREE[1:], decisions))
    assert finding.message == f"{decisions[0][1]} is in no table"


def known(reading: Reading) -> Path:
    """Lay the rows of a reading where a build has them."""
    reading.workspace.build.mkdir()
    for name, frame in rows_behind(reading).items():
        frame.write_ipc(reading.workspace.build / f"{name}.arrow")
    return reading.workspace.root


@settings(max_examples=25)
@given(rows=asserted(5), other=row(), data=st.data())
def test_one_mended_cell_never_leads_elsewhere(
    workspace: Make, rows: list[Row], other: Row, data: st.DataObject
) -> None:
    """Whatever else is claimed, a row of which one cell is mended is the one that is named."""
    place = data.draw(st.integers(0, len(rows) - 1))
    cell = data.draw(st.sampled_from(("precision", "as_of", "claimant", "said", "via")))
    mended = replace(rows[place], **{cell: getattr(other, cell)})
    assume(mended != rows[place])
    first = read(workspace(files(rows)))
    root, before = known(first), set(first.claims.claims["id"])
    reading = write(Workspace(root), [*rows[:place], mended, *rows[place + 1 :]], ())
    now = set(reading.claims.claims["id"])
    assume(not reading.findings and len(before - now) == len(now - before) == 1)
    was, near = nearest(reading.claims, root / "build", *(before - now), [])
    assert was is not None
    assert [each["id"] for each in near] == list(now - before)
