"""SVG made safe: a new drawing of what is on a short list of shapes, and nothing else.

What only an editor needs is dropped. What could run, load or hide something is refused with its line, so that nobody
wonders why half a logo is missing. It is drawn by a process of its own, which is this module run with `-m`.
"""

import re
import subprocess
import sys

import tinycss2  # type: ignore[import-untyped]  # published without types
import typst
from lxml import etree

from portico.domain.branding.errors import PictureRefused

MAX_BYTES = 256 * 1024
_MOST_ELEMENTS = 4_000
_DEEPEST = 24
_SVG = "http://www.w3.org/2000/svg"
_DROPPED = frozenset({"title", "desc", "metadata"})
_ELEMENTS = frozenset(
    {
        "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient",
        "radialGradient", "stop", "clipPath",
    }
)  # fmt: skip
_PROPERTIES = frozenset(
    {
        "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
        "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity", "color",
        "clip-path", "clip-rule", "stop-color", "stop-opacity", "display", "visibility",
    }
)  # fmt: skip
_ATTRIBUTES = _PROPERTIES | {
    "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points",
    "transform", "viewBox", "preserveAspectRatio", "gradientUnits", "gradientTransform", "spreadMethod", "offset",
    "clipPathUnits", "pathLength",
}  # fmt: skip
# Numbers, words, colours and functions; no quotes, no backslashes, no colons.
_VALUE = re.compile(r"[\w\s#.,%()+-]*")
_LOCAL = re.compile(r"url\(#[\w.-]+\)")
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_HREFS = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})
_DRAW = """
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", height: 120pt)
"""
_DOTS_PER_INCH = 144.0
_LONGEST_DRAWING = 60


def safe_svg(content: bytes) -> bytes:
    """Return the drawing anew, made of what is allowed. Raises PictureRefused with the line of what is not."""
    if len(content) > MAX_BYTES:
        raise PictureRefused("An SVG has at most 256 kB.", code="svg_too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise PictureRefused("The SVG is not well-formed XML.", code="svg_broken") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():
        raise PictureRefused("The SVG declares entities.", code="svg_entities")
    if root.tag != f"{{{_SVG}}}svg":
        raise PictureRefused("This is no SVG.", code="svg_broken")
    drawing = _copy(root, 0, [0], clips=False)
    _give_size(drawing)
    return etree.tostring(drawing, encoding="utf-8")


def drawn(svg: bytes) -> bytes:
    """Return a safe drawing as PNG, 240 pixels high. Raises PictureRefused for what can't be drawn."""
    # Typst starts threads that a forked process does not get: a server forked from a process that has used it, as the
    # demonstration's is, would wait for its first PDF for ever.
    command = [sys.executable, "-m", "portico.domain.branding.svg"]
    try:
        return subprocess.run(command, input=svg, capture_output=True, check=True, timeout=_LONGEST_DRAWING).stdout
    except subprocess.SubprocessError as error:
        raise PictureRefused("The SVG can't be drawn.", code="svg_broken") from error


def main() -> None:
    """Draw the safe SVG on standard input, and write the PNG to standard output."""
    inputs = {"svg": sys.stdin.buffer.read().decode()}
    png = typst.compile(_DRAW.encode(), format="png", ppi=_DOTS_PER_INCH, sys_inputs=inputs)
    assert isinstance(png, bytes)
    sys.stdout.buffer.write(png)


def _copy(element: etree._Element, depth: int, count: list[int], *, clips: bool) -> etree._Element:
    count[0] += 1
    if depth > _DEEPEST or count[0] > _MOST_ELEMENTS:
        raise PictureRefused("The SVG has too many parts.", code="svg_too_large")
    made = etree.Element(etree.QName(_SVG, etree.QName(element).localname), nsmap={None: _SVG} if depth == 0 else None)
    clips = clips or etree.QName(element).localname == "clipPath"
    for name, value in _attributes(element):
        if clips and name == "clip-path":
            # Each of a chain of paths that clip twice by the next doubles the work.
            raise _refused(element, "clip-path in a clipPath")
        made.set(name, value)
    for child in element:
        if isinstance(child, etree._Entity):
            raise _refused(child, "an entity")
        if not isinstance(child.tag, str):
            continue
        tag = etree.QName(child)
        if tag.namespace != _SVG or tag.localname in _DROPPED:
            continue
        if tag.localname not in _ELEMENTS:
            raise _refused(child, f"<{tag.localname}>")
        made.append(_copy(child, depth + 1, count, clips=clips))
    return made


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    found = []
    for key, text in element.attrib.items():
        name, value = str(key), str(text)
        if name.lower().startswith("on") or name in _HREFS:
            raise _refused(element, name.rpartition("}")[2])
        pairs = _declarations(value) if name == "style" else [(name, value)]
        found += [pair for pair in pairs if pair[0] in _ATTRIBUTES]
    for name, value in found:
        if not _VALUE.fullmatch(_LOCAL.sub("", value)) or "url" in _LOCAL.sub("", value).lower():
            raise _refused(element, f'{name}="{value[:40]}"')
    return found


def _declarations(style: str) -> list[tuple[str, str]]:
    """The properties of a style attribute, to be written as attributes."""
    return [
        (node.lower_name, tinycss2.serialize(node.value).strip())
        for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        if node.type == "declaration" and node.lower_name in _PROPERTIES
    ]


def _give_size(drawing: etree._Element) -> None:
    """Without a view box a drawing can't be scaled; it is as wide and high as it says then."""
    if drawing.get("viewBox"):
        return
    sizes = [_LENGTH.fullmatch(drawing.get(name) or "") for name in ("width", "height")]
    if None in sizes:
        raise PictureRefused("The SVG says neither a viewBox nor its width and height.", code="svg_no_size")
    drawing.set("viewBox", "0 0 " + " ".join(size[1] for size in sizes if size))


def _refused(element: etree._Element, what: str) -> PictureRefused:
    line = getattr(element, "sourceline", None) or 1
    return PictureRefused(f"Line {line}: {what} is not allowed in a logo.", code="svg_refused", line=line, part=what)


if __name__ == "__main__":
    main()
