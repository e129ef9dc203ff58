"""Places in a source and the words that stand there: reading them, and verifying them against the source's text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kg.entities import Entities
from kg.errors import Finding, Place, Severity
from kg.files import TOO_LARGE, Fault, UnreadError, place_in, read_bytes, scan
from kg.values import shown

MOST_WORDS = 14
JOINT = " … "

EVIDENCE: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "local": pl.String,
    "source": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "start": pl.Int64,
    "end": pl.Int64,
    "fragment": pl.String,
    "exact": pl.String,
}

# Non-breaking blanks, quote marks and dashes are compared as their plain fellows, one character for one.
_FOLD = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009", " "),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


def fold(text: str) -> str:
    """Text as quotes are compared: blanks, quote marks and dashes made plain, one character for one.

    >>> fold("“Terter\u00a0case” – 2017")
    '"Terter case" - 2017'
    """
    return text.translate(_FOLD)


def read_evidence(rows: pl.DataFrame, findings: list[Finding]) -> tuple[pl.DataFrame, set[int]]:
    """One row for each place in the columns `at` and `quote`, and the rows in which they cannot be read.

    Adds to `findings`: `missing-cell`, `bad-place`, `quote-parts`, `quote-too-long`.
    """
    split = rows.select(
        "row",
        "file",
        "line",
        "source",
        pl.col("at").str.replace_all(r"\s+", " ").str.split(" "),
        pl.col("quote").str.split(JOINT),
    ).with_columns(quoted=pl.col("quote").list.len(), placed=pl.col("at").list.len())
    bare = pl.col("quote").list.join("") == ""
    no_place = pl.col("at").list.join("") == ""
    uneven = ~no_place & ~bare & (pl.col("quoted") != pl.col("placed"))
    unusable = _tell(split.filter(no_place), "missing-cell", "the place is missing", _PLACE_FIX, findings)
    for row, file, line, quoted, placed in (
        split.filter(uneven).select("row", "file", "line", "quoted", "placed").rows()
    ):
        message = f"{placed} place{'s' * (placed > 1)}, but {quoted} part{'s' * (quoted > 1)} of a quote"
        fix = f"part the quote by “{JOINT}”, a part for each place"
        findings.append(Finding("quote-parts", Severity.VIOLATION, Place(file, line), message, fix))
        unusable.add(row)
    sound = split.filter(~no_place & ~uneven).with_columns(
        quote=pl.when(bare).then(pl.lit("").repeat_by("placed")).otherwise("quote")
    )
    places = sound.explode("at", "quote").with_columns(
        start=pl.col("at").str.extract(r"^char=([0-9]{1,9}),[0-9]{1,9}$").cast(pl.Int64),
        end=pl.col("at").str.extract(r"^char=[0-9]{1,9},([0-9]{1,9})$").cast(pl.Int64),
        fragment=pl.col("at").str.extract(r"^((?:row|page)=[1-9][0-9]{0,8}(?:-[1-9][0-9]{0,8})?)$"),
        exact=pl.when(pl.col("quote") != "").then("quote"),
    )
    unusable |= _faults(places, findings)
    name = pl.coalesce(
        pl.concat_str("start", pl.lit("-"), "end"), pl.col("fragment").str.replace("=", "-", literal=True)
    )
    local = pl.concat_str(pl.lit("evidence/"), "source", pl.lit("_"), name)
    return places.select("row", local.alias("local"), "start", "end", "fragment", "exact"), unusable


_PLACE_FIX = "write char=412,415 (code points, the end not included), row=7 or page=3"


def _faults(places: pl.DataFrame, findings: list[Finding]) -> set[int]:
    character = pl.col("start").is_not_null()
    unread = ~character & pl.col("fragment").is_null()
    silent = character & pl.col("exact").is_null()
    wordy = pl.col("exact").str.count_matches(r"\S+") > MOST_WORDS
    unusable: set[int] = set()
    for row, file, line, at in places.filter(unread).select("row", "file", "line", "at").rows():
        message = f"{shown(at)} is no place in a source"
        findings.append(Finding("bad-place", Severity.VIOLATION, Place(file, line), message, _PLACE_FIX))
        unusable.add(row)
    checks = (
        (silent, "missing-cell", "the quote is missing", "copy the words that stand at the place"),
        (wordy, "quote-too-long", f"a part of the quote has more than {MOST_WORDS} words", _CUT),
    )
    for fault, code, message, fix in checks:
        unusable |= _tell(places.filter(fault), code, message, fix, findings)
    return unusable


_CUT = f"keep the words that carry the fact; part them by “{JOINT}” with a place for each"


def _tell(rows: pl.DataFrame, code: str, message: str, fix: str, findings: list[Finding]) -> set[int]:
    for file, line in rows.select("file", "line").unique(maintain_order=True).rows():
        findings.append(Finding(code, Severity.VIOLATION, Place(file, line), message, fix))
    return set(rows.get_column("row").to_list())


def find_texts(folders: list[Path], entities: Entities) -> tuple[dict[str, str], list[Finding]]:
    """The texts of the sources that lie in the folders, by source id; known by the SHA-256 of their bytes.

    Line ends are left as they are, for offsets count code points of the file as it is. What stands in place of a text
    or a folder and cannot be read is a finding, and so is a file that is named after a source but is not its text
    (`text-hash`): its quotes stay unverified.
    """
    hashes = {entity.id.partition("/")[2]: entity.text("sha256").lower() for entity in entities.of("source")}
    wanted = {hash_: source for source, hash_ in hashes.items() if hash_}
    texts: dict[str, str] = {}
    strangers: dict[str, tuple[Path, str]] = {}
    told: list[Finding] = []
    for folder in folders:
        listed = scan(folder, deep=True)
        misnamed = [each for each in listed.ending(".txt").faults if each.path in listed.folders]
        faults = [*listed.faults, *(each for each in misnamed if each.path.stem in hashes)]
        for path in listed.files:
            try:
                data = read_bytes(path, _LARGEST_TEXT)
            except UnreadError as error:
                # Much that is larger than any text may lie beside the texts.
                faults += [error.fault] if error.code != TOO_LARGE or path.stem in hashes else []
                continue
            found = hashlib.sha256(data).hexdigest()
            if found in wanted:
                texts.setdefault(wanted[found], data.decode("utf-8", errors="replace"))
            elif path.stem in hashes:
                strangers[path.stem] = (path, found)
        told += [_unread(folder, fault) for fault in faults]
    told += [_stranger(entities, source, *what) for source, what in sorted(strangers.items()) if source not in texts]
    return texts, told


def _unread(folder: Path, fault: Fault) -> Finding:
    """A text that was not read keeps quotes from being verified, but no row from being right."""
    return fault.finding(folder, folder.resolve().name, Severity.WARNING)


def _stranger(entities: Entities, source: str, path: Path, found: str) -> Finding:
    entity = entities.by_id[f"source/{source}"]
    given = entity.text("sha256")
    told = "another one is given here" if given else "none is given here"
    message = (
        f"{place_in(path.parent, path, path.parent.name)} has the SHA-256 {found}, but {told}, so no quote is verified"
    )
    again = "put the text back as it was, or give its SHA-256 and look at the quotes again"
    fix = again if given else "give it in the column sha256"
    return Finding("text-hash", Severity.WARNING, entity.place, message, fix)


_LARGEST_TEXT = 64 << 20
_LONGEST = 100


def verify_quotes(evidence: pl.DataFrame, texts: Mapping[str, str]) -> tuple[pl.DataFrame, list[Finding], int]:
    """Compare each quote with its place in the text at hand.

    Gives the evidence with the text's own characters in place of folded ones, the findings (`place-outside`,
    `quote-mismatch`), and how many quotes were found in their places.
    """
    findings: list[Finding] = []
    verified = 0
    exact: list[str | None] = []
    columns = ("source", "start", "end", "exact", "file", "line")
    for source, start, end, quote, file, line in evidence.select(columns).iter_rows():
        text = texts.get(source)
        if text is None or start is None or start >= end:
            exact.append(quote)
            continue
        words = text[start:end]
        if end <= len(text) and _plain(words) == _plain(quote):
            verified += 1
            exact.append(words)
            continue
        exact.append(quote)
        findings.append(_mismatch(Place(file, line), text, start, end, quote))
    return evidence.with_columns(pl.Series("exact", exact, dtype=pl.String)), findings, verified


def _plain(text: str) -> str:
    """Text as quotes are compared, whose lines may end in two characters where a table has one."""
    return fold(text).replace("\r\n", "\n")


def _mismatch(place: Place, text: str, start: int, end: int, quote: str) -> Finding:
    if end > len(text):
        message, code = f"char={start},{end} lies outside the text, which has {len(text)} characters", "place-outside"
    else:
        words = f"{shown(text[start:end], _LONGEST)}, not {shown(quote, _LONGEST)}"
        message, code = f"at char={start},{end} the text reads {words}", "quote-mismatch"
    quote = quote if _nearest(fold(text), fold(quote), start) >= 0 else quote.replace("\n", "\r\n")
    found = _nearest(fold(text), fold(quote), start)
    fix = f"write char={found},{found + len(quote)}" if found >= 0 else "copy the words from the text"
    return Finding(code, Severity.VIOLATION, place, message, fix)


def _nearest(text: str, quote: str, start: int) -> int:
    """Where the quote stands nearest to the place it was given, or -1."""
    before, after = text.rfind(quote, 0, start + len(quote)), text.find(quote, start)
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - start), default=-1)
