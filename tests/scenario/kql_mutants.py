# SPDX-License-Identifier: Apache-2.0
"""Queries that nobody wrote: valid ones with a few of their words swapped, gone, doubled or changed for others.

A mutant is a pure function of its seed, so that whatever fails can be made again."""
import json
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = re.compile(r"""\s+|//[^\n]*|(?:[hH]?@)?"(?:[^"\\\n]|\\.)*"|[hH]?@'(?:[^'])*'|[hH]?'(?:[^'\\\n]|\\.)*'
    |(?:datetime|timespan|time|guid|dynamic|int|long|real|decimal)\([^()\[\]{}]*\)|[A-Za-z_$][\w]*(?:-[a-z]+)*~?|\d+(?:\.\d+)?(?:[a-z]+)?
    |[=!<>]=|=~|!~|<>|\.\.|.""", re.X | re.S)
LITERALS = """0 1 -1 2 100 9223372036854775807 -9223372036854775808 0x7f 1.5 -0.0 1e308 real(nan) real(+inf) real(null) long(null) int(null) int(7) 1d 3h 5m
 -1tick timespan(null) time(1.02:03:04) datetime(2024-02-29) datetime(null) datetime(9999-12-31) datetime(0001-01-01) '' 'a' "it's" '\\\\' '%' '{' '\\'' 'a.b[0]' '$1'
 true false bool(null) dynamic(null) dynamic([]) dynamic({}) dynamic([1,"a",null]) dynamic({"a":{"b":[1,2]}}) guid(null)
 guid(74be27de-1e4e-49d9-b579-fe0b331d3642) decimal(1.5) decimal(null) '10.0.0.1' '10.0.0.0/8' '(a)(b)?' now() ago(1d) * string long real datetime""".split()
WRAPS = ["tostring({})", "tolong({})", "todynamic({})", "todatetime({})", "totimespan({})", "isnull({})", "isempty({})", "not({})", "({})", "-({})",
         "pack_array({})", "strlen({})", "todouble({})", "iff(true,{0},{0})", "coalesce({0},{0})", "bin({},1)", "toscalar(print {})", "parse_json({})",
         "tolower({})", "array_length({})", "{}[0]", "{}.a", "{} + 1", "{} == {}", "{} in (1,2)", "todecimal({})", "toguid({})", "toint({})", "tobool({})"]


def is_word(token):
    return token[0].isalpha() or token[0] in "_$"


def is_literal(token):
    return token[0].isdigit() or token[0] in "'\"" or token[:2] in ("@'", '@"') or (is_word(token) and token.endswith(")"))


def tokens(query):
    return TOKEN.findall(query)


