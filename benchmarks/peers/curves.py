"""Draws what a search costs against everything that can grow, fits the slopes, and writes both into the documentation.

  dotnet run -c Release --project benchmarks/ZeroShotCir.Benchmarks -- --filter '*Scaling*' --job short
  benchmarks/peers/scaling.sh compared
  python3 benchmarks/peers/curves.py BenchmarkDotNet.Artifacts/results [--compare compared/*.json] [--svg docs/images/scaling.svg] [--table docs/performance.md]

Reads the CSV reports of the *Scaling benchmarks (medians) and what `compare.py --json` wrote of the same shapes, one query in a call (numpy, USearch,
FAISS where there is one; medians of the wall time of a query): those are drawn with broken lines. A slope is that of the line of least squares
through the logarithms: 1 = the cost grows as its cause does, 0 = it does not grow. Strategies are too many to be drawn: they have a table of their own.
A section with all of it replaces what stands between `<!-- scaling -->` and `<!-- /scaling -->` in the file. Plain Python 3.
"""
import argparse, csv, glob, html, json, math, os, statistics, sys

UNITS = {"ns": 1e-9, "μs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1}
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c564b", "#17becf", "#bcbd22", "#9467bd", "#000000"]
# The benchmark, the column that grows, what the axis is called, the same of compare.py, and where its other columns have to stand.
AXES = [
    ("RowsScaling", "Rows", "rows (512 components, k 50)", "vectors", {}),
    ("RowsOf64Scaling", "Rows", "rows (64 components, k 50)", "vectors", {"dimensions": 64}),
    ("DimensionsScaling", "Dimensions", "components", "dimensions", {}),
    ("HitsScaling", "K", "hits (k)", "k", {}),
    ("ThreadsScaling", "Threads", "threads", "threads", {}),
    ("BatchScaling", "Queries", "queries in a call", None, {}),
    ("CaptionsScaling", "Captions", "captions of each picture", None, {}),
]
USUAL = {"vectors": 100_000, "dimensions": 512, "k": 50, "threads": 1}
STRATEGIES = "StrategyScaling"


SECTION = """## What it grows with

A slope of 1 is a cost that grows as its cause does, one of 0 a cost that does not grow. Where nothing else is said: 100,000 × 512, k = 50, one query, one thread.
What stands at 0 has no logarithm and no part in the slope. Medians{machine}.{others}

![The cost of a search against what grows]({picture})

{table}"""

OTHERS_SECTION = """ Broken lines: {names}, one query in a call and one thread, on files of random
rows by `peers/compare.py`; FAISS as it is installed, where Debian's 1.7.3 scans for a single query by generic code and is no yardstick."""

STRATEGY_SECTION = """

A search by each strategy that costs more than one scan, beside `weighted`, which is one: 512 components, k = 10, one thread, float32, medians.

{table}"""


def seconds(text):
    number, unit = text.strip().strip('"').replace(",", "").split()
    return float(number) * UNITS[unit]


def read_reports(folder):
    """{benchmark: {curve: {x: seconds}}}"""
    found = {}
    for name, column, curve in [(name, column, None) for name, column, *_ in AXES] + [(STRATEGIES, "Rows", "Strategy")]:
        for path in sorted(glob.glob(os.path.join(folder, f"*.{name}-report.csv"))):
            with open(path, encoding="utf-8-sig", newline="") as file:
                text = file.read()
            rows = csv.DictReader(text.splitlines(), delimiter=";" if text.splitlines()[0].count(";") > text.splitlines()[0].count(",") else ",")
            for row in rows:
                time = row.get("Median") or row["Mean"]
                if time.strip().strip('"') not in ("NA", "?", "-", ""):
                    key = row[curve] if curve else row["Method"].strip("'")
                    found.setdefault(name, {}).setdefault(key, {})[float(row[column])] = seconds(time)
    return found


def machine_of(folder):
    """The line in which BenchmarkDotNet says what it ran on."""
    for path in sorted(glob.glob(os.path.join(folder, "*-report-github.md"))):
        for line in open(path, encoding="utf-8"):
            if " CPU, " in line:
                return f" of {line.strip()}"
    return ""


def add_compared(found, files):
    """Adds the curves of other tools, and gives their names back."""
    names = []
    for path in files:
        used = False
        with open(path, encoding="utf-8") as file:
            compared = json.load(file)
        for tool, runs in compared.items():
            run = runs[0]
            if run.get("batch", 1) != 1:
                raise SystemExit(f"'{path}' was measured with {run['batch'] or 'all'} queries in a call: run compare.py with --batch 1.")
            time = statistics.median(x for r in runs for x in r["wall"])
            for name, _, _, column, fixed in AXES:
                usual = {**USUAL, **fixed}
                if name in found and column and all(run[other] == value for other, value in usual.items() if other != column):
                    found[name].setdefault(tool, {})[float(run[column])] = time
                    names.append(tool)
                    used = True
        if not used:
            print(f"'{path}' has the shape of no curve: it is left out.", file=sys.stderr)
    for curves in found.values():
        for tool in set(names) & set(curves):
            if len(curves[tool]) < 2: # A single point is no curve.
                del curves[tool]
    return set(names)


def slope(points):
    known = [(math.log(x), math.log(y)) for x, y in points.items() if x > 0]
    if len(known) < 2:
        return None
    mx, my = statistics.mean(x for x, _ in known), statistics.mean(y for _, y in known)
    spread = sum((x - mx) ** 2 for x, _ in known)
    return sum((x - mx) * (y - my) for x, y in known) / spread if spread else None


def short(value):
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e3 and value % 1000 == 0 else f"{value:g}"


def duration(value):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size or unit == "µs":
            digits = 0 if value / size >= 99.5 else 1 if value / size >= 9.95 else 2
            return f"{value / size:.{digits}f} {unit}"


def power(value):
    unit, size = next((u, s) for u, s in (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)) if value >= s * 0.999 or u == "ns")
    return f"{round(value / size):g} {unit}"


