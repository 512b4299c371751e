"""The plain Django page that ours is compared with shows the same list."""

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.databases import environment
from benchmarks.datasets import REGULAR
from benchmarks.serving import plain
from benchmarks.visiting import Visitor, text_of


def test_plain_page_shows_the_newest_25_of_200_invoices(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    installation = environment(home)
    printed = [
        subprocess.run(
            [sys.executable, "-m", *words], env=installation, capture_output=True, text=True, timeout=120, check=True
        ).stdout
        for words in (["benchmarks.fill", "tiny"], ["benchmarks.plain.session", REGULAR])
    ]
    with plain(installation, tmp_path / "plain.log") as server:
        page = text_of(Visitor(server.host, {"sessionid": printed[1].strip()}), "/invoices")
    assert "200 invoices" in page
    numbers = re.findall(r'href="/invoices/inv_[0-9a-z]{26}">(INV-\d+)<', page)
    assert len(numbers) == 25
    assert numbers == sorted(numbers, key=lambda number: int(number[4:]), reverse=True)
    assert len(re.findall(r"EUR [\d,]+\.\d\d<", page)) == 50
