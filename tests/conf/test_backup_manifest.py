"""A manifest that somebody cut something out of, or made up, is refused: with the key, its value and the rule."""

import json

import pytest

from puntuale.conf.backup import manifest
from puntuale.conf.backup.manifest import NAME, BackupRefused

PART = {"size": 7, "sha256": "0" * 64}
SOUND = {
    "format": 1,
    "made_at": "2026-11-20T15:00:00+00:00",
    "program": "1.0",
    "rows": {"tickets_ticket": 0},
    "parts": {"database.dump": PART, "secret_key": PART, "files/ab/cd": PART, "files/mail/ab/cd": PART},
    "missing": ["files/ab/ce"],
}


def refused(folder, told):
    (folder / NAME).write_text(told if isinstance(told, str) else json.dumps(told))
    with pytest.raises(BackupRefused) as caught:
        manifest.read(folder)
    return str(caught.value)


def test_a_sound_one_is_read(tmp_path):
    (tmp_path / NAME).write_text(json.dumps(SOUND))
    assert manifest.read(tmp_path).rows == {"tickets_ticket": 0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rows": 5}, "rows is 5, and has to be an object"),
        ({"rows": {"tickets_ticket": "1"}}, 'rows.tickets_ticket is "1", and has to be a whole number'),
        ({"rows": {"tickets_ticket": True}}, "rows.tickets_ticket is true, and has to be a whole number"),
        ({"rows": {"tickets_ticket": -1}}, "rows.tickets_ticket is -1, and has to be a whole number"),
        ({"parts": []}, "parts is [], and has to be an object"),
        ({"parts": {"secret_key": PART}}, "parts.database.dump is not told, and a backup has the database"),
        ({"parts": {"database.dump": 5}}, "parts.database.dump is 5, and has to be an object"),
        (
            {"parts": {"database.dump": PART | {"sha256": None}}},
            "parts.database.dump.sha256 is null, and has to be a SHA-256",
        ),
        (
            {"parts": {"database.dump": PART, "files/../../out": PART}},
            'a key of parts is "files/../../out", and has to be a place that a backup has',
        ),
        ({"missing": "files/ab/cd"}, 'missing is "files/ab/cd", and has to be a list'),
        ({"made_at": "yesterday"}, 'made_at is "yesterday", and has to be an instant with its offset'),
        ({"made_at": 5}, "made_at is 5, and has to be an instant with its offset"),
        ({"program": None}, "program is null, and has to be a text that is not empty"),
        ({"format": 2}, "format is 2, and has to be 1, which this version reads"),
        ({"format": True}, "format is true, and has to be 1, which this version reads"),
        ({"more": [1]}, "more is [1], and a manifest has no such key"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_rule(tmp_path, changes, told):
    assert told in refused(tmp_path, SOUND | changes)


@pytest.mark.parametrize("key", SOUND)
def test_a_key_that_was_cut_out_is_named(tmp_path, key):
    assert f"{key} is not told, and has to be" in refused(tmp_path, {k: v for k, v in SOUND.items() if k != key})


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    told = refused(tmp_path, SOUND | {"rows": 5, "parts": 6})
    assert "rows is 5" in told
    assert "parts is 6" in told


@pytest.mark.parametrize("nothing", ["[]", "5", "null", '"text"'])
def test_what_is_no_object_is_refused_in_words(tmp_path, nothing):
    assert f"it is {nothing}, and has to be an object" in refused(tmp_path, nothing)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path, text):
    assert "cannot be read" in refused(tmp_path, text)
