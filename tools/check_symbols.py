#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every external symbol of src/<module>/x.c begins with x_ or X_ (or is x itself); stems are unique in the tree.

A unit may be split over files: x_part.c may define symbols of x_ when src/<module>/x.h declares them."""
import pathlib
import re
import subprocess

import lint


def objects(build):
    for path in pathlib.Path(build).glob("CMakeFiles/v_*.dir/src/*/*.o"):
        source = re.sub(r"\.o$", "", str(path.relative_to(path.parents[3])))
        found = re.search(r"src/([a-z]+)/([^/]+)\.(c|cc)$", str(path)[:-2])
        if found and (lint.SRC / found[1] / f"{found[2]}.{found[3]}").exists():
            yield found[1], found[2], path, source


def external(path):
    listed = subprocess.run(["nm", "-g", "--defined-only", path], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        name = line.split()[-1]
        if line.split()[-2] in "TDBRVW" and not name.startswith(("_Z", "_GLOBAL", "__", "DW.")):
            yield name


def headers_of(module, stem):
    """Headers that may declare the symbols of a file: its own, and those of the units whose name it extends."""
    parts = stem.split("_")
    for n in range(len(parts), 0, -1):
        for suffix in (".h", "_priv.h"):
            header = lint.SRC / module / ("_".join(parts[:n]) + suffix)
            if header.exists():
                yield "_".join(parts[:n]), header


def main():
    build = lint.arguments().build
    problems, stems, looked_at = [], {}, 0
    for module, stem, path, _ in objects(build):
        looked_at += 1
        if stem in stems and stems[stem] != module:
            problems.append(f"src/{module}/{stem}.c: the stem stands in src/{stems[stem]} too")
        stems[stem] = module
        allowed = {stem}
        for unit, _ in headers_of(module, stem):
            allowed.add(unit)
        for name in external(path):
            lower = name.lower()
            if not any(lower == unit or lower.startswith(unit + "_") for unit in allowed):
                problems.append(f"src/{module}/{stem}.c: {name} does not begin with {stem}_")
    lint.finish("check_symbols", problems, looked_at)


main()
