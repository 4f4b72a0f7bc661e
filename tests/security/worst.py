"""Documents of up to 1 MB that cost a careless reader the most. Run as a program, it tells what reading each costs."""

import json
import resource
import sys
import time

STANDARD_HEAD = 'format = 1\nversion = 1\nlanguages = ["en"]\n'
NAMED = 'name = { en = "x" }\n'
MB = 1_000_000


def documents():
    """Yield names and texts."""
    yield "a key of many parts", "a." * 400_000 + "a=1"
    yield "a key of 20,000 parts", ".".join("a" * 20_000) + "=1"
    yield "a heading of many parts", "[" + "a." * 40_000 + "a]"
    yield "quoted parts", '"a".' * 100_000 + "a=1"
    yield "spaced parts", "a . " * 100_000 + "a=1"
    yield "parts within braces", "x={" + "a." * 40_000 + "a=1}"
    yield "parts behind four quotes", 'x={y=""""a"""",' + "a." * 40_000 + "a=1}"
    yield "parts behind four apostrophes", "x={y=''''a''''," + "a." * 40_000 + "a=1}"
    yield "parts behind an escape", 'x={y="\\"",' + "a." * 40_000 + "a=1}"
    yield "many keys", "".join(f"k{number}=1\n" for number in range(49_000))
    yield "many long keys", "".join(f"a{number}.b{number}.c.d.e.f.g.h=1\n" for number in range(9_900))
    yield "many headings", "".join(f"[a{number}.b.c.d.e.f.g]\n" for number in range(9_900))
    yield "many tables", "[[a]]\n" * 16_000
    yield "many braces", "x=[" + "{a.b.c.d.e.f=1}," * 9_000 + "]"
    yield "deep", "x=" + "[" * 500_000
    yield "deep braces", "x=" + "{a=" * 200_000
    yield "a long text", 'x="' + "a" * (MB - 10) + '"'
    yield "escapes", 'x="' + "\\u0041" * 160_000 + '"'
    yield "quotes", '"' * MB
    yield "apostrophes", "'" * MB
    yield "open texts", '"""\\' * 200_000
    yield "digits", "x=" + "9" * 900_000
    yield "digits of sixteen", "version=0x" + "f" * 900_000
    yield "spaces", " " * MB
    yield "lines", "\n" * MB
    yield "spaces in a bracket", "x=[\n[" + " " * 900_000 + "\n]]\n"
    yield "spaces that look like a heading", 'x="""\n[[' + " " * 900_000 + '\n"""\n'
    yield "dots that look like a key", 'x="""\na' + " ." * 400_000 + '\n"""\n'
    yield "a long key in quotes", '"' + "k" * 900_000 + '"=1'
    yield "a long language", "[title]\n" + '"' + "a" * 900_000 + '"="x"'
    yield "a long zone", '[hours.a]\nzone="' + "a" * 900_000 + '"\n'
    yield "unknown keys", "".join(f"abcdefgh{number}=1\n" for number in range(45_000))
    languages = ", ".join(f'"l{chr(97 + number // 26)}{chr(97 + number % 26)}"' for number in range(100))
    yield (
        "texts without their languages",
        f"languages=[{languages}]\n"
        + "".join(
            f"[holidays.h{number}]\nyears=[2026,2027]\n"
            + "".join(f"[holidays.h{number}.days.d{day}]\n{NAMED}dates=[2026-01-01]\n" for day in range(60))
            for number in range(80)
        ),
    )
    yield (
        "days of sixty years",
        STANDARD_HEAD
        + "".join(
            f"[holidays.h{number}]\nyears=[2026,2085]\n"
            + "".join(
                f'[holidays.h{number}.days.d{day}]\n{NAMED}every_year="{1 + day % 12:02}-{1 + day // 12:02}"\n'
                for day in range(100)
            )
            for number in range(70)
        ),
    )
    yield (
        "a large table of promises",
        STANDARD_HEAD
        + "".join(f'[[plan]]\nkey="p{number}"\n{NAMED}' for number in range(100))
        + "".join(f'[[priority]]\nkey="q{number}"\n{NAMED}meaning={{en="x"}}\n' for number in range(100))
        + f"[hours.always]\n{NAMED}always=true\n"
        + "".join(
            f"[first_response.p{plan}]\n" + "".join(f'q{priority}="1h always"\n' for priority in range(100))
            for plan in range(100)
        ),
    )
    yield (
        "many wrong cells",
        "".join(f"[first_response.p{plan}]\n" + "".join(f'x{n}="1h x"\n' for n in range(100)) for plan in range(100)),
    )
    yield (
        "JSON: keys, the last one twice",
        "{" + ",".join(f'"k{number}":1' for number in range(80_000)) + ',"k79999":1}',
    )
    yield "JSON: deep", '{"a":' * 160_000
    yield "JSON: objects", '{"a":[' + "{}," * 330_000 + "{}]}"
    yield "JSON: digits", '{"a":' + "9" * 900_000 + "}"
    yield "JSON: a language each", '{"title":{' + ",".join(f'"k{number}":"x"' for number in range(60_000)) + "}}"


def measure():
    """Print what reading each, telling what is wrong and in which lines costs: seconds, MB, letters."""
    from puntuale.agreements.proposals import propose  # noqa: PLC0415
    from puntuale.guarantee import document  # noqa: PLC0415

    told = {}
    for name, text in documents():
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        reading = document.read(text, propose=propose)
        lines = [document.line_of(finding, text) for finding in reading.findings]
        seconds = time.process_time() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        letters = sum(len(str(finding)) for finding in reading.findings)
        told[name] = [len(text), seconds, grown, letters, len(lines)]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    measure()
