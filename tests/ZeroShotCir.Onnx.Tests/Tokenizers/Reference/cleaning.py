# Writes cleaning.json: what Python gives for texts cleaned as OpenCLIP's program does, by the rules of ftfy's fix_text but
# for its decoding of mojibake. The rules are written down here once more, on Python's own html, unicodedata, re and str.
# Run: python3 cleaning.py
import html, html.entities, json, os, random, re, string, unicodedata

LIGATURES = {"Ĳ": "IJ", "ĳ": "ij", "ŉ": "ʼn", "Ǳ": "DZ", "ǲ": "Dz", "ǳ": "dz", "Ǆ": "DŽ", "ǅ": "Dž", "ǆ": "dž", "Ǉ": "LJ", "ǈ": "Lj", "ǉ": "lj",
             "Ǌ": "NJ", "ǋ": "Nj", "ǌ": "nj", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ſt", "ﬆ": "st"}
DROPPED = [*range(9), 11, *range(14, 32), 127, *range(0x206A, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFD)]


def reference(match):
    text = match[0]
    if text.startswith("&#"):
        value = html.unescape(text)
        return text if ";" in value else value
    name = text[1:]
    if name in html.entities.html5:
        return html.entities.html5[name]
    lower = name.lower()
    if name == lower.upper() and lower in html.entities.html5 and html.unescape(text) == text:
        return html.entities.html5[lower].upper()
    return text


def windows(match):
    try:
        return match[0].encode("latin-1").decode("windows-1252")
    except UnicodeDecodeError:
        return match[0]


def width(character):
    return " " if character == "\u3000" else unicodedata.normalize("NFKC", character) if "\uff01" <= character <= "\uffef" else character


def repair(line, unescapes):
    while True:
        before = line
        if unescapes:
            line = re.sub("&#?[0-9A-Za-z]{1,24};", reference, line)
        line = re.sub("[\x80-\x9f]", windows, line)
        line = "".join(LIGATURES.get(c, c) for c in line)
        line = "".join(width(c) for c in line)
        line = re.sub("[\u02bc\u2018-\u201b]", "'", re.sub("[\u201c-\u201f]", '"', line))
        line = re.sub("\r\n|[\r\u2028\u2029\u0085]", "\n", line)
        line = re.sub("\x1b\\[[\\d;]*[a-zA-Z]", "", line)
        line = line.translate(dict.fromkeys(DROPPED))
        line = unicodedata.normalize("NFC", line)
        if line == before:
            return line


def basic(text):
    fixed, unescapes = [], True
    for line in re.findall("[^\n]*\n|[^\n]+", text):
        unescapes = unescapes and "<" not in line
        fixed.append(repair(line, unescapes))
    return html.unescape(html.unescape("".join(fixed))).strip()


def canonicalize(text):
    text = basic(text).replace("_", " ").translate(str.maketrans("", "", string.punctuation)).lower()
    return " ".join(text.split())


texts = [
    "", " ", "a photo of a red dress", "it’s “curly” ‘too’ „low‟ ‚x‛", "Broken text&hellip; it&#x2019;s ﬂubberiﬁc!", "ＬＯＵＤ　ＮＯＩＳＥＳ", "Ｕﾀｰﾝ ｶﾞｷﾞ ﾊﾟ", "P&EACUTE;REZ &ntilde; &Ntilde; &NTILDE; &nTILDE;",
    "BUNDESSTRA&SZLIG;E", "&Jscr;ohn &HilbertSpace;ancock &checkmark;", "a <b> &lt; c\nx &lt; y", "x &lt; y\na <b> &amp;lt; c\nz &lt; &eacute;", "&amp;amp;amp;lt;", "&#133; &#x80; &#0; &#55296; &#1114112; &#12a; &#59; &#xG; &#;",
    "\x1b[36;44mI'm blue\x1b[0m \x1b[x \x1b 5m", "a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "never UTF-8 at all\x85 \x80\x93\x94\x81", "ŉ Ĳ ĳ Ǆ ǅ ǆ ǲ ﬀ ﬃ ﬄ ﬅ ﬆ æ œ", "cafe\u0301 \u1112\u1161\u11ab ﾡﾢﾣ ￣ ￦ ￨ ￩", "\ufeffbom \u200b\u206a\ufff9\ufffcx",
    "AT&T R&D &notin; &notit; &amp &copy2 &ampersand;", "under_score (a-b) #89 ~`^ [x] {y} |z|", "İstanbul ΟΔΥΣΣΕΥΣ Straße ẞ", "a\u00a0b\u2003c\u1680d\u3000e\x1ff", "红色 連衣裙，長袖。", "👗 👩‍👧 \U0001f3f4\U000e0067\U000e007f", "&FFILIG; &NAPOS; &FJLIG; &GTDOT; &ALPHA; &AMP; &QUOT; &NBSP;x",
    "<end_of_text> <|endoftext|> <START_OF_TEXT>", "&lt;end_of_text&gt;", "100% £5 €7 ½ ™ ² ﷺ", "q\u0307\u0323 \u1e69 \u0344 \u212b \u2126",
]
pieces = [*"abcXYZ 019_-!&<;#'\"", "  ", "\n", "\r\n", "\t", "&amp;", "&lt;", "&eacute;", "&EACUTE;", "&#39;", "&#x27;", "&#128512;", "amp;", "#38;", "’", "“", "…", "é", "e\u0301", "Ａ", "ﾀ", "ﾞ", "　", "ﬁ", "ĳ", "\x85", "\x93", "\x81",
          "\x1b[1m", "\x00", "\x1f", "\ufeff", "\u2028", "\u00a0", "İ", "Σ", "ß", "红", "д", "😀", "𝐛", "\u0323", "\u0307", "&hearts;", "&notanentity;", "&NOTIN;", "～", "￣"]
random.seed(3)
texts += ["".join(random.choice(pieces) for _ in range(random.randint(1, 12))) for _ in range(400)]
cases = [{"text": t, "whitespace": " ".join(basic(t).split()), "lower": " ".join(basic(t).split()).lower(), "canonicalize": canonicalize(t)} for t in texts]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cleaning.json"), "w", encoding="utf-8", newline="\n") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
