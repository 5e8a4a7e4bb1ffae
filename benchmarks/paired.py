#!/usr/bin/env python3
"""Runs the BenchmarkDotNet suites of two builds in turn and prints, for every benchmark that both have, how much faster the second is.

  git worktree add ../before COMMIT
  dotnet build -c Release benchmarks/ZeroShotCir.Benchmarks                 # here and there
  python3 benchmarks/paired.py ../before . --filter '*Similarity*' --rounds 3

A ratio is that of the least times over all rounds; the spread is that of the ratios of single rounds. Above 1 the second build is faster.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = "benchmarks/ZeroShotCir.Benchmarks/bin/Release/net10.0/ZeroShotCir.Benchmarks.dll"


def run(checkout, options):
    """The least time of every benchmark in nanoseconds, by its name with its parameters."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["dotnet", os.path.abspath(os.path.join(checkout, PROGRAM)), "--filter", *options.filter, "-i", "--exporters", "json", "--artifacts", folder,
                   "--warmupCount", "2", "--iterationCount", str(options.iterations), "--iterationTime", "150"]
        done = subprocess.run(command, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        times = {}
        for file in glob.glob(os.path.join(folder, "results", "*.json")):
            with open(file, encoding="utf-8-sig") as report:
                for benchmark in json.load(report)["Benchmarks"]:
                    if benchmark.get("Statistics"):
                        times[benchmark["FullName"].removeprefix("ZeroShotCir.Benchmarks.")] = benchmark["Statistics"]["Min"]
        if not times:
            sys.exit(f"No benchmark of {checkout} ran:\n{done.stdout[-2000:]}")
        return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--filter", nargs="+", default=["*"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=5)
    options = parser.parse_args()
    rounds = []
    for i in range(options.rounds):
        pair = [options.before, options.after]
        times = {checkout: run(checkout, options) for checkout in (pair if i % 2 == 0 else pair[::-1])}
        rounds.append((times[options.before], times[options.after]))
    names = [name for name in rounds[0][0] if all(name in before and name in after for before, after in rounds)]
    for name in names:
        before, after = min(r[0][name] for r in rounds), min(r[1][name] for r in rounds)
        single = sorted(r[0][name] / r[1][name] for r in rounds)
        print(f"{before / after:6.2f} x ({single[0]:.2f} to {single[-1]:.2f})  {before / 1e3:12.1f} -> {after / 1e3:12.1f} us  {name}")
    only = [name for name in rounds[0][0] if name not in rounds[0][1]]
    if only:
        print("Only in the first: " + ", ".join(only))


main()