def ticks(low, high):
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, last + 1)]


def chart(title, curves, others, left, top, width, height):
    """One panel: both axes logarithmic; what is counted from 0 stands one step before 1."""
    xs = sorted({x for points in curves.values() for x in points})
    ys = [y for points in curves.values() for y in points.values()]
    shown = {x: x if x > 0 else min(v for v in xs if v > 0) / 2 for x in xs}
    low_x, high_x = min(shown.values()), max(shown.values())
    low_y, high_y = ticks(min(ys), max(ys))[0], ticks(min(ys), max(ys))[-1]
    legend = 14 * len(curves)
    plot = height - 44 - legend

    def at(x, y):
        across = (math.log(shown[x]) - math.log(low_x)) / ((math.log(high_x) - math.log(low_x)) or 1)
        up = (math.log(y) - math.log(low_y)) / ((math.log(high_y) - math.log(low_y)) or 1)
        return left + 52 + across * (width - 72), top + 22 + (1 - up) * plot

    parts = [f'<text x="{left + 52}" y="{top + 12}" class="title">{html.escape(title)}</text>']
    for y in ticks(low_y, high_y):
        _, height_of = at(xs[0], y)
        parts.append(f'<line x1="{left + 52}" x2="{left + width - 20}" y1="{height_of:.1f}" y2="{height_of:.1f}" class="grid"/>')
        parts.append(f'<text x="{left + 47}" y="{height_of + 4:.1f}" class="label" text-anchor="end">{power(y)}</text>')
    for x in xs:
        across, _ = at(x, low_y)
        parts.append(f'<text x="{across:.1f}" y="{top + 22 + plot + 15}" class="label" text-anchor="middle">{short(x)}</text>')
    for i, (name, points) in enumerate(curves.items()):
        colour, dash = COLOURS[i % len(COLOURS)], ' stroke-dasharray="5 3"' if name in others else ""
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in (at(x, y) for x, y in sorted(points.items())))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8"{dash}/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.6" fill="{colour}"/>' for a, b in (at(x, y) for x, y in points.items())]
        y = top + 22 + plot + 32 + 14 * i
        fitted = slope(points)
        parts.append(f'<line x1="{left + 52}" x2="{left + 70}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="1.8"{dash}/>')
        parts.append(f'<text x="{left + 75}" y="{y}" class="label">{html.escape(name)}{"" if fitted is None else f", slope {fitted:.2f}"}</text>')
    return "\n".join(parts)


