"""``python -m bench._export WRITER NODE SEAT``: one export in this process alone; what it took, as JSON."""

import json
import sys
import time
from pathlib import Path

import django

NAMES = 7  # columns before the figures
BLANK = [None] * 64


def by_xlsxwriter(out, listing, rows, count) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet, whole = book.add_worksheet(), book.add_format({"num_format": "#,##0"})
        for number, row in enumerate(rows, 2):
            for column, text in enumerate(row[:NAMES]):
                sheet.write_string(number, column, str(text or ""))
            for column, value in enumerate(row.figures or (), NAMES):
                if value is not None:
                    sheet.write_number(number, column, value, whole)


def by_openpyxl(out, listing, rows, count) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([*map(str, row[:NAMES]), *(row.figures or BLANK)])
    book.save(out)


def by_pandas(out, listing, rows, count) -> None:
    import pandas

    table = pandas.DataFrame([*map(str, row[:NAMES]), *(row.figures or BLANK)] for row in rows)
    table.to_excel(out, index=False, engine="openpyxl")


PEERS = {"xlsxwriter": by_xlsxwriter, "openpyxl": by_openpyxl, "pandas": by_pandas}


def megabytes() -> float:
    """The most this program ever had in memory; what it was started from does not count."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024


def main(name: str, node: str, seat: str) -> None:
    django.setup()
    from hoctap.kernel import moment
    from hoctap.reports import exports, jobs
    from hoctap.reports.models import Export

    if name in PEERS:
        exports.write_xlsx = PEERS[name]
    kind = "csv" if name.endswith("CSV") else "xlsx"
    export = Export.objects.create(obligation_id=int(node), seat_id=int(seat), kind=kind, basis="accepted")
    spent = _watch(moment)
    before, started, cpu = megabytes(), time.perf_counter(), time.process_time()
    jobs.write_export(export.pk)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    export.refresh_from_db()
    if export.message or not export.done_at:
        raise AssertionError(f"{name}: {export.message or 'not done'}")
    told = {
        "seconds": seconds, "CPU": cpu, "database's CPU": sum(spent), "peak, MB": megabytes(), "before, MB": before,
        "file, MB": export.size / 1e6,
    }  # fmt: skip
    print(json.dumps(told))


def _watch(moment) -> list[float]:
    """Seconds of processor time of the database process that reads, noted as it ends."""
    spent: list[float] = []
    ending = moment.Moment.rows

    def rows(self, wanted):
        yield from ending(self, wanted)
        pid = self._reading.info.backend_pid
        with open(f"/proc/{pid}/schedstat") as told:
            spent.append(int(told.read().split()[0]) / 1e9)

    moment.Moment.rows = rows
    return spent


if __name__ == "__main__":
    main(*sys.argv[1:])
