// Writes the tokenizer files of this folder: small vocabularies in the layouts that the families publish, and the ids that
// Hugging Face's tokenizers (the Rust library, through its Node binding) give for texts that are easy to get wrong.
//   npm install @anush008/tokenizers@0.6.0 && node reference.mjs .
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";

const { Tokenizer } = createRequire(import.meta.url)("@anush008/tokenizers");
const folder = process.argv[2] ?? ".";

const sentences = [
  "is red and has long sleeves", "a photo of two dogs running on the beach", "the same dress but shorter, with a floral print",
  "has a darker colour and no buttons", "show the café at night, façade lit", "replace the cat with three small birds",
  "more formal: v-neck, sleeveless", "un vestido más largo", "die gleiche Straße im Winter", "красное платье без рукавов",
  "红色的连衣裙", "长袖衬衫", "the photographer's unphotographed photographs", "remove 12 of the 345 people",
];
const texts = [
  ...sentences, "", " ", "  two   blanks  ", "\ttab\nnewline\r\n", "RED Dress", "ÀÉÎÕÜ ÇA naïve", "e\u0301 decomposed cafe\u0301", "İstanbul ıI", "ΣΑΣ ΟΔΟΣ",
  "it's the child's, they'll we've don't I'm", "(a)[b]{c}<d>", "a-b_c+d=e", "100% £5 €7 $9 ^ ` ~ |", "“quoted” — dash… „low‟", "x\u0000y\uFFFDz\u200Bw\u00ADv",
  "红色dress裙 长袖", "한국어 텍스트", "日本語のテキスト", "𠀀𠮷 rare", "😀👗 emoji 👩‍👧", "𝐛𝐨𝐥𝐝 ① ﬁne Ａｂｃ", "a\u00A0b\u3000c\u2028d", "<s>inside</s>", "[MASK] and [mask]", "<mask>", "<pad>x<unk>",
  "a".repeat(99), "b".repeat(101), "word ".repeat(40), "▁already ▁▁ marked", "\n\n\nlines", "<0x41> A", "tail ", "1234567890", "a<eos>b <bos> c", "résumé.Résumé,RÉSUMÉ", "ﷺ ½ ² ™ Ⅷ",
];
let seed = 7;
const random = (n) => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return (seed >> 8) % n; };
const pieces = [..."aeiourstn lmdph", " ", "  ", "é", "e\u0301", "ß", "红", "裙", "д", "Σ", "İ", "'s", "-", ",", ".", "!", "#", "▁", "\u00A0", "\t", "\n", "①", "ﬁ", "Ａ", "😀", "𝐛", "7", "42", "photo", "dress", "[SEP]", "</s>", "<mask>", "ing"];
for (let i = 0; i < 120; i++) texts.push(Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join(""));

const special = (id, content, more = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more });
const template = (start, end, ids) => ({
  type: "TemplateProcessing",
  single: [...(start ? [{ SpecialToken: { id: start, type_id: 0 } }] : []), { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: end, type_id: 0 } }],
  pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
  special_tokens: Object.fromEntries([start, end].filter(Boolean).map((t) => [t, { id: t, ids: [ids[t]], tokens: [t] }])),
});

// The most frequent adjacent pair, again and again: the training of byte-pair encoding.
function learn(words, symbolsOf, count) {
  const split = words.map(symbolsOf);
  const vocabulary = [...new Set(split.flat())].sort();
  const merges = [];
  while (merges.length < count) {
    const counts = new Map();
    for (const w of split) for (let i = 0; i + 1 < w.length; i++) counts.set(w[i] + "\0" + w[i + 1], (counts.get(w[i] + "\0" + w[i + 1]) ?? 0) + 1);
    const [best, often] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ["", 0];
    if (often < 2) break;
    const [left, right] = best.split("\0");
    merges.push([left, right]);
    if (!vocabulary.includes(left + right)) vocabulary.push(left + right);
    for (const w of split) for (let i = 0; i + 1 < w.length; i++) if (w[i] === left && w[i + 1] === right) w.splice(i, 2, left + right);
  }
  return { vocabulary, merges };
}

