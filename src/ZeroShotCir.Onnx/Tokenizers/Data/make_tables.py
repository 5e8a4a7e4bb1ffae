"""Writes the two tables of this folder from the Python standard library.

python3 make_tables.py      (the tables in use: Unicode 14; normalisation of assigned characters is stable across versions)
"""
import html.entities
import pathlib
import unicodedata

folder = pathlib.Path(__file__).parent


def words(text):
    return " ".join(f"{ord(c):04X}" for c in text)


lines = []
for code in range(0x110000):
    char = chr(code)
    mapping = unicodedata.decomposition(char)
    if mapping and not mapping.startswith("<"):
        # "=": composes again; ">": only decomposes (singletons and the composition exclusions)
        sign = "=" if unicodedata.normalize("NFC", char) == char else ">"
        lines.append(f"{code:04X}{sign}{mapping}")
runs = []
for code in range(0x110000):
    combining = unicodedata.combining(chr(code))
    if combining and runs and runs[-1][1] == code - 1 and runs[-1][2] == combining:
        runs[-1][1] = code
    elif combining:
        runs.append([code, code, combining])
lines += [f"{first:04X}-{last:04X}:{combining}" for first, last, combining in runs]
(folder / "../../../ZeroShotCir.Core/Text/canonical-mappings.txt").write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")

# A name without ";" is one that is also recognised without it.
entities = [f"{name} {words(text)}" for name, text in sorted(html.entities.html5.items())]
(folder / "html-entities.txt").write_text("\n".join(entities) + "\n", encoding="ascii", newline="\n")
