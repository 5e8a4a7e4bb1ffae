"""How long a text search takes from the start of its process to the answer, in turn with a bare program that creates the same text
session and runs it once.

  dotnet publish benchmarks/BareTextSession -c Release -o bare
  dotnet pack src/ZeroShotCir.Tool -p:PackTool=true -p:ToolPlatforms=linux-x64 -c Release -o feed    # and install it from there
  dotnet pack src/ZeroShotCir.Tool -p:PackTool=true -p:NativeTool=true -p:ToolPlatforms=linux-x64 -c Release -o native    # or another one to compare it with
  python3 benchmarks/start.py --bare bare/BareTextSession --model MODEL/onnx/text_model.onnx --gallery GALLERY --cir cir [--cir 'dotnet OTHER/cir.dll'] [--runs 20]

Prints the processor and the wall time of each (minimum, median) and the ratio to the bare program. The first runs, which fill caches, are not counted.
"""
import argparse, os, resource, shlex, statistics, subprocess, time


def once(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bare", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", default="77")
    parser.add_argument("--gallery", required=True)
    parser.add_argument("--cir", action="append", required=True)
    parser.add_argument("--runs", type=int, default=20)
    o = parser.parse_args()
    commands = [[o.bare, o.model, o.tokens]] + [shlex.split(c) + ["search", o.gallery, "--text", "a red dress", "-k", "3"] for c in o.cir]
    for command in commands * 2:
        once(command)
    taken = [[] for _ in commands]
    for _ in range(o.runs):
        for command, times in zip(commands, taken):
            times.append(once(command))
    bare = None
    for command, times in zip(commands, taken):
        processor, wall = zip(*times)
        bare = bare or (statistics.median(processor), statistics.median(wall))
        print(f"{' '.join(command)[:70]:70} processor {min(processor):.3f} {statistics.median(processor):.3f} ({statistics.median(processor) / bare[0]:.2f} x)"
              f"  wall {min(wall):.3f} {statistics.median(wall):.3f} ({statistics.median(wall) / bare[1]:.2f} x)")


main()
