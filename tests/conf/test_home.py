"""The desk's home keeps its secret to itself."""

import os
import stat

import pytest

from puntuale.conf.home import Home


def test_sec_s39_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    home = Home(tmp_path)
    secret = home.secret_key()
    assert len(secret) >= 48
    assert home.secret_key() == secret
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_sec_s36_two_homes_have_two_secrets(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert Home(tmp_path / "a").secret_key() != Home(tmp_path / "b").secret_key()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_sec_s39_a_new_home_is_its_owner_s_alone_whatever_the_mask(tmp_path, monkeypatch, mask):
    monkeypatch.setenv("DATABASE_URL", "postgresql://some/where")
    before = os.umask(mask)
    try:
        with Home(tmp_path / "var" / "desk").database():
            pass
    finally:
        os.umask(before)
    # Root gives its database to an account that has to go through.
    expected = 0o700 if os.geteuid() else 0o711
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var", tmp_path / "var" / "desk")} == {expected}


def test_what_the_environment_sets_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://set/already")
    settings = Home(tmp_path).settings("postgresql://embedded/one")
    assert settings["DATABASE_URL"] == "postgresql://set/already"
    assert settings["PUNTUALE_HOME"] == str(tmp_path)


def test_a_desk_and_a_demo_never_share_a_home_by_accident(tmp_path, monkeypatch):
    monkeypatch.delenv("PUNTUALE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert (Home.of_desk().path, Home.of_demo().path) == (tmp_path / "var/desk", tmp_path / "var/demo")
    monkeypatch.setenv("PUNTUALE_HOME", str(tmp_path / "mine"))
    assert Home.of_desk().path == tmp_path / "mine"
