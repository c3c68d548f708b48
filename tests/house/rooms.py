"""The rooms of the house as the import contracts list them, and the source that stands in them."""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/hoctap"
SCREENS = {"desk", "cli"}


def contract(name: str, key: str) -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return [
        line.strip() for line in parser[f"importlinter:contract:{name}"][key].splitlines() if line.strip()
    ]


def ranks() -> dict[str, int]:
    """Room → how high it stands; siblings stand equally high."""
    layers = contract("rooms", "layers")
    return {room.strip(): -n for n, layer in enumerate(layers) for room in layer.split("|")}


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the rooms, parsed, with its path from src/hoctap; migrations aside."""
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text())
