# SPDX-License-Identifier: Apache-2.0
"""What the checks share: which files there are, and how a check reports."""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build/dev"), help="the build folder of CMake")
    return parser.parse_args()


def tracked(*patterns):
    """Files that git tracks or would track, as paths relative to the root."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [pathlib.Path(name) for name in listed if name and (ROOT / name).is_file()]


def deps():
    """src/DEPS as {module: [modules that it may include]}."""
    table = {}
    for line in (SRC / "DEPS").read_text().splitlines():
        found = re.fullmatch(r"([a-z]+):\s*(.*)", line)
        if found:
            table[found[1]] = found[2].split()
    return table


def finish(name, problems, looked_at):
    for problem in problems:
        print(problem)
    print(f"{name}: {looked_at} looked at, {len(problems)} wrong")
    if not looked_at:
        sys.exit(f"{name}: found nothing to look at, so it proves nothing")
    sys.exit(1 if problems else 0)
