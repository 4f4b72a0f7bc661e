"""Texts for a large desk: some thousands, made of frequent and rare words as people's are."""

import random

COMMON = [
    "the",
    "a",
    "to",
    "and",
    "of",
    "in",
    "is",
    "it",
    "we",
    "you",
    "for",
    "on",
    "not",
    "with",
    "have",
    "this",
    "that",
    "our",
    "be",
    "are",
    "as",
    "from",
    "at",
    "by",
    "when",
    "no",
    "can",
    "il",
    "la",
    "di",
    "e",
    "che",
    "non",
    "per",
    "un",
    "una",
    "sono",
    "con",
    "del",
    "alla",
    "dei",
    "da",
    "come",
    "anche",
    "ma",
    "si",
    "ci",
    "al",
    "le",
    "gli",
    "quando",
    "dopo",
]
KNOWN = [
    "call",
    "phone",
    "line",
    "voice",
    "queue",
    "recording",
    "number",
    "transfer",
    "audio",
    "login",
    "password",
    "invoice",
    "report",
    "export",
    "user",
    "extension",
    "drop",
    "delay",
    "error",
    "restart",
    "update",
    "network",
    "router",
    "server",
    "slow",
    "dashboard",
    "webhook",
    "signature",
    "headset",
    "voicemail",
    "porting",
    "chiamata",
    "telefono",
    "linea",
    "voce",
    "coda",
    "registrazione",
    "numero",
    "audio",
    "accesso",
    "fattura",
    "rapporto",
    "interno",
    "errore",
    "rete",
    "lento",
    "ritardo",
    "aggiornamento",
    "segreteria",
    "cuffia",
    "attesa",
    "cliente",
    "ordine",
    "messaggio",
    "utente",
    "giorno",
    "ufficio",
    "problema",
    "servizio",
]
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "fa",
    "fe",
    "fi",
    "fo",
    "ga",
    "ge",
    "gi",
    "go",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "ra",
    "re",
    "ri",
    "ro",
    "ta",
    "to",
]


def vocabulary(chance: random.Random, rare: int) -> list[str]:
    """Return words: those everybody uses first, then made-up ones that few do."""
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(3, 5))) for _ in range(rare)}
    return KNOWN + sorted(made)


def sentence(chance: random.Random, words: list[str], length: int) -> str:
    """Return a text in which a few words are frequent and most are rare."""
    said = []
    for _ in range(length):
        if chance.random() < 0.45:
            said.append(chance.choice(COMMON))
        else:
            said.append(words[int(len(words) * chance.random() ** 3)])
    return " ".join(said).capitalize() + "."


def texts(number: int, *, seed: int = 7) -> tuple[list[str], list[str]]:
    """Return subjects and bodies, the same for the same seed."""
    chance = random.Random(seed)
    words = vocabulary(chance, 20_000)
    subjects = [sentence(chance, words, chance.randint(3, 8)) for _ in range(number)]
    bodies = [
        "\n\n".join(sentence(chance, words, chance.randint(12, 30)) for _ in range(chance.randint(1, 4)))
        for _ in range(number)
    ]
    return subjects, bodies
