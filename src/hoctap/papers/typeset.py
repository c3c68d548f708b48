"""A program of its own: a paper's data comes in as JSON, the PDF/A-2b goes out, the process ends.

Its one argument is the name of a template of this room.

Typst keeps what it has set in memory, some 20 MB a paper; the process that serves pages must not grow with every
paper somebody prints. Starting this one costs less than a tenth of a second.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"


def main() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    template = (TEMPLATES / sys.argv[1]).read_bytes()
    compiler = typst.Compiler(template, font_paths=fonts, sys_inputs={"paper": sys.stdin.read()})
    sys.stdout.buffer.write(compiler.compile(format="pdf", pdf_standards=["a-2b"]))


if __name__ == "__main__":
    main()
