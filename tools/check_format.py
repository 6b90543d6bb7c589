#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""C files stand as clang-format 14 lays them out (`make fmt` does it)."""
import subprocess

import lint


def main():
    lint.arguments()
    files = lint.tracked("src/*.c", "src/*.h", "src/*.cc", "tests/*.c", "tests/*.h")
    done = subprocess.run(["clang-format-14", "--dry-run", "--Werror", *map(str, files)], cwd=lint.ROOT,
                          capture_output=True, text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})
    lint.finish("check_format", [f"{name}: run `make fmt`" for name in wrong], len(files))


main()
