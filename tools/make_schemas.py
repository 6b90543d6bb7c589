#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes content/schemas: one JSON file for each log table that Vedette creates when it is first written.

Which tables: the ones that public rules read most, counted in a file of queries (--rules), and the ones that
Vedette itself fills (tools/schema_notes.json, "ours"). Which columns: names and types of --tables. What is ours
to say (description, retention, partition, searched columns) stands in tools/schema_notes.json.

    tools/make_schemas.py --tables tables.json --rules rules.jsonl [--count 120] [--out content/schemas]
    tools/make_schemas.py --rules rules.jsonl --tables tables.json --list 200      only print the counts
"""
import argparse
import collections
import json
import pathlib
import re
import sys

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)"""
    r"""|(?P<string>@?h?@?"(?:[^"\\\n]|\\.)*"|@?h?@?'(?:[^'\\\n]|\\.)*'|```.*?```)"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:-[a-z]+(?=\s))?)"""
    r"""|(?P<number>[0-9][0-9A-Za-z.]*)"""
    r"""|(?P<mark>.)""", re.S)

# A table in brackets stands after one of these, a function's argument after any other word.
BEFORE_BRACKET = {"union", "join", "lookup", "in", "materialize", "toscalar", "view", "isfuzzy", "facet", "and", "or"}
ENDS = {"|", ")", ";", "}", "", ","}


def tokens(query):
    """The words and marks of a query, without space, comments and the text of strings."""
    for match in TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "string":
            yield '""'
        elif kind != "space":
            yield match.group()


def tables_of(query, known):
    """The known tables that stand where a query reads a table: a column or a string of that name does not count."""
    words = [""] + list(tokens(query)) + [""]
    found, in_union = set(), False
    for at in range(1, len(words) - 1):
        before, word, after = words[at - 1], words[at], words[at + 1]
        if word in ("union", "find"):
            in_union = True
        elif word in "|;":
            in_union = False
        if word not in known or after not in ENDS:
            continue
        if before in ("", ";", "{", "union") or (before == "=" and after in "|;"):
            found.add(word)
        elif before == "(":
            caller = words[at - 2] if at >= 2 else ""
            if after == "|" or caller in BEFORE_BRACKET or not re.match(r"\w", caller or " "):
                found.add(word)
        elif in_union and (before in (",", ")", "true", "false") or re.match(r"\w", before)):
            found.add(word)
        elif re.match(r"\w", before) and after == "|" and before not in ("by", "project", "distinct"):
            found.add(word)
    return found


def count(rules, known):
    """How many queries read each table."""
    counts = collections.Counter()
    with open(rules, encoding="utf-8") as lines:
        for line in lines:
            counts.update(tables_of(json.loads(line)["query"], known))
    return counts


def schema(name, columns, note):
    """The schema file's content for one table."""
    have = {column for column, _ in columns}
    extra = [(column, kind) for column, kind in note.get("columns", []) if column not in have]
    rows = [{"name": column, "type": kind} for column, kind in columns + extra]
    for row in rows:
        if row["name"] == "Timestamp" and row["type"] == "datetime":
            row["sameAs"] = "TimeGenerated"
    missing = set(note.get("searched", [])) - {row["name"] for row in rows if row["type"] in ("string", "dynamic")}
    if missing:
        sys.exit(f"{name}: searched columns that are no text: {sorted(missing)}")
    return {
        "name": name,
        "description": note["description"],
        "retentionDays": note.get("retentionDays", 90),
        "partition": note.get("partition", "month"),
        "searched": note.get("searched", []),
        "columns": rows,
    }


def ordered(columns):
    """TimeGenerated first, then the table's own columns as listed, the platform's underscored ones last."""
    own = dict([("TimeGenerated", "datetime")] + [tuple(column) for column in columns])
    return sorted(((name, kind) for name, kind in own.items() if re.fullmatch(r"\w+", name) and not name.startswith("_DT")),
                  key=lambda column: (column[0] != "TimeGenerated", column[0].startswith("_")))


def write(path, content):
    """One line a column: a changed column is a changed line."""
    head = {key: value for key, value in content.items() if key != "columns"}
    lines = ["  " + json.dumps(key) + ": " + json.dumps(value, ensure_ascii=False) + "," for key, value in head.items()]
    columns = ",\n".join("    " + json.dumps(column) for column in content["columns"])
    path.write_text("{\n" + "\n".join(lines) + '\n  "columns": [\n' + columns + "\n  ]\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", required=True, help="JSON object: table name to a list of [column, type]")
    parser.add_argument("--rules", required=True, help="JSON lines with a field query")
    parser.add_argument("--notes", default=str(pathlib.Path(__file__).with_name("schema_notes.json")))
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--out", default="content/schemas")
    parser.add_argument("--list", type=int, metavar="N", help="print the N most read tables and stop")
    options = parser.parse_args()

    known = json.loads(pathlib.Path(options.tables).read_text(encoding="utf-8"))
    ranked = [name for name, _ in sorted(count(options.rules, known).items(), key=lambda item: (-item[1], item[0]))]
    if options.list:
        counts = count(options.rules, known)
        for name in ranked[:options.list]:
            print(counts[name], name)
        return 0

    notes = json.loads(pathlib.Path(options.notes).read_text(encoding="utf-8"))
    chosen = [name for name in ranked if name not in notes["leftOut"]][:options.count]
    chosen += [name for name in notes["always"] + list(notes["ours"]) if name not in chosen]
    undescribed = [name for name in chosen if name not in notes["tables"] and name not in notes["ours"]]
    if undescribed:
        sys.exit("no description in schema_notes.json for: " + " ".join(undescribed))
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        note = notes["ours"].get(name) or notes["tables"][name]
        columns = [] if name in notes["ours"] else ordered(known[name])
        write(out / f"{name}.json", schema(name, columns, note))
    print(f"{len(chosen)} schemas in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
