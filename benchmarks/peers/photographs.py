"""A thousand pictures with the statistics of photographs, in every format that Pillow writes, and what Pillow makes of them.

python3 photographs.py make DIR [--count 1000] [--seed 14]           pictures of more than 300 sizes, and DIR.json, which tells what each is
python3 photographs.py pixels DIR --model MODEL --out PIXELS         what the model's encoder is to receive: one PNG per picture
python3 photographs.py tensors DIR PIXELS TENSORS --model MODEL      compares with the file that `cir preprocess --out` wrote; exit code 1 where they differ
python3 photographs.py rows A B [C ...]                              compares embeddings that `cir embed` wrote: cosines, and whether bits are the same

Needs numpy and a Pillow before 13 (its resize order changed then). `cir embed` of PIXELS gives the rows that Pillow's pixels lead to.
"""
import argparse, collections, io, json, os, sys
import numpy as np
from PIL import Image, ImageCms, ImageOps

TURNS = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
         6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}
FIELD = 1400                                                       # side of the fields that pictures are cut from


def field(rng):
    """Noise whose amplitude falls with the frequency, as in photographs, in three channels that go mostly together."""
    fy, fx = np.fft.fftfreq(FIELD)[:, None], np.fft.rfftfreq(FIELD)[None, :]
    fall = 1 / np.maximum(np.hypot(fy, fx), 1 / FIELD)
    light, *tints = (np.fft.irfft2(np.fft.rfft2(rng.standard_normal((FIELD, FIELD))) * fall, (FIELD, FIELD)) for _ in range(4))
    both = np.stack([light / light.std() + 0.35 * t / t.std() for t in tints], axis=2)
    return both.astype(np.float32)


def photograph(rng, fields, w, h):
    y0, x0 = rng.integers(0, FIELD - h + 1), rng.integers(0, FIELD - w + 1)
    img = 45 * fields[rng.integers(len(fields))][y0:y0 + h, x0:x0 + w] + rng.uniform(70, 180, 3).astype(np.float32)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    img += (rng.uniform(-60, 60) * (np.cos(angle) * x / w + np.sin(angle) * y / h))[..., None]                     # light from one side
    for _ in range(rng.integers(2, 7)):                                                                         # edges: half planes and discs
        cx, cy, angle, tone = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 2 * np.pi), rng.uniform(-70, 70, 3).astype(np.float32)
        inside = np.hypot(x - cx, y - cy) < rng.uniform(0.05, 0.4) * min(w, h) if rng.random() < 0.6 else np.cos(angle) * (x - cx) + np.sin(angle) * (y - cy) > 0.3 * min(w, h)
        img[inside] += tone
    img += rng.normal(0, rng.uniform(0.5, 4), img.shape).astype(np.float32)                                     # the sensor's own noise
    return Image.fromarray(img.clip(0, 255).astype(np.uint8))


def alpha(rng, img):
    w, h = img.size
    y, x = np.mgrid[0:h, 0:w]
    a = (255 * np.clip(1.5 - 2 * np.hypot((x - w / 2) / w, (y - h / 2) / h) + rng.uniform(-0.3, 0.3), 0, 1)).astype(np.uint8)
    return Image.fromarray(a)


def with_alpha(rng, img, mode="RGBA"):
    img = img.convert("RGB" if mode == "RGBA" else "L")
    img.putalpha(alpha(rng, img))
    return img


def sixteen(rng, img):
    gray = np.asarray(img.convert("L"), np.uint16) * 256 + rng.integers(0, 256, (img.height, img.width), np.uint16)
    return Image.frombytes("I;16", img.size, gray.astype("<u2").tobytes())


def palette(img, colors):
    return img.quantize(colors, dither=Image.Dither.FLOYDSTEINBERG)


def jpeg(mode, **kw):
    return lambda rng, img, exif: (img.convert(mode), dict(format="JPEG", quality=int(rng.integers(35, 98)), **kw, **exif))


def saved(change, **kw):
    return lambda rng, img, exif: (change(rng, img), {**kw, **(exif if kw["format"] in ("PNG", "WEBP") else {})})


def tiff(change, compression, **tags):
    def save(rng, img, exif):
        info = {int(tag[1:]): value for tag, value in tags.items()}
        if exif:
            info[274] = exif["exif"][274]
        return change(rng, img), dict(format="TIFF", compression=compression, tiffinfo=info)
    return save


def frames(count, format, **kw):
    def save(rng, img, exif):
        following = [img.transpose(TURNS[3]).resize(img.size) for _ in range(count)]
        return (palette(img, 128) if format == "GIF" else img), dict(format=format, save_all=True, append_images=following, **kw)
    return save


