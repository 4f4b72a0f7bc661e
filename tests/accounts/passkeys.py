"""A passkey without a device: what a browser sends when one is made, and when it is used."""

import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    """A key of its own for each; `verifies` tells whether the device asks who is there."""

    def __init__(self, name=b"soft", *, verifies=True):
        self.name, self.verifies = name, verifies
        self.key = ec.generate_private_key(ec.SECP256R1())

    def made_for(self, creation_options):
        """Return the credential for the options of a page."""
        public = creation_options["publicKey"]
        self.owner = public["user"]["id"]
        held = AttestedCredentialData.create(bytes(16), self.name, ES256.from_cryptography_key(self.key.public_key()))
        attested = AttestationObject.create("none", self._data(FLAG.AT, held), {})
        client = self._client("webauthn.create", public["challenge"])
        response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)}
        return self._sent(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def used_for(self, request_options):
        """Return the proof for the options of a sign-in."""
        data = self._data()
        client = self._client("webauthn.get", request_options["publicKey"]["challenge"])
        signed = self.key.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        response = {name: websafe_encode(value) for name, value in told.items()}
        return self._sent(response | {"userHandle": self.owner})

    def _data(self, flags=FLAG(0), held=b""):  # noqa: B008 -- a number
        flags |= FLAG.UP | (FLAG.UV if self.verifies else FLAG(0))
        return AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), flags, 1, held)

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": f"https://{HOST}"}).encode()

    def _sent(self, response):
        name = websafe_encode(self.name)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


def add(client, passkey, name="Laptop"):
    """Add a passkey on its page, as the page offers it."""
    options = client.get("/en/security/passkeys/new/").context["js_data"]["creation_options"]
    credential = passkey.made_for(json.loads(json.dumps(options, default=dict)))
    return client.post("/en/security/passkeys/new/", {"name": name, "credential": json.dumps(credential)})


def sign_in(client, passkey):
    """Press "Use a passkey" on the page to sign in."""
    options = client.get("/en/sign-in/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    proof = json.dumps(passkey.used_for(options))
    return client.post("/en/sign-in/passkey/", {"credential": proof}, follow=True)
