"""The ``hoctap`` command. Each subcommand is a module of this package, loaded only when it is asked for.

A command module has ``add_arguments(parser)`` and ``run(args) -> int`` (the exit code). ``hoctap --help`` and
the commands that need no database therefore never load Django.
"""

import argparse
import importlib
import sys

from hoctap.kernel.errors import Refusal

COMMANDS = {
    "up": "start database, web and worker; Ctrl-C stops them all",
    "first": "found the first unit and its administrator in an empty Hoctap",
    "demo": "play the demo story in a temporary database and write its papers to a folder",
    "read": "say what a directive orders, without database or server",
    "consolidate": "merge filled Excel forms into one workbook, without database or server",
    "verify": "say whether a learner's credential is signed by the keys given, without network",
    "check": "recount every consolidation from its leaves and compare",
    "backup": "write database and uploaded files into one file",
    "restore": "read a backup file into an empty database",
    "bench": "measure speed and size",
    "prepare": "bring database and static files up to date (up does this by itself)",
    "web": "serve pages (up does this by itself)",
    "worker": "run the queued jobs (up does this by itself)",
    "folder": "keep the sums of all units up to date (up does this by itself)",
}


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    chosen = next((word for word in argv if word in COMMANDS), None)
    args = _parser(chosen).parse_args(argv)
    try:
        return importlib.import_module(f"hoctap.cli.{args.command}").run(args)
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        for place, words in refusal.places:
            print(f"  {place}: {words}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hoctap", description="Directives go down, reports come back up.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == chosen:
            importlib.import_module(f"hoctap.cli.{name}").add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
