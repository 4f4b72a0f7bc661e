"""Secrets at rest."""

import pytest

from puntuale.people.sealing import SealBroken, resealed, seal, unseal


def test_a_sealed_secret_says_nothing_and_comes_back(settings):
    settings.DATA_KEYS = ["one key of this desk, long enough to be one"]
    sealed = seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert seal("JBSWY3DPEHPK3PXP") != sealed
    assert unseal(sealed) == "JBSWY3DPEHPK3PXP"


def test_another_key_does_not_open_it_and_an_older_one_does_until_it_is_taken_away(settings):
    settings.DATA_KEYS = ["the old key of this desk"]
    sealed = seal("secret")
    settings.DATA_KEYS = ["the new key of this desk"]
    with pytest.raises(SealBroken):
        unseal(sealed)
    settings.DATA_KEYS = ["the new key of this desk", "the old key of this desk"]
    newer = resealed(sealed)
    settings.DATA_KEYS = ["the new key of this desk"]
    assert unseal(newer) == "secret"
    with pytest.raises(SealBroken):
        unseal("nonsense")
