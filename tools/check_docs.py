#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each module with sources has a README with a line for every file and a page in docs/; links inside the
repository lead somewhere; nothing tracked names a path of the machine it was written on."""
import re
import subprocess

import lint


def module_pages():
    problems, looked_at = [], 0
    for module in sorted(lint.deps()):
        sources = lint.tracked(f"src/{module}/*.c", f"src/{module}/*.cc", f"src/{module}/*.h")
        if not any(path.suffix in (".c", ".cc") for path in sources):
            continue
        looked_at += 1
        readme = lint.SRC / module / "README.md"
        if not (lint.ROOT / "docs" / f"{module}.md").exists():
            problems.append(f"docs/{module}.md is missing")
        if not readme.exists():
            problems.append(f"src/{module}/README.md is missing")
            continue
        text = readme.read_text()
        problems += [f"src/{module}/README.md has no line for {stem}"
                     for stem in sorted({path.stem for path in sources}) if not re.search(rf"\b{re.escape(stem)}\b", text)]
    return problems, looked_at


def links():
    problems = []
    for path in lint.tracked("*.md"):
        text = re.sub(r"```.*?```", "", (lint.ROOT / path).read_text(), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:|#", target):
                continue
            place = (lint.ROOT / path).parent / target.split("#")[0]
            if not place.exists():
                problems.append(f"{path}: the link {target} leads nowhere")
    return problems


def machine_paths():
    found = subprocess.run(["git", "grep", "-nE", r"(^|[^A-Za-z.])/(work|farm)/", "--", ".", ":!*.lock", ":!tools/check_docs.py"],
                           cwd=lint.ROOT, capture_output=True, text=True).stdout.splitlines()
    return [f"{line[:160]}: a path of one machine" for line in found]


def main():
    lint.arguments()
    problems, looked_at = module_pages()
    lint.finish("check_docs", problems + links() + machine_paths(), looked_at)


main()
