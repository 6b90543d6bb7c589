#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone, and every C file passes the other compiler too (clang, syntax and warnings)."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess

import lint

FLAGS = ("-fsyntax-only -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wvla "
         "-Wformat=2 -Wundef -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wimplicit-fallthrough -Werror")


def run(name, command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"{name}:\n{done.stderr.strip()[:1500]}"]


def header_jobs():
    for path in lint.tracked("src/*.h"):
        base = ["gcc", *FLAGS.split(), f"-I{lint.SRC}", f"-I{lint.ROOT}", f"-I{lint.ROOT}/build/dev/generated",
                "-include", str(lint.SRC / "base/banned.h"), "-x", "c", str(lint.ROOT / path)]
        yield f"{path} alone", base, lint.ROOT


def clang_jobs(build):
    """The commands of the build, said to clang. Stamped by the content that ccache would see: unchanged files of
    an earlier clean run are not compiled again."""
    commands = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    for entry in commands:
        path = pathlib.Path(entry["file"])
        if path.suffix != ".c" or not path.is_relative_to(lint.ROOT):
            continue
        words = shlex.split(entry["command"])
        words = words[1:] if words[0].endswith("ccache") else words
        words = ["clang-14", *words[1:]]
        at = words.index("-o")
        del words[at:at + 2]
        words = [w for w in words if not re.match(r"-M[DTF]?$|.*\.o\.d$", w)]
        words = [w for w in words if w != "-c" and not w.endswith(".o")]
        yield f"{path.relative_to(lint.ROOT)} with clang", words + ["-fsyntax-only", "-Wno-unknown-warning-option"], entry["directory"]


def main():
    build = lint.arguments().build
    jobs = [*header_jobs(), *clang_jobs(build)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = [p for found in pool.map(lambda job: run(*job), jobs) for p in found]
    lint.finish("check_headers", problems, len(jobs))


main()
