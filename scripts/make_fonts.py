"""Make the portal's web fonts of the PDFs' fonts: smaller, for browsers. Run it when `pymupdf-fonts` has new ones.

FiraGO and Noto Sans are under the SIL Open Font License, which stays in the fonts' own tables. "Fira" is a reserved
name: what is made of it is called Portico Sans.
"""

from io import BytesIO
from pathlib import Path

import pymupdf_fonts
from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parents[1] / "src/portico/web/shared/static/portico/fonts"
FONTS = {"firago-400": "figo", "firago-700": "figbo", "noto-400": "notos", "noto-700": "notosbo"}
# Latin, Greek and Cyrillic with their punctuation, currencies, arrows and signs, and Arabic where the font has it.
RANGES = [(0x20, 0x17F), (0x218, 0x21B), (0x300, 0x30C), (0x370, 0x45F), (0x600, 0x6FF), (0x2000, 0x206F),
          (0x20A0, 0x20BF), (0x2100, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0xFDFC, 0xFDFC)]  # fmt: skip


def main() -> None:
    """Write every font anew."""
    for name, code in FONTS.items():
        font = TTFont(BytesIO(pymupdf_fonts.myfont(code)))
        options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True, name_IDs=["*"])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[point for first, last in RANGES for point in range(first, last + 1)])
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in {1, 3, 4, 6, 16}:
                record.string = str(record).replace("FiraGO", "Portico Sans").replace("Fira", "Portico")
        font.flavor = "woff2"
        font.save(FOLDER / f"{name}.woff2", reorderTables=False)


if __name__ == "__main__":
    main()
