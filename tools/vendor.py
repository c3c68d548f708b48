"""Bring the pinned browser files into the tree, or check that nobody edited them.

``python tools/vendor.py`` needs npm, ``python tools/vendor.py --check`` nothing. The versions: package.json.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/hoctap/desk/static"
MODULES = ROOT / "node_modules"
MANIFEST = ROOT / "tools/vendor.sha256"
COPIES = {
    "htmx.org/dist/htmx.min.js": STATIC / "vendor/htmx.min.js",
    "htmx.org/LICENSE": STATIC / "vendor/htmx-LICENSE.txt",
    "jsqr/dist/jsQR.js": STATIC / "vendor/jsqr.js",
    "jsqr/LICENSE": STATIC / "vendor/jsqr-LICENSE.txt",
    "axe-core/axe.min.js": ROOT / "tests/vendor/axe.min.js",
    "axe-core/LICENSE": ROOT / "tests/vendor/axe-LICENSE.txt",
    "lucide-static/LICENSE": STATIC / "hoctap/icons-LICENSE.txt",
}
ICONS = STATIC / "hoctap/icons.svg"


def icon_names() -> dict[str, str]:
    lines = (ROOT / "tools/icons.txt").read_text().splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def symbol(name: str, lucide: str) -> str:
    """One ``<symbol>``; colour and stroke come from the style sheet, so only the shapes are kept."""
    drawing = (MODULES / f"lucide-static/icons/{lucide}.svg").read_text()
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*>", drawing)
    inside = "".join(re.sub(" +/>", "/>", shape) for shape in shapes)
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{inside}</symbol>'


def vendor() -> None:
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=ROOT, check=True)
    for source, target in COPIES.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        # A source map comment would make browsers ask for a file we do not ship.
        text = re.sub(r"\n//# sourceMappingURL=.*", "", (MODULES / source).read_text())
        target.write_text(text)
    symbols = "\n".join(symbol(*pair) for pair in sorted(icon_names().items()))
    ICONS.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')
    MANIFEST.write_text(sums())
    shutil.rmtree(MODULES)


def sums() -> str:
    files = sorted([*COPIES.values(), ICONS])
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(ROOT)}\n" for f in files)


def main() -> int:
    if "--check" not in sys.argv:
        vendor()
    elif sums() != MANIFEST.read_text():
        print("Vendored files differ from tools/vendor.sha256; run tools/vendor.py instead of editing them.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