def draw(found, others, path):
    panels = [(title, found[name]) for name, _, title, *_ in AXES if name in found]
    width, columns = 380, 2
    heights = [max(270 + 14 * len(curves) for _, curves in panels[row:row + columns]) for row in range(0, len(panels), columns)]
    body, top = [], 12
    for row, height in enumerate(heights):
        for column, (title, curves) in enumerate(panels[row * columns:(row + 1) * columns]):
            body.append(chart(title, curves, others, column * width, top, width, height))
        top += height + 10
    style = ("text{font-family:system-ui,sans-serif;fill:#222}.title{font-size:13px;font-weight:600}.label{font-size:11px}"
             ".grid{stroke:#ddd;stroke-width:1}")
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * width} {top}" role="img" aria-label="The cost of a search against what grows">\n'
                   f"<style>{style}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" + "\n".join(body) + "\n</svg>\n")


def table(found):
    lines = ["| what grows | from … to | curve | cost at the first | at the last | slope |", "|---|---|---|---:|---:|---:|"]
    for name, _, title, *_ in AXES:
        for curve, points in found.get(name, {}).items():
            first, last = min(points), max(points)
            fitted = slope(points)
            lines.append(f"| {title} | {short(first)} … {short(last)} | {curve} | {duration(points[first])} | {duration(points[last])} "
                         f"| {'' if fitted is None else f'{fitted:.2f}'} |")
    return "\n".join(lines)


def strategy_table(curves):
    """Microseconds, so that they can be compared at a glance, and how many scans that is with the most rows."""
    sizes = sorted({x for points in curves.values() for x in points})
    scan = curves.get("weighted", {}).get(sizes[-1])
    lines = ["| strategy | " + " | ".join(f"{short(size)} rows, µs" for size in sizes) + " | scans | slope |", "|---|" + "---:|" * (len(sizes) + 2)]
    for name, points in sorted(curves.items(), key=lambda curve: curve[1].get(sizes[-1], math.inf)):
        times = " | ".join(f"{points[size] * 1e6:,.0f}" if size in points else "" for size in sizes)
        scans = f"{points[sizes[-1]] / scan:.2f}" if scan and sizes[-1] in points else ""
        fitted = slope(points)
        lines.append(f"| `{name}` | {times} | {scans} | {'' if fitted is None else f'{fitted:.2f}'} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", help="the folder of BenchmarkDotNet's reports")
    parser.add_argument("--compare", nargs="+", action="extend", default=[], help="what compare.py --json wrote, with --batch 1")
    parser.add_argument("--svg", default="docs/images/scaling.svg")
    parser.add_argument("--table", help="the file that holds the two marks")
    o = parser.parse_args()
    found = read_reports(o.results)
    if not found:
        parser.error(f"'{o.results}' holds no report of a *Scaling benchmark")
    others = add_compared(found, o.compare)
    strategies = found.pop(STRATEGIES, None)
    if found:
        draw(found, others, o.svg)
    text = table(found)
    kinds = STRATEGY_SECTION.format(table=strategy_table(strategies)) if strategies else ""
    print(text + kinds)
    if o.table:
        start, end = "<!-- scaling -->", "<!-- /scaling -->"
        page = open(o.table, encoding="utf-8").read()
        if start not in page or end not in page:
            parser.error(f"'{o.table}' has no '{start}' and '{end}'")
        before, after = page.split(start)[0], page.split(end)[1]
        picture = os.path.relpath(o.svg, os.path.dirname(o.table) or ".").replace(os.sep, "/")
        section = SECTION.format(picture=picture, table=text, machine=machine_of(o.results), others=OTHERS_SECTION.format(names=", ".join(sorted(others))) if others else "") + kinds
        open(o.table, "w", encoding="utf-8").write(f"{before}{start}\n{section}\n{end}{after}")


main()
