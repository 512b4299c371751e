import subprocess
import sys

from portico.demo.letter import letter

# What the demonstration does: papers first, then the processes that serve pages, which print PDFs themselves.
_PAPERS_THEN_SERVE = """
import os, signal, typst
from portico.demo.letter import letter
letter("Title", "", "", "")
child = os.fork()
if child == 0:
    signal.alarm(30)
    typst.compile(b"hello")
    os._exit(0)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
"""


def test_a_letter_is_a_pdf() -> None:
    assert letter("Framework agreement", "Between us", "We agree.", "Signed").startswith(b"%PDF-")


def test_processes_started_after_a_letter_can_print() -> None:
    assert subprocess.run([sys.executable, "-c", _PAPERS_THEN_SERVE], check=False).returncode == 0
