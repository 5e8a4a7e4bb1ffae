"""Photographs of 12 megapixels (4:2:0, quality 90, 4000 x 3000, what phones make) to CLIP's pixels: Pillow against our decoder and preprocessor, in turn.

  python3 photographs_12mp.py make DIR [--count 12]
  python3 photographs_12mp.py run DIR --ours 'dotnet ZeroShotCir.Benchmarks.dll photographs' [--rounds 5]

Each round starts a process of either side, which reads every photograph once. Prints processor milliseconds: of the first, of the first dozen, of the
rest where there are more; and what the processes took at most. Pin both to one core: taskset -c 1 python3 photographs_12mp.py run ...
"""
import argparse, glob, os, resource, shlex, statistics, subprocess, sys, time


def make(o):
    import numpy as np
    from PIL import Image
    rng = np.random.default_rng(12)
    os.makedirs(o.dir, exist_ok=True)
    for i in range(o.count):
        total = rng.normal(0, 4, (3000, 4000, 3)).astype(np.float32)
        for columns in (8, 32, 128, 512):
            noise = rng.integers(0, 256, (columns * 3 // 4, columns, 3), dtype=np.uint8)
            total += np.asarray(Image.fromarray(noise).resize((4000, 3000), Image.BICUBIC), np.float32) / 4
        Image.fromarray(np.clip(total, 0, 255).astype(np.uint8)).save(os.path.join(o.dir, f"{i:02d}.jpg"), quality=90, subsampling="4:2:0")


def pillow(o):
    from PIL import Image
    for file in o.files:
        data = open(file, "rb").read()
        start = time.process_time()
        import io
        image = Image.open(io.BytesIO(data)).convert("RGB")
        w, h = image.size
        image = image.resize((224, 224 * h // w) if w <= h else (224 * w // h, 224), Image.BICUBIC)
        x, y = round((image.width - 224) / 2), round((image.height - 224) / 2)
        image.crop((x, y, x + 224, y + 224)).tobytes()
        print(f"{(time.process_time() - start) * 1000:.1f}")
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def run(o):
    files = sorted(glob.glob(os.path.join(o.dir, "*")))
    sides = {"Pillow": [sys.executable, __file__, "pillow"]} | {ours: shlex.split(ours) for ours in o.ours}
    taken = {side: [] for side in sides}
    for _ in range(o.rounds):
        for side, command in sides.items():
            lines = subprocess.run(command + files, check=True, capture_output=True, text=True).stdout.split("\n")
            taken[side].append(([float(line) for line in lines if line and line[0].isdigit()], next(int(line.split()[1]) for line in lines if line.startswith("peak"))))
    base = None
    print("| | first | mean of the first dozen | median of the rest | peak MB |\n|---|---|---|---|---|")
    for side, rounds in taken.items():
        figures = [statistics.median(t[0] for t, _ in rounds), statistics.median(statistics.mean(t[:12]) for t, _ in rounds), statistics.median(statistics.median(t[12:] or t[1:]) for t, _ in rounds)]
        base = base or figures
        print(f"| {side[-60:]} | " + " | ".join(f"{f:.0f} ms ({b / f:.2f} x)" for f, b in zip(figures, base)) + f" | {max(p for _, p in rounds) / 1024:.0f} |")


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
commands = parser.add_subparsers(dest="command", required=True)
sub = commands.add_parser("make")
sub.add_argument("dir")
sub.add_argument("--count", type=int, default=12)
sub.set_defaults(run=make)
sub = commands.add_parser("pillow")
sub.add_argument("files", nargs="+")
sub.set_defaults(run=pillow)
sub = commands.add_parser("run")
sub.add_argument("dir")
sub.add_argument("--ours", action="append", required=True)
sub.add_argument("--rounds", type=int, default=5)
sub.set_defaults(run=run)
options = parser.parse_args()
options.run(options)
