"""Photographs of 12 megapixels (4:2:0, quality 90, 4000 x 3000, what phones make) to CLIP's pixels: Pillow against our decoder and preprocessor, in turn.

  python3 photographs_12mp.py make DIR [--count 12] [--png FILE]
  python3 photographs_12mp.py run DIR --ours 'dotnet ZeroShotCir.Benchmarks.dll photographs' [--rounds 5]
  python3 photographs_12mp.py process DIR --ours 'cir preprocess --model M --out x.safetensors' [--rounds 5]
  python3 photographs_12mp.py memory FILE... --ours 'dotnet ZeroShotCir.Benchmarks.dll photographs' [--rounds 3]

`run`: each round starts a process of either side, which reads every photograph once. Prints processor milliseconds: of the first, of the first dozen, of
the rest where there are more; and what the processes took at most. Pin both to one core: taskset -c 1 python3 photographs_12mp.py run ...
`process`: whole processes, from their start to their end, of the first photograph alone and of all: wall and processor milliseconds, least and median.
`memory`: what reading the files adds to the peak of a process that reads a small picture of the same format, and what a second thread that reads them
at the same time adds to that. `make --png` writes a PNG of 100 megapixels.
"""
import argparse, glob, os, resource, shlex, statistics, subprocess, sys, tempfile, time


def photograph(rng, width, height, grain):
    import numpy as np
    from PIL import Image
    total = rng.normal(0, grain, (height, width, 3)).astype(np.float32)
    for columns in (8, 32, 128, 512):
        noise = rng.integers(0, 256, (columns * 3 // 4, columns, 3), dtype=np.uint8)
        total += np.asarray(Image.fromarray(noise).resize((width, height), Image.BICUBIC), np.float32) / 4
    return Image.fromarray(np.clip(total, 0, 255).astype(np.uint8))


def make(o):
    import numpy as np
    rng = np.random.default_rng(12)
    os.makedirs(o.dir, exist_ok=True)
    for i in range(o.count):
        photograph(rng, 4000, 3000, 4).save(os.path.join(o.dir, f"{i:02d}.jpg"), quality=90, subsampling="4:2:0")
    if o.png:
        photograph(rng, 12000, 8333, 0.4).save(o.png, compress_level=1)


def pillow(o):
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
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
    with open("/proc/self/status") as status:  # ru_maxrss counts the parent's memory in.
        print("peak", next(line.split()[1] for line in status if line.startswith("VmHWM")))


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


def process(o):
    files = sorted(glob.glob(os.path.join(o.dir, "*")))
    sides = {"Pillow": [sys.executable, __file__, "pillow"]} | {ours: shlex.split(ours) for ours in o.ours}
    sets = {"one": files[:1], f"all {len(files)}": files}
    taken = {(name, side): [] for name in sets for side in sides}
    for _ in range(o.rounds):
        for name, chosen in sets.items():
            for side, command in sides.items():
                before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run(command + chosen, check=True, capture_output=True)
                wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
                taken[name, side].append((wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000))
    print("| photographs | | wall least | wall median | processor least | processor median |\n|---|---|---|---|---|---|")
    for (name, side), rounds in taken.items():
        figures = [[choose(r[i] for r in of) for i in (0, 1) for choose in (min, statistics.median)] for of in (rounds, taken[name, "Pillow"])]
        print(f"| {name} | {side[-60:]} | " + " | ".join(f"{f:.0f} ms ({b / f:.2f} x)" for f, b in zip(*figures)) + " |")


def memory(o):
    from PIL import Image

    def peak(command):
        return statistics.median(
            next(int(line.split()[1]) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n") if line.startswith("peak"))
            for _ in range(o.rounds)) / 1024
    with tempfile.TemporaryDirectory() as folder:
        small = os.path.join(folder, "small" + os.path.splitext(o.files[0])[1])
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(o.files[0]) as image:
            image.crop((0, 0, 300, 200)).save(small)
        size = sum(os.path.getsize(file) for file in o.files) / len(o.files) / 1e6
        print(f"{len(o.files)} files of {size:.1f} MB\n| | a small picture | these add | a second thread adds |\n|---|---|---|---|")
        pillow_base = peak([sys.executable, __file__, "pillow", small])
        print(f"| Pillow | {pillow_base:.1f} MiB | {peak([sys.executable, __file__, 'pillow', *o.files]) - pillow_base:.1f} MiB | |")
        for ours in o.ours:
            command = shlex.split(ours)
            base, one = peak(command + [small]), peak(command + o.files)
            second = peak(command + ["--threads", "2", *o.files]) - one - (peak(command + ["--threads", "2", small]) - base)
            print(f"| {ours[-60:]} | {base:.1f} MiB | {one - base:.1f} MiB | {second:.1f} MiB |")


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
commands = parser.add_subparsers(dest="command", required=True)
sub = commands.add_parser("make")
sub.add_argument("dir")
sub.add_argument("--count", type=int, default=12)
sub.add_argument("--png")
sub.set_defaults(run=make)
sub = commands.add_parser("pillow")
sub.add_argument("files", nargs="+")
sub.set_defaults(run=pillow)
sub = commands.add_parser("run")
sub.add_argument("dir")
sub.add_argument("--ours", action="append", required=True)
sub.add_argument("--rounds", type=int, default=5)
sub.set_defaults(run=run)
sub = commands.add_parser("process")
sub.add_argument("dir")
sub.add_argument("--ours", action="append", required=True)
sub.add_argument("--rounds", type=int, default=5)
sub.set_defaults(run=process)
sub = commands.add_parser("memory")
sub.add_argument("files", nargs="+")
sub.add_argument("--ours", action="append", required=True)
sub.add_argument("--rounds", type=int, default=3)
sub.set_defaults(run=memory)
options = parser.parse_args()
options.run(options)