class Mutants:
    """`queries`: what they are made from; `calls`: names of functions and aggregates."""

    def __init__(self, queries, calls):
        self.queries = [tokens(query) for query in queries]
        self.calls = calls
        self.segments = [s for q in self.queries for s in self.pipes(q)]
        self.words = sorted({t for q in self.queries for t in q if not t.isspace()})

    @staticmethod
    def pipes(query):
        """The operators of a query: from one `|` outside of brackets to the next."""
        found, start, depth = [], None, 0
        for i, token in enumerate(query):
            depth += (token in "([{") - (token in ")]}")
            if token in "|;" and depth == 0:
                if start is not None:
                    found.append(query[start:i])
                start = i if token == "|" else None
        return found + ([query[start:]] if start is not None else [])

    def make(self, seed):
        rng = random.Random(seed)
        query = list(min((rng.choice(self.queries) for _ in range(3)), key=len))  # the engine is quicker with short ones
        for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 2, 2, 3, 5))):
            rng.choice(self.ACTS)(self, rng, query)
        return "".join(query)

    def place(self, rng, query, fits=lambda token: not token.isspace()):
        places = [i for i, token in enumerate(query) if fits(token)]
        return rng.choice(places) if places else None

    def swap(self, rng, query):
        a, b = self.place(rng, query), self.place(rng, query)
        if a is not None:
            query[a], query[b] = query[b], query[a]

    def delete(self, rng, query):
        at = self.place(rng, query)
        if at is not None:
            del query[at]

    def double(self, rng, query):
        at = self.place(rng, query)
        if at is not None:
            query.insert(at, query[at] + " ")

    def other_literal(self, rng, query):
        at = self.place(rng, query, is_literal)
        if at is not None:
            query[at] = rng.choice(LITERALS)

    def other_word(self, rng, query):
        """Another name of the same query: mostly another column, of another type."""
        at, source = self.place(rng, query, is_word), self.place(rng, query, is_word)
        if at is not None:
            query[at] = query[source]

    def any_word(self, rng, query):
        at = self.place(rng, query)
        if at is not None:
            query[at] = rng.choice(self.words)

    def other_call(self, rng, query):
        places = [i for i in range(len(query) - 1) if is_word(query[i]) and query[i + 1] == "("]
        if places:
            query[rng.choice(places)] = rng.choice(self.calls)

    def wrap(self, rng, query):
        at = self.place(rng, query, lambda token: is_word(token) or is_literal(token))
        if at is not None:
            query[at] = rng.choice(WRAPS).format(query[at], query[at])

    def add_operator(self, rng, query):
        at = self.place(rng, query, lambda token: token == "|")
        query[at if at is not None else len(query):0 if at is None else at] = rng.choice(self.segments) + [" "]

    def drop_operator(self, rng, query):
        segments = self.pipes(query)
        if segments:
            gone = rng.choice(segments)
            for i in range(len(query)):
                if query[i:i + len(gone)] == gone:
                    del query[i:i + len(gone)]
                    return

    ACTS = (swap, delete, double, other_literal, other_literal, other_literal, other_word, other_word, any_word, other_call, other_call, other_call,
            wrap, wrap, wrap, wrap, add_operator, add_operator, drop_operator)


def corpus(folder, most_tables):
    """The valid queries of a corpus, and the schema of the tables they name most."""
    if not (folder / "rules.jsonl").exists():
        return [], {}
    rows = [json.loads(line) for name in ("kusto_engine", "docs", "rules") for line in open(folder / f"{name}.jsonl", encoding="utf-8")]
    queries = [row["query"] for row in rows if row.get("parses", True) and not row.get("error") and len(row["query"]) < 6000]
    tables = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    named = {}
    for query in queries:
        for word in set(re.findall(r"\w+", query)) & tables.keys():
            named[word] = named.get(word, 0) + 1
    often = sorted(named, key=lambda name: (-named[name], name))[:most_tables]
    return queries, {name: tables[name] for name in often}


TYPED = {"bool": "true", "int": "int(3)", "long": "7", "real": "1.5", "decimal": "decimal(2.5)", "datetime": "datetime(2024-02-29)", "timespan": "1h",
         "string": "'a'", "guid": "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "dynamic": "dynamic([1,2])", "dynamic bag": 'dynamic({"a":1})',
         "dynamic null": "dynamic(null)", "long null": "long(null)", "datetime null": "datetime(null)"}
ROW = ("datatable(x:long," + ",".join(f"c{i}:{kind.split()[0]}" for i, kind in enumerate(TYPED)) + ")[3," + ",".join(TYPED.values()) + "]")
CALL_SHAPES = {"function": "| extend y = {}", "aggregate": "| summarize y = {}", "window": "| serialize y = {}"}


def arguments(words):
    """Where each argument of the first call begins and ends."""
    opens = next((i for i in range(1, len(words)) if words[i] == "(" and is_word(words[i - 1])), len(words))
    depth, start = 0, opens + 1
    for i in range(opens, len(words)):
        depth += (words[i] in "([{") - (words[i] in ")]}")
        if depth == 0 or (depth == 1 and words[i] == ","):
            if i > start:
                yield start, i
            start = i + 1
        if depth == 0:
            return


def typed_calls(rows):
    """Each example of a function or an aggregate with each argument replaced by a value of each type, as a constant and as a column."""
    for row in rows:
        words = tokens(row["example"]) if row["kind"] in CALL_SHAPES else []
        for start, end in arguments(words):
            for i, constant in enumerate(TYPED.values()):
                for value in (constant, f"c{i}"):
                    yield ROW + CALL_SHAPES[row["kind"]].format("".join([*words[:start], " ", value, *words[end:]]))
