#!/usr/bin/env bash
# Four processes index four shards of the album, one is killed and started again; the merged rows are compared with those of one process.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cir="dotnet $root/src/ZeroShotCir.Tool/bin/Release/net10.0/cir.dll"
photos="$root/samples/TinyFashion/album/photos" model="$root/samples/TinyFashion/models/clip"

$cir index "$photos" --model "$model" --out "$work/single" >/dev/null
$cir gallery compact "$work/single" >/dev/null
for shard in 1 3 4; do $cir index "$photos" --model "$model" --out "$work/merged" --shard $shard/4 >"$work/$shard.txt" & done
$cir index "$photos" --model "$model" --out "$work/merged" --shard 2/4 >/dev/null & victim=$!
sleep "${KILL_AFTER:-3}"
kill -9 $victim && echo "shard 2/4 was killed with $(ls "$work/merged/shards/2-of-4" 2>/dev/null | wc -l) files in its folder"
wait $(jobs -p) 2>/dev/null || true
$cir gallery merge "$work/merged" || echo "(so it is refused)"
$cir index "$photos" --model "$model" --out "$work/merged" --shard 2/4
$cir gallery merge "$work/merged"
python3 - "$work" <<'EOF'
import json, pathlib, struct, sys
def tensors(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {}
    for segment in manifest["segments"]:
        for role, file in segment["files"].items():
            data = (folder / file["name"]).read_bytes()
            if file["name"].endswith(".safetensors"):
                length = struct.unpack("<Q", data[:8])[0]
                header = json.loads(data[8:8 + length])
                found[role] = {name: data[8 + length + t["data_offsets"][0]:8 + length + t["data_offsets"][1]] for name, t in header.items() if name != "__metadata__"}
            else:
                found[role] = data
    return found, manifest["count"]
work = pathlib.Path(sys.argv[1])
one, count = tensors(work / "single")
other, _ = tensors(work / "merged")
for role in sorted(one):
    print(f"{role}: {'byte-identical' if one[role] == other.get(role) else 'DIFFERENT'}")
print(f"{count} images")
EOF
