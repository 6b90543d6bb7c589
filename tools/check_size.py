#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes that STYLE sets: files, functions, parameters, nesting, includes. `/* long: reason */` before or in the
head of a function (or in the first lines of a file) marks an exception; all exceptions are listed."""
import re

import lint

FILE_LINES, FUNCTION_LINES, PARAMETERS, NESTING, INCLUDES = 1000, 100, 5, 4, 16
HEAD = re.compile(r"^[A-Za-z_][^;={}#]*\)\s*(/\*.*\*/)?$")


def strip(text):
    """Comments and literals blanked, lines kept."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def functions(lines):
    """(first line of the head, opening line, closing line), counted from 0, of each function at the left margin."""
    start = None
    for number, line in enumerate(lines):
        if line == "{" or line.startswith("{ "):
            head = number - 1
            while head > 0 and lines[head - 1].strip() and not lines[head - 1].startswith(("}", "#", " *", "{")) \
                    and not lines[head - 1].rstrip().endswith((";", "*/")):
                head -= 1
            start = (head, number)
        elif line.startswith("}") and start:
            if "(" in lines[start[0]] or "(" in "".join(lines[start[0]:start[1]]):
                yield start[0], start[1], number
            start = None


def parameters(head):
    inside = head[head.index("(") + 1:head.rindex(")")]
    depth, count = 0, 1
    for c in inside:
        depth += c in "([" and 1 or c in ")]" and -1 or 0
        count += c == "," and depth == 0
    return 0 if inside.strip() in ("", "void") else count


def nesting(body):
    depth = deepest = 0
    for line in body:
        stripped = line.strip()
        depth -= stripped.startswith("}")
        if stripped.endswith("{") and not stripped.endswith("= {") and not re.search(r"[,(=]\s*\{$|\]\s*=\s*\{$", stripped):
            depth += 1
            deepest = max(deepest, depth)
        elif stripped.endswith("{"):
            depth += 1
        if stripped.startswith("}") and stripped.endswith("{"):
            pass
    return deepest


def check(path):
    raw = (lint.ROOT / path).read_text()
    raw_lines, lines = raw.splitlines(), strip(raw).splitlines()
    problems, marked, lengths = [], [], []
    if len(lines) > FILE_LINES:
        (marked if "/* long:" in raw[:600] else problems).append(f"{path}: {len(lines)} lines, at most {FILE_LINES}")
    includes = sum(1 for line in raw_lines if re.match(r'#\s*include "', line))
    if includes > INCLUDES and path.suffix == ".c":
        (marked if "/* long:" in raw[:600] else problems).append(f"{path}: {includes} quoted includes, at most {INCLUDES}")
    for head, opening, closing in functions(lines):
        excused = "/* long:" in "\n".join(raw_lines[max(0, head - 3):opening + 2])
        length = closing - opening - 1
        lengths.append(length)
        where = f"{path}:{head + 1}"
        found = []
        if length > FUNCTION_LINES:
            found.append(f"{where}: a function of {length} lines, at most {FUNCTION_LINES}")
        text = " ".join(lines[head:opening])
        if "(" in text and ")" in text:
            n = parameters(text) - ("struct err *err" in text)
            if n > PARAMETERS + 1:
                found.append(f"{where}: {n} parameters beside err, at most {PARAMETERS}; use a struct")
        depth = nesting(lines[opening + 1:closing])
        if depth > NESTING:
            found.append(f"{where}: nested {depth} deep, at most {NESTING}")
        (marked if excused else problems).extend(found)
    return problems, marked, lengths


def main():
    lint.arguments()
    files = lint.tracked("src/*.c", "src/*.h")
    problems, marked, lengths = [], [], []
    for path in files:
        found = check(path)
        problems += found[0]
        marked += found[1]
        lengths += found[2]
    lengths.sort()
    if lengths:
        print(f"functions: {len(lengths)}, median {lengths[len(lengths) // 2]}, p90 {lengths[len(lengths) * 9 // 10]}")
    for line in marked:
        print("marked:", line)
    lint.finish("check_size", problems, len(files))


main()
