"""A page of text as PDF, set by a process of its own, which is this module run with `-m`.

Typst starts threads that a forked process does not get, so a process that serves pages must not be forked from one that
has used it: its first PDF would wait for ever.
"""

import json
import subprocess
import sys

import typst

_PAGE = """#set page(paper: "a4", margin: 2.5cm)
#set text(size: 10.5pt)
#let data = sys.inputs
#text(size: 18pt, weight: "bold", data.title)
#v(4mm)
#text(fill: luma(90), data.subtitle)
#v(8mm)
#data.text
#v(14mm)
#line(length: 6cm, stroke: 0.5pt)
#text(size: 8.5pt, fill: luma(90), data.signed)
"""


def letter(title: str, subtitle: str, text: str, signed: str) -> bytes:
    """Return a page of text as PDF."""
    inputs = {"title": title, "subtitle": subtitle, "text": text, "signed": signed}
    command = [sys.executable, "-m", "portico.demo.letter"]
    return subprocess.run(command, input=json.dumps(inputs).encode(), stdout=subprocess.PIPE, check=True).stdout


def main() -> None:
    """Set the words on standard input and write the PDF to standard output."""
    content = typst.compile(_PAGE.encode(), sys_inputs=json.load(sys.stdin))
    assert isinstance(content, bytes)
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
