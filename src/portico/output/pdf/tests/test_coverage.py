from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from portico.output.pdf import fonts
from portico.output.pdf.coverage import Coverage


def test_coverage_is_what_the_fonts_map(font_folder: Path, coverage: Coverage) -> None:
    mapped = set(TTCollection(str(fonts._CJK)).fonts[0].getBestCmap())
    for file in font_folder.rglob("*.ttf"):
        mapped |= set(TTFont(file).getBestCmap())
    assert len(mapped) > 45_000
    covered = {code for code in range(0x110000) if chr(code) in coverage}
    assert covered == mapped


def test_every_glyph_of_the_collection_serves_all_three_countries() -> None:
    maps = [set(font.getBestCmap()) for font in TTCollection(str(fonts._CJK)).fonts[:5]]
    assert all(characters == maps[0] for characters in maps)


def test_fonts_are_unpacked_once(tmp_path: Path) -> None:
    fonts.load(tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")}
    fonts.load(tmp_path)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")} == before
    assert not list(tmp_path.rglob("*.part"))
