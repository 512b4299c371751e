"""The fonts of our PDFs, from packages: nothing is downloaded and nothing of the system's is used.

FiraGO covers Latin, Cyrillic, Greek, Arabic, Hebrew, Thai, Devanagari and Georgian, Noto Sans CJK Chinese, Japanese and
Korean; two more Noto fonts add rare currency signs and symbols, one for each the scripts of `_SCRIPTS` and emoji. All
are under the SIL Open Font License.
"""

import re
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pymupdf_fonts
import typst

from portico.output.pdf.coverage import Coverage

# The codes pymupdf-fonts gives its fonts: FiraGO regular and bold, Noto Sans regular and bold, Noto Sans Symbols 2.
_EMBEDDED = {
    "figo": "FiraGO-Regular",
    "figbo": "FiraGO-Bold",
    "notos": "NotoSans-Regular",
    "notosbo": "NotoSans-Bold",
    "symbol2": "NotoSymbols2",
}
_CJK = files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
# Files of manimgx-fonts, each for one script that none of the above has; the Arabic one for the sign of the rial alone.
_SCRIPTS = (
    "Armenian", "Bengali", "Ethiopic", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar",
    "Oriya", "Sinhala", "Tamil", "Telugu", "Arabic",
)  # fmt: skip
_NOTO = {f"Noto Sans {script}": f"NotoSans{script}" for script in _SCRIPTS} | {"Noto Emoji": "NotoEmoji"}

FINGERPRINT = "-".join(version(package) for package in ("pymupdf-fonts", "noto-cjk-sans-otc", "manimgx-fonts"))

_FIRST = ("FiraGO", "Noto Sans")
_LAST = ("Noto Sans Symbols 2",)
_REGIONS = ("SC", "JP", "KR")
_KANA, _HANGUL = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts as Typst takes them, and the characters they have a glyph for."""

    fonts: typst.Fonts
    coverage: Coverage


def load(directory: Path) -> FontSet:
    """Return the fonts, unpacked below `directory` the first time; several processes may do this at once."""
    home = directory / FINGERPRINT
    home.mkdir(parents=True, exist_ok=True)
    cjk = Path(str(_CJK))
    for code, name in _EMBEDDED.items():
        target = home / f"{name}.ttf"
        if not target.exists():
            write_atomically(target, pymupdf_fonts.myfont(code))
    for name in _NOTO.values():
        target = home / f"{name}.ttf"
        if not target.exists():
            write_atomically(target, (files("manimgx_fonts") / f"{name}[wght].ttf").read_bytes())
    map_file = home / "coverage.bin"
    if not map_file.exists():
        paths = [*sorted(home.glob("*.ttf")), cjk]
        write_atomically(map_file, Coverage.of(path.read_bytes() for path in paths).bits)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(home), str(cjk.parent)]
    )
    return FontSet(fonts, Coverage(map_file.read_bytes()))


def families(language: str, text: str) -> list[str]:
    """Return the font families in the order to try, so that Chinese characters look as their readers write them.

    The language decides when it is one of the three; otherwise kana mean Japanese and hangul mean Korean.
    """
    region = {"zh": "SC", "ja": "JP", "ko": "KR"}.get(language[:2]) or _region(text)
    regions = sorted(_REGIONS, key=lambda name: name != region)
    return [*_FIRST, *(f"Noto Sans CJK {name}" for name in regions), *_LAST, *_NOTO]


def _region(text: str) -> str:
    if _KANA.search(text):
        return "JP"
    return "KR" if _HANGUL.search(text) else "SC"


def write_atomically(target: Path, content: bytes) -> None:
    """Put `content` at `target` so that a reader sees the whole file or none."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as scratch:
        scratch.write(content)
    Path(scratch.name).replace(target)
