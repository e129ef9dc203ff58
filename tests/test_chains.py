"""Long chains and circles: groups in groups, editions after editions, decisions on decisions cost linear time."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from conftest import Make

from kg.check import check
from kg.errors import Finding
from kg.workspace import read

Files = dict[str, str]
CLAIMS = "subject,property,value,at,quote\n"
DECISIONS = "judgement,first,second,reason,by,when\n"
SHORT, LONG = 2_000, 8_000


def rows(head: str, each: Callable[[int], str], number: int) -> str:
    """A table with so many rows."""
    return head + "".join(f"{each(i)}\n" for i in range(number))


def entities(kind: str, number: int) -> str:
    """A table of so many entities."""
    return rows("id,name\n", lambda i: f"{kind}{i},{kind} {i}", number)


def groups(number: int) -> Files:
    """Each group a part of the next, and all of them counted on one list."""
    return {
        "data/groups.csv": rows("id,name,broader\n", lambda i: f"g{i},G {i},group/g{i + 1}", number)
        + f"g{number},G,\n",
        "data/lists.csv": "id,name\nharbour,Harbour\n",
        "data/claims/river-post.csv": rows(
            CLAIMS + "list/harbour,count,9999,page=1,x\n", lambda i: f"list/harbour#g{i},count,3,page=1,x", number
        ),
    }


def circle(number: int) -> Files:
    """Each group a part of the next, and the last one of the first."""
    return {
        "data/groups.csv": rows("id,name,broader\n", lambda i: f"g{i},G {i},group/g{(i + 1) % number}", number),
    }


def editions(number: int) -> Files:
    """Each list follows the one before, and gains a name."""
    return {
        "data/lists.csv": entities("l", number + 1),
        "data/claims/river-post.csv": rows(CLAIMS, lambda i: f"list/l{i + 1},follows,list/l{i},page=1,x", number)
        + rows("", lambda i: f"list/l{i},count,{i},page=1,x", number)
        + rows("", lambda i: f"list/l{i},added,1,page=1,x", number),
    }


def cases(number: int) -> Files:
    """Each case a part of the next."""
    return {
        "data/cases.csv": entities("c", number + 1),
        "data/claims/river-post.csv": rows(CLAIMS, lambda i: f"case/c{i},partOf,case/c{i + 1},page=1,x", number),
    }


def decisions(number: int) -> Files:
    """Each person the same as the next, and the last another than the first."""
    return {
        "data/people.csv": entities("p", number + 1),
        "data/decisions.csv": rows(DECISIONS, lambda i: f"same,person/p{i},person/p{i + 1},r,b,2031", number)
        + f"different,person/p0,person/p{number},r,b,2031\n",
    }


def copies(number: int) -> Files:
    """One number, told by ever other claimants and retold from ever other sources, each pair sharing one of them."""
    return {
        "data/lists.csv": "id,name\nharbour,Harbour\n",
        "data/organizations.csv": entities("o", number),
        "data/sources.csv": rows("id,title,published\nriver-post,R,2031\n", lambda i: f"v{i},V,2031", number),
        "data/claims/river-post.csv": rows(
            CLAIMS.strip() + ",claimant,via\n",
            lambda i: f"list/harbour,count,7,page=1,x,organization/o{i // 2},v{(i + 1) // 2}",
            number,
        ),
    }


def spent(workspace: Make, files: Files) -> tuple[float, tuple[Finding, ...]]:
    """The time that reading and checking a workspace takes, and what a check finds."""
    made = workspace({"data/sources.csv": "id,title,published\nriver-post,R,2031\n", **files})
    start = process_time()
    found = check(read(made)).findings
    return process_time() - start, found


@pytest.mark.parametrize("chain", [groups, circle, editions, cases, decisions, copies])
def test_chains_cost_linear_time(workspace: Make, chain: Callable[[int], Files]) -> None:
    """Four times as many links take about four times as long, not sixteen times, and end no recursion."""
    spent(workspace, chain(10))
    short, _ = spent(workspace, chain(SHORT))
    long, _ = spent(workspace, chain(LONG))
    assert long < 9 * short + 1
    assert long < 20


def test_each_link_of_a_circle_is_told(workspace: Make) -> None:
    """A circle of two thousand groups is found at each of them, with the next one."""
    _, found = spent(workspace, circle(SHORT))
    told = [each for each in found if each.code == "circle"]
    assert len(told) == SHORT
    assert told[0].message == "group/g0: a group is a part of itself (group/g1)"


def test_what_leads_to_a_circle_is_no_part_of_it(workspace: Make) -> None:
    """Of a chain that ends in a circle only the links of the circle are told."""
    table = "id,name,broader\na,A,group/b\nb,B,group/c\nc,C,group/d\nd,D,group/c\n"
    _, found = spent(workspace, {"data/groups.csv": table})
    assert [each.place.line for each in found if each.code == "circle"] == [4, 5]


def test_entities_held_apart_are_told_with_the_way_between_them(workspace: Make) -> None:
    """The chain of decisions by which two are one is told from the first to the last."""
    _, found = spent(workspace, decisions(3))
    (apart,) = [each for each in found if each.code == "same-and-different"]
    assert apart.message.endswith(
        "(data/decisions.csv:2: person/p1 is person/p0; data/decisions.csv:3: person/p2 is person/p1; "
        "data/decisions.csv:4: person/p3 is person/p2)"
    )
