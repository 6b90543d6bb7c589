#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every quoted include of src/ goes where src/DEPS allows; *_priv.h stay in their folder; DEPS has no cycle."""
import re

import lint


def cycles(table):
    done, problems = set(), []

    def visit(name, path):
        if name in path:
            problems.append(f"src/DEPS: cycle {' -> '.join(path + [name])}")
            return
        if name in done:
            return
        for dep in table.get(name, []):
            visit(dep, path + [name])
        done.add(name)

    for name in table:
        visit(name, [])
    return problems


def check_file(path, table):
    module = path.parts[1]
    problems = []
    if module not in table:
        return [f"{path}: module {module} has no line in src/DEPS"]
    text = (lint.ROOT / path).read_text()
    if "SPDX-License-Identifier: Apache-2.0" not in text[:200]:
        problems.append(f"{path}: no SPDX line at the top")
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found:
            continue
        target = found[1]
        if "/" not in target:
            problems.append(f'{path}:{number}: include "{target}" by its module: "{module}/{target}"')
            continue
        other = target.split("/")[0]
        if other != module and other not in table[module]:
            problems.append(f"{path}:{number}: {module} may not include {other} (src/DEPS)")
        if other != module and target.endswith("_priv.h"):
            problems.append(f"{path}:{number}: {target} is private to {other}")
    return problems


def main():
    lint.arguments()
    table = lint.deps()
    problems = cycles(table)
    for name, allowed in table.items():
        problems += [f"src/DEPS: {name} names {dep}, which has no line" for dep in allowed if dep not in table]
    files = lint.tracked("src/*.c", "src/*.h", "src/*.cc")
    for path in files:
        if len(path.parts) > 2:
            problems += check_file(path, table)
    lint.finish("check_deps", problems, len(files))


main()
