"""`hoctap consolidate`: merge filled Excel forms. No database, no server, no Django."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hoctap.forms.merge import Merged, merge
from hoctap.forms.sheets import SheetRefusal, read_form
from hoctap.forms.sheets.consolidated import write_consolidation
from hoctap.forms.sheets.stamp import Filled

ALONE = 60
"""Fewer files than this are read by one process: starting a second costs more than it saves."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Merge filled Excel forms into one workbook and say which files could not be taken, and why."
    )
    parser.add_argument("files", nargs="+", metavar="FILES", help="filled forms (.xlsx)")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.xlsx", help="workbook to write")
    parser.epilog = (
        "Exit status: 0 all files taken, 1 some refused (the others are in OUT.xlsx), 2 wrong usage."
    )


def run(args: argparse.Namespace) -> int:
    """Return the exit status: 0 all taken, 1 some refused, 2 nothing could be written."""
    out = Path(args.output)
    if any(Path(name).resolve() == out.resolve() for name in args.files):
        return _usage(f"Tệp kết quả {out} cũng là một tệp đầu vào. Chọn tên khác cho tệp kết quả.")
    if not out.parent.is_dir():
        return _usage(f"Không có thư mục {out.parent} để ghi tệp kết quả.")
    merged = consolidate(args.files)
    if merged.consolidation:
        try:
            _write(out, write_consolidation(merged.consolidation, merged.refused))
        except OSError as error:
            return _usage(f"Không ghi được {out}: {error.strerror}. Đóng tệp nếu đang mở, rồi chạy lại.")
    _report(merged, out)
    return 1 if merged.refused else 0


def consolidate(names: Sequence[str]) -> Merged:
    """Read every file and merge what could be read; refusals come in the order of the files."""
    order = {name: index for index, name in enumerate(names)}
    taken, refused = [], []
    for name, result in zip(names, _read_all(names), strict=True):
        if isinstance(result, str):
            refused.append((name, result))
        else:
            taken.append((name, result))
    merged = merge(taken)
    refused = sorted(refused + merged.refused, key=lambda item: order[item[0]])
    return Merged(merged.consolidation, refused, merged.remarks)


def _read_all(names: Sequence[str]) -> list[Filled | str]:
    workers = min(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8
    )
    if len(names) < ALONE or workers < 2:
        return [_read(name) for name in names]
    # No cycles are made here: collecting garbage would only walk the thousands of results again and again.
    with multiprocessing.Pool(workers, initializer=gc.disable) as pool:
        return pool.map(_read, names, chunksize=max(1, len(names) // (workers * 4)))


def _read(name: str) -> Filled | str:
    """The filled form, or why it was not taken."""
    try:
        return read_form(name)
    except SheetRefusal as refusal:
        return refusal.problem


def _write(out: Path, content: bytes) -> None:
    """Whole or not at all: a broken-off run leaves the old file."""
    handle, temporary = tempfile.mkstemp(dir=out.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, out)
    except OSError:
        os.unlink(temporary)
        raise


def _report(merged: Merged, out: Path) -> None:
    if merged.consolidation:
        print(f"Đã gộp {len(merged.consolidation.units)} đơn vị vào {out}.")
    for remark in merged.remarks:
        print(f"Lưu ý: {remark}")
    if not merged.refused:
        return
    print(f"Chưa nhận {len(merged.refused)} tệp:")
    for name, why in merged.refused:
        print(f"- Tệp {name}: {why}")
    if merged.consolidation:
        print(f"Tệp {out} chỉ gồm các tệp nhận được. Sửa các tệp trên rồi chạy lại.")
    else:
        print(f"Không có tệp nào nhận được nên không ghi {out}.")


def _usage(message: str) -> int:
    print(message, file=sys.stderr)
    return 2