def rgb(_, img): return img
def gray(_, img): return img.convert("L")
def bits(_, img): return img.convert("1")
def cmyk(_, img): return img.convert("CMYK")
def p(colors): return lambda _, img: palette(img, colors)


def kinds():
    """What is made: name: (ending, whether it is stored exactly, what to save and how). JPEGs come more often."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    k = {}
    for ss in ("4:4:4", "4:2:2", "4:2:0"):
        for name, kw in (("baseline", {}), ("progressive", dict(progressive=True)), ("optimised", dict(optimize=True))):
            k[f"jpeg {ss} {name}"] = ("jpg", False, jpeg("RGB", subsampling=ss, **kw))
    k["jpeg gray"] = ("jpg", False, jpeg("L"))
    k["jpeg gray progressive"] = ("jpeg", False, jpeg("L", progressive=True))
    k["jpeg CMYK"] = ("jpg", False, jpeg("CMYK"))
    k["jpeg CMYK progressive"] = ("jpe", False, jpeg("CMYK", progressive=True))
    k["jpeg profile"] = ("jfif", False, jpeg("RGB", icc_profile=profile, dpi=(300, 300)))
    k["jpeg MPO"] = ("mpo", False, lambda rng, img, exif: (img, dict(format="MPO", quality=85, save_all=True, append_images=[img.transpose(TURNS[3]).resize(img.size)], **exif)))
    png = dict(format="PNG")
    k["png RGB"] = ("png", True, saved(rgb, **png))
    k["png RGB profile"] = ("png", True, saved(rgb, icc_profile=profile, **png))
    k["png RGB transparent colour"] = ("png", True, saved(lambda rng, img: img, transparency=(90, 90, 90), **png))
    k["png RGBA"] = ("png", True, saved(with_alpha, **png))
    k["png gray"] = ("png", True, saved(gray, **png))
    k["png gray transparent"] = ("png", True, saved(gray, transparency=128, **png))
    k["png gray alpha"] = ("png", True, saved(lambda rng, img: with_alpha(rng, img, "LA"), **png))
    k["png gray 16 bits"] = ("png", True, saved(sixteen, **png))
    k["png 1 bit"] = ("png", True, saved(bits, **png))
    for colors in (2, 4, 16, 200):
        k[f"png palette {colors}"] = ("png", True, saved(p(colors), **png))
    k["png palette transparent index"] = ("png", True, saved(p(64), transparency=3, **png))
    k["png palette alphas"] = ("png", True, saved(p(64), transparency=bytes(range(0, 256, 4)), **png))
    k["png optimised"] = ("png", True, saved(rgb, optimize=True, **png))
    k["png animated"] = ("png", True, frames(2, "PNG"))
    for quality in (30, 80, 95):
        k[f"webp lossy {quality}"] = ("webp", False, saved(rgb, format="WEBP", quality=quality))
    k["webp lossy alpha"] = ("webp", False, saved(with_alpha, format="WEBP", quality=80))
    k["webp lossless"] = ("webp", True, saved(rgb, format="WEBP", lossless=True, quality=20, method=1))
    k["webp lossless alpha"] = ("webp", True, saved(with_alpha, format="WEBP", lossless=True, quality=20, method=1))
    k["webp lossless exact"] = ("webp", True, saved(with_alpha, format="WEBP", lossless=True, exact=True, quality=20, method=1))
    k["webp animated"] = ("webp", False, frames(2, "WEBP"))
    gif = dict(format="GIF")
    for colors in (2, 16, 250):
        k[f"gif {colors}"] = ("gif", True, saved(p(colors), **gif))
    k["gif gray"] = ("gif", True, saved(gray, **gif))
    k["gif 1 bit"] = ("gif", True, saved(bits, **gif))
    k["gif rows in order"] = ("gif", True, saved(p(100), interlace=0, **gif))
    k["gif transparent"] = ("gif", True, saved(p(50), transparency=7, **gif))
    k["gif RGBA"] = ("gif", True, saved(with_alpha, **gif))
    k["gif animated"] = ("gif", True, frames(2, "GIF"))
    for name, change in (("RGB", rgb), ("gray", gray), ("1 bit", bits), ("palette", p(256)), ("RGBA", with_alpha)):
        k[f"bmp {name}"] = ("bmp", True, saved(change, format="BMP"))
    for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "tiff_lzma", "zstd"):
        k[f"tiff RGB {name}"] = ("tif", True, tiff(rgb, name))
    for name in ("tiff_lzw", "tiff_adobe_deflate"):
        k[f"tiff RGB {name} predictor"] = ("tiff", True, tiff(rgb, name, t317=2))
    for name, change in (("gray", gray), ("1 bit", bits), ("palette", p(256)), ("RGBA", with_alpha), ("CMYK", cmyk), ("gray 16 bits", sixteen),
                         ("gray alpha", lambda rng, img: with_alpha(rng, img, "LA"))):
        for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate"):
            # ImageMagick of 8 bits keeps the nearest value of 16, not the high byte.
            k[f"tiff {name} {compression}"] = ("tif", name != "gray 16 bits", tiff(change, compression))
    for name in ("group3", "group4", "tiff_ccitt", "packbits"):
        k[f"tiff 1 bit {name}"] = ("tif", True, tiff(bits, name))
    k["tiff jpeg"] = ("tif", False, tiff(rgb, "jpeg"))
    k["tiff jpeg gray"] = ("tif", False, tiff(gray, "jpeg"))
    k["tiff pages"] = ("tif", True, frames(1, "TIFF"))
    for name, change in (("RGB", rgb), ("gray", gray), ("RGBA", with_alpha), ("gray alpha", lambda rng, img: with_alpha(rng, img, "LA"))):
        k[f"jpeg2000 lossless {name}"] = ("jp2", True, saved(change, format="JPEG2000"))
    k["jpeg2000 lossy"] = ("jp2", False, saved(rgb, format="JPEG2000", irreversible=True, quality_mode="rates", quality_layers=[20]))
    k["jpeg2000 tiles"] = ("jp2", True, saved(rgb, format="JPEG2000", tile_size=(64, 64)))
    k["jpeg2000 code stream"] = ("j2k", True, saved(rgb, format="JPEG2000", no_jp2=True))
    for name, change, ending in (("RGB", rgb, "ppm"), ("gray", gray, "pgm"), ("1 bit", bits, "pbm")):
        k[f"pnm {name}"] = (ending, True, saved(change, format="PPM"))
    return k


def make(o):
    rng = np.random.default_rng(o.seed)
    os.makedirs(o.dir, exist_ok=True)
    fields, all_kinds, index, sizes = [field(rng) for _ in range(8)], kinds(), [], set()
    names = list(all_kinds)
    jpegs = [n for n in names if n.startswith("jpeg ")]
    for i in range(o.count):
        name = names[i % len(names)] if i % 3 else jpegs[i // 3 % len(jpegs)]
        ending, exact, save = all_kinds[name]
        w, h = (int(np.exp(rng.uniform(np.log(40), np.log(900)))) for _ in range(2))
        if i % 50 == 49:
            w, h = (FIELD, 1050) if i % 100 == 99 else (int(rng.integers(30, 80)), FIELD)      # photographs of cameras, and strips
        if max(w, h) > 8 * min(w, h) and i % 50 != 49:
            w, h = max(w, h // 4), max(h, w // 4)
        exif = {}
        if i % 2 == 0:
            tags = Image.Exif()
            tags[274] = 1 + i // 2 % 8
            tags[271] = "A camera"
            exif["exif"] = tags
        img, how = save(rng, photograph(rng, fields, w, h), exif)
        file = f"{i:04d}.{ending}"
        img.save(os.path.join(o.dir, file), **how)
        sizes.add((w, h))
        orientation = exif["exif"][274] if exif and ("exif" in how or 274 in how.get("tiffinfo", {})) else 0
        index.append({"file": file, "kind": name, "lossless": exact, "width": w, "height": h, "orientation": orientation})
    json.dump(index, open(o.dir.rstrip("/") + ".json", "w"), indent=0)
    print(f"{o.count} pictures of {len(sizes)} sizes and {len(names)} kinds in {o.dir}")


def upright(path, item):
    """As Pillow shows a picture: the first frame, turned as its tag says. Of 16-bit samples the high byte counts (Pillow would clip them)."""
    img = Image.open(path)
    img.load()
    tiff = img.format == "TIFF"                                    # Pillow turns these itself when it loads them
    if img.mode in ("I;16", "I", "I;16B"):
        img = Image.fromarray((np.asarray(img).astype(np.int64) >> 8).astype(np.uint8))
    img = img.convert("RGB")
    turned = item["orientation"] in TURNS
    if turned and (not tiff or item["orientation"] not in TIFF_TURNED):
        img = img.transpose(TURNS[item["orientation"]])
    return img


def turned_by_pillow():
    """Which orientations of a TIFF this Pillow applies by itself."""
    done = set()
    for orientation in range(2, 9):
        img = Image.fromarray(np.arange(18, dtype=np.uint8).reshape(2, 3, 3))
        file = io.BytesIO()
        img.save(file, "TIFF", tiffinfo={274: orientation})
        read = Image.open(io.BytesIO(file.getvalue()))
        read.load()
        if read.tobytes() != img.tobytes() or read.size != img.size:
            done.add(orientation)
    return done


TIFF_TURNED = turned_by_pillow()


def settings(model):
    s = json.load(open(os.path.join(model, "preprocessor_config.json")))
    size = s["size"] if isinstance(s["size"], dict) else {"shortest_edge": s["size"]}
    return s, size


def preprocessed(img, s, size):
    filter, (w, h) = Image.Resampling(s["resample"]), img.size
    if "shortest_edge" not in size:
        return img.resize((size["width"], size["height"]), filter)
    edge = size["shortest_edge"]
    img = img.resize((edge, edge * h // w) if w <= h else (edge * w // h, edge), filter)
    x, y = (img.width - edge) // 2, (img.height - edge) // 2
    return img.crop((x, y, x + edge, y + edge))


def pixels(o):
    s, size = settings(o.model)
    os.makedirs(o.out, exist_ok=True)
    for item in json.load(open(o.dir.rstrip("/") + ".json")):
        preprocessed(upright(os.path.join(o.dir, item["file"]), item), s, size).save(os.path.join(o.out, item["file"].split(".")[0] + ".png"))


def safetensors(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    read = {n: np.frombuffer(data[8 + length + t["data_offsets"][0]:8 + length + t["data_offsets"][1]], "<f4").reshape(t["shape"])
            for n, t in header.items() if n != "__metadata__"}
    return read, header.get("__metadata__", {})


def tensors(o):
    s, _ = settings(o.model)
    mean, std = (np.array(s[n], np.float32)[:, None, None] for n in ("image_mean", "image_std"))
    ours, _ = safetensors(o.tensors)
    table, wrong, floats = collections.defaultdict(list), [], 0.0
    for item in json.load(open(o.dir.rstrip("/") + ".json")):
        theirs = np.asarray(Image.open(os.path.join(o.pixels, item["file"].split(".")[0] + ".png"))).transpose(2, 0, 1)
        if item["file"] not in ours:
            wrong.append(f"{item['file']} ({item['kind']}): no tensor")
            continue
        ours_bytes = np.rint((ours[item["file"]] * std + mean) * 255).astype(np.int16)
        floats = max(floats, float(np.abs((ours_bytes.astype(np.float32) / 255 - mean) / std - ours[item["file"]]).max()))
        off = np.abs(ours_bytes - theirs)
        table[item["kind"], item["lossless"]].append((off.max(), off.mean(), (off > 0).mean()))
        if item["lossless"] and off.max():
            wrong.append(f"{item['file']} ({item['kind']}, {item['width']} x {item['height']}, orientation {item['orientation']}): {100 * (off > 0).mean():.2f} % of values differ, by {off.mean():.4f} in the mean, {off.max()} at most")
    for lossless in (True, False):
        print("lossless" if lossless else "lossy", "| kind | files | equal | worst | mean | values that differ |", sep="\n")
        for (kind, l), found in sorted(table.items()):
            if l == lossless:
                worst, mean_off, share = np.array(found).T
                print(f"| {kind} | {len(found)} | {(worst == 0).sum()} | {worst.max():.0f} | {mean_off.mean():.5f} | {100 * share.mean():.3f} % |")
        found = np.array([f for (_, l), fs in table.items() if l == lossless for f in fs])
        print(f"all: {len(found)} files, {(found[:, 0] == 0).sum()} equal, worst difference {found[:, 0].max():.0f}, mean {found[:, 1].mean():.5f}")
    print(f"normalised values are within {floats:.2e} of those of their bytes")
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))


def rows(o):
    def read(path):
        tensors, metadata = safetensors(path)
        return dict(zip((os.path.splitext(i)[0] for i in json.loads(metadata["ids"])), tensors["embeddings"]))
    first = read(o.files[0])
    for path in o.files[1:]:
        other = read(path)
        shared = [i for i in first if i in other]
        a, b = (np.stack([r[i] for i in shared]).astype(np.float64) for r in (first, other))
        cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        same = sum(first[i].tobytes() == other[i].tobytes() for i in shared)
        print(f"{os.path.basename(path)}: {len(shared)} of {len(first)} rows, {same} bit for bit, cosine {cosines.min():.6f} at least ({shared[cosines.argmin()]}), {np.median(cosines):.6f} in the median")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for run, arguments in ((make, ["dir", "--count", "--seed"]), (pixels, ["dir", "--model", "--out"]), (tensors, ["dir", "pixels", "tensors", "--model"]), (rows, ["files"])):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        for a in arguments:
            kw = {"nargs": "+"} if a == "files" else {"type": int, "default": 1000 if a == "--count" else 14} if a in ("--count", "--seed") else {"required": True} if a.startswith("--") else {}
            command.add_argument(a, **kw)
    options = parser.parse_args()
    options.run(options)


main()