function bert() {
  const tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const characters = [...new Set([..."abcdefghijklmnopqrstuvwxyz0123456789.,:;!?'-_()[]{}<>%£€红色的连衣裙长袖дрсаσς"])];
  tokens.push(...characters, ..."abcdefghijklmnopqrstuvwxyz0123456789дрсаσ".split("").map((c) => "##" + c));
  tokens.push("dress", "photo", "##graph", "##graphs", "##er", "##ed", "un", "##photo", "the", "red", "cafe", "long", "sleeves", "##less", "resume", "naive", "mask", "two", "it");
  const vocab = Object.fromEntries(tokens.map((t, i) => [t, i]));
  return {
    added_tokens: tokens.slice(0, 5).map((t, i) => special(i, t)),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template("[CLS]", "[SEP]", vocab),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
  };
}

function gemma() {
  const words = sentences.flatMap((s) => s.split(" ").map((w, i) => (i ? "▁" : "") + w));
  const { vocabulary } = learn(words, (w) => [...w], 150);
  const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, "0")}>`);
  const tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", ...bytes, "\n", ...vocabulary, "▁▁"];
  const vocab = Object.fromEntries(tokens.map((t, i) => [t, i]));
  // Published files were converted from a SentencePiece model, in which any two pieces that make a third may merge.
  const cuts = (t) => [...t].slice(1).map((_, i) => [[...t].slice(0, i + 1).join(""), [...t].slice(i + 1).join("")]);
  const merges = tokens.slice(5 + 256).flatMap((t) => cuts(t).filter((cut) => cut.every((part) => part in vocab)).sort((a, b) => vocab[a[0]] - vocab[b[0]] || vocab[a[1]] - vocab[b[1]]));
  return {
    padding: { strategy: { Fixed: 64 }, direction: "Right", pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: "<pad>" },
    added_tokens: tokens.slice(0, 5).map((t, i) => special(i, t)),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
    pre_tokenizer: { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false },
    post_processor: template(null, "<eos>", vocab),
    decoder: { type: "Sequence", decoders: [{ type: "Replace", pattern: { String: "▁" }, content: " " }, { type: "ByteFallback" }, { type: "Fuse" }] },
    model: { type: "BPE", dropout: null, unk_token: "<unk>", continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true, vocab, merges: merges.map((m) => m.join(" ")) },
  };
}

// GPT-2's printable stand-ins for bytes.
const visible = (b) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
let next = 256;
const alphabet = Array.from({ length: 256 }, (_, b) => String.fromCharCode(visible(b) ? b : next++));

function clip() {
  const symbols = (w) => [...Buffer.from(w, "utf8")].map((b, i, all) => alphabet[b] + (i + 1 < all.length ? "" : "</w>"));
  const { vocabulary, merges } = learn(sentences.flatMap((s) => s.toLowerCase().split(" ")), symbols, 150);
  const tokens = [...alphabet, ...alphabet.map((c) => c + "</w>"), ...vocabulary.filter((t) => [...t.replace("</w>", "")].length > 1), "<|startoftext|>", "<|endoftext|>"];
  const [start, end] = [tokens.length - 2, tokens.length - 1];
  return {
    added_tokens: [special(start, "<|startoftext|>", { normalized: true }), special(end, "<|endoftext|>")],
    normalizer: { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "Replace", pattern: { Regex: "\\s+" }, content: " " }, { type: "Lowercase" }] },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" }, behavior: "Removed", invert: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: { type: "RobertaProcessing", sep: ["<|endoftext|>", end], cls: ["<|startoftext|>", start], trim_offsets: false, add_prefix_space: false },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", dropout: null, unk_token: "<|endoftext|>", continuing_subword_prefix: "", end_of_word_suffix: "</w>", fuse_unk: false, byte_fallback: false, vocab: Object.fromEntries(tokens.map((t, i) => [t, i])), merges: merges.map((m) => m.join(" ")) },
  };
}

function roberta() {
  const symbols = (w) => [...Buffer.from(w, "utf8")].map((b) => alphabet[b]);
  const { vocabulary, merges } = learn(sentences.flatMap((s) => s.split(" ").map((w) => " " + w)), symbols, 150);
  const tokens = ["<s>", "<pad>", "</s>", "<unk>", ...alphabet, ...vocabulary.filter((t) => [...t].length > 1), "<mask>"];
  const vocab = Object.fromEntries(tokens.map((t, i) => [t, i]));
  return {
    added_tokens: [...tokens.slice(0, 4).map((t, i) => special(i, t, { normalized: true })), special(vocab["<mask>"], "<mask>", { lstrip: true })],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: "RobertaProcessing", sep: ["</s>", 2], cls: ["<s>", 0], trim_offsets: true, add_prefix_space: false },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: "", end_of_word_suffix: "", fuse_unk: false, byte_fallback: false, vocab, merges: merges.map((m) => m.join(" ")) },
  };
}

// A double array (Darts) of UTF-8 keys, as SentencePiece compiles its character maps: size of the trie, trie, texts.
function charsMap(mapping) {
  const texts = [];
  const root = { children: new Map() };
  for (const [key, value] of Object.entries(mapping)) {
    let node = root;
    for (const b of Buffer.from(key, "utf8")) node = node.children.get(b) ?? node.children.set(b, { children: new Map() }).get(b);
    node.value = texts.length;
    texts.push(...Buffer.from(value, "utf8"), 0);
  }
  const units = [0];
  const taken = new Set([0]);
  const bases = new Set();
  const place = (node, at) => {
    const labels = [...(node.value === undefined ? [] : [0]), ...node.children.keys()];
    let base = 1;
    while (bases.has(base) || labels.some((l) => taken.has(base ^ l))) base++;
    bases.add(base);
    labels.forEach((l) => taken.add(base ^ l));
    units[at] = ((units[at] ?? 0) | (((at ^ base) << 10) >>> 0) | (node.value === undefined ? 0 : 256)) >>> 0;
    if (node.value !== undefined) units[base] = (node.value | 0x80000000) >>> 0;
    for (const [label, child] of node.children) { units[base ^ label] = label; place(child, base ^ label); }
  };
  place(root, 0);
  const size = Math.ceil((Math.max(...taken) + 1) / 256) * 256;
  const bytes = Buffer.alloc(4 + 4 * size + texts.length);
  bytes.writeUInt32LE(4 * size, 0);
  for (let i = 0; i < size; i++) bytes.writeUInt32LE(units[i] ?? 0, 4 + 4 * i);
  Buffer.from(texts).copy(bytes, 4 + 4 * size);
  return bytes.toString("base64");
}

function xlmRoberta() {
  const counts = new Map();
  for (const s of sentences) for (const w of s.split(" ")) {
    const c = [..."▁" + w];
    for (let i = 0; i < c.length; i++) for (let j = i + 1; j <= Math.min(c.length, i + 7); j++) counts.set(c.slice(i, j).join(""), (counts.get(c.slice(i, j).join("")) ?? 0) + (j - i));
  }
  const learned = [...counts].filter(([p, n]) => n >= 2 * [...p].length || [...p].length === 1).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 420);
  const vocab = [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], [",", -3.25], [".", -3.5], ...learned.filter(([p]) => p !== "," && p !== ".").map(([p, n], i) => [p, -Math.round((9 - Math.log(n) + i / 1000) * 4096) / 4096]), ["<mask>", 0]];
  const ids = Object.fromEntries(vocab.map(([t], i) => [t, i]));
  return {
    added_tokens: [...["<s>", "<pad>", "</s>", "<unk>"].map((t, i) => special(i, t)), special(ids["<mask>"], "<mask>", { lstrip: true })],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Precompiled", precompiled_charsmap: charsMap({ "①": "1", "ﬁ": "fi", "Ａ": "A", "ｂ": "b", "ｃ": "c", "\u00A0": " ", "\u3000": " ", "\t": " ", "\n": " ", "\r": " ", "…": "...", "½": "1⁄2", "e\u0301": "é", "\u200B": " ", "\u00AD": "" }) },
        { type: "Strip", strip_left: false, strip_right: true },
        { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
      ],
    },
    pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always" }] },
    post_processor: template("<s>", "</s>", ids),
    decoder: { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always" },
    model: { type: "Unigram", unk_id: 3, byte_fallback: false, vocab },
  };
}

// A vocabulary without the tokens of some bytes, as Gemma's lacks the tab, which is a token itself.
const withoutBytes = (fuse_unk, ...bytes) => {
  const model = gemma().model;
  return { model: { ...model, fuse_unk, vocab: Object.fromEntries(Object.entries(model.vocab).filter(([t]) => !bytes.some((b) => t === `<0x${b}>`))) } };
};

// Steps that the families above do not take, each in place of that of a whole tokenizer.
const split = (behavior, pattern = { Regex: "[,.e]" }, invert = false) => ({ pre_tokenizer: { type: "Split", pattern, behavior, invert } });
const bertText = (more) => ({ normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true, ...more } });
const normalizers = (...steps) => ({ normalizer: { type: "Sequence", normalizers: steps } });
const metaspace = (prepend_scheme) => ({ pre_tokenizer: { type: "Metaspace", replacement: "▁", add_prefix_space: prepend_scheme !== "never", prepend_scheme } });
const variants = [
  ["xlm-roberta", split("Removed")], ["xlm-roberta", split("Isolated")], ["xlm-roberta", split("MergedWithPrevious")], ["xlm-roberta", split("MergedWithNext")],
  ["xlm-roberta", split("Contiguous")], ["xlm-roberta", split("Removed", { Regex: "[a-z]+" }, true)], ["xlm-roberta", split("Isolated", { String: "o" })],
  ["xlm-roberta", metaspace("always")], ["xlm-roberta", metaspace("first")], ["xlm-roberta", metaspace("never")],
  ["xlm-roberta", normalizers({ type: "NFD" }, { type: "StripAccents" }, { type: "Lowercase" })], ["xlm-roberta", normalizers({ type: "NFC" }, { type: "Prepend", prepend: "▁" })],
  ["xlm-roberta", normalizers({ type: "Replace", pattern: { String: "$1" }, content: "a" }, { type: "Replace", pattern: { Regex: "[0-9]" }, content: "$0" }, { type: "Strip", strip_left: true, strip_right: false })],
  ["bert", bertText({ lowercase: false })], ["bert", bertText({ strip_accents: false })], ["bert", bertText({ lowercase: false, strip_accents: true })],
  ["bert", bertText({ handle_chinese_chars: false })], ["bert", bertText({ clean_text: false })], ["bert", { post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] } }],
  ["gemma", withoutBytes(true, "09")], ["gemma", withoutBytes(true, "C3", "F0")], ["gemma", withoutBytes(false, "C3", "F0", "09")],
  ["roberta", { pre_tokenizer: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true } }],
  ["roberta", { pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false } }],
];

async function idsOf(tokenizer, texts) {
  const reference = Tokenizer.fromString(JSON.stringify(tokenizer));
  reference.disablePadding();
  const cases = [];
  for (const text of texts) cases.push(JSON.stringify({ text, ids: [...(await reference.encode(text, null, { addSpecialTokens: true })).getIds()] }));
  return `[\n${cases.join(",\n")}\n]`;
}

const built = {};
for (const [name, build] of Object.entries({ "clip": clip, "bert": bert, "gemma": gemma, "roberta": roberta, "xlm-roberta": xlmRoberta })) {
  const tokenizer = (built[name] = { version: "1.0", truncation: null, padding: null, ...build() });
  // On a capital sigma that ends a word CLIP's implementations differ: ς in Python and JavaScript, σ in Rust.
  const cases = await idsOf(tokenizer, texts.filter((text) => name !== "clip" || !text.includes("Σ")));
  writeFileSync(`${folder}/${name}.json`, `{"tokenizer": ${JSON.stringify(tokenizer)},\n"cases": ${cases}}\n`);
}
const changed = [];
for (const [base, change] of variants) {
  const cases = await idsOf({ ...built[base], ...change }, texts.filter((text, i) => i % 4 === 0));
  changed.push(`{"base": ${JSON.stringify(base)}, "change": ${JSON.stringify(change)}, "cases": ${cases}}`);
}
writeFileSync(`${folder}/variants.json`, `[\n${changed.join(",\n")}\n]\n`);
