"""Certified mail (PEC): the mail inside is the customer's, if the carrier proves it. Forms of RFC 6109, invented people."""

import io

import pytest

from puntuale.mail.incoming import parsing
from puntuale.mail.incoming.parsing import Wanted
from puntuale.mail.models import Outcome, Proof
from tests.mail.post import HOST, taken
from tests.tickets.deeds import FRIDAY

ANNA = "anna@northwind.test"
PASSED = f"{HOST}; dmarc=pass header.from=pec.carrier.example"
INNER = (
    "From: Anna Conti <{writer}>\nTo: support@vendor.example\nSubject: Cancello guasto\nMessage-ID: <1@northwind.test>\n"
    "In-Reply-To: <ticket.9@vendor.example>\nContent-Type: multipart/mixed; boundary=IN\n\n"
    "--IN\nContent-Type: text/plain; charset=utf-8\n\nIl cancello è guasto.\n"
    '--IN\nContent-Type: application/pdf; name="foto.pdf"\n\n%PDF\n--IN--\n'
)


def envelope(
    *, writer=ANNA, on_behalf_of=ANNA, carrier="posta-certificata@pec.carrier.example", results=PASSED,
    transport="posta-certificata", more="", named='"Per conto di: {}" <{}>',
):  # fmt: skip
    said = [
        f"Authentication-Results: {results}",
        f"From: {named.format(on_behalf_of, carrier)}",
        f"Reply-To: {on_behalf_of}",
        "To: support@vendor.example",
        "Subject: POSTA CERTIFICATA: Cancello guasto",
        "Message-ID: <opec1.20261120@pec.carrier.example>",
        "X-Riferimento-Message-ID: <1@northwind.test>",
        f"X-Trasporto: {transport}",
        *([more] if more else []),
        'Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg=sha-256; boundary=SIG',
        "",
        "--SIG",
        "Content-Type: multipart/mixed; boundary=OUT",
        "",
        "--OUT",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f'Messaggio di posta certificata. Il messaggio "Cancello guasto" è stato inviato da "{on_behalf_of}".',
        "--OUT",
        'Content-Type: application/xml; name="daticert.xml"',
        "",
        '<postacert tipo="posta-certificata" errore="nessuno"></postacert>',
        "--OUT",
        'Content-Type: message/rfc822; name="postacert.eml"',
        'Content-Disposition: attachment; filename="postacert.eml"',
        "",
        INNER.format(writer=writer),
        "--OUT--",
        "--SIG",
        'Content-Type: application/x-pkcs7-signature; name="smime.p7s"',
        "",
        "MIIx",
        "--SIG--",
        "",
    ]
    return "\n".join(said).encode()


def read(raw, folder, host=HOST):
    return parsing.read(io.BytesIO(raw), folder, Wanted(host, "vendor.example", carriers=("pec.carrier.example",)))


def test_the_mail_inside_is_the_customers(tmp_path):
    contents = read(envelope(), tmp_path)
    assert (contents.sender, contents.sender_name, contents.vouched) == (ANNA, "Anna Conti", "pass")
    assert (contents.subject, contents.text) == ("Cancello guasto", "Il cancello è guasto.")
    assert contents.message_id == "<1@northwind.test>"
    assert "<ticket.9@vendor.example>" in contents.references
    assert [file.name for file in contents.files] == ["foto.pdf"]
    assert not contents.automatic


def test_so_it_is_however_the_carrier_writes_its_name(tmp_path):
    for named in (
        '"Per conto di: {}" <{}>',
        '"Per Conto Di:  {}"\n <{}>',
        '"Per conto di: {}" {}',
    ):
        assert read(envelope(named=named), tmp_path).sender == ANNA, named
    assert read(envelope(writer="Anna@Northwind.test"), tmp_path).sender == "Anna@Northwind.test"
    assert read(envelope(carrier="Posta-Certificata@PEC.carrier.example"), tmp_path).vouched == "pass"


@pytest.mark.parametrize(
    "forged",
    [
        {"results": f"{HOST}; dmarc=fail header.from=pec.carrier.example"},
        {"results": f"{HOST}; dmarc=none header.from=pec.carrier.example"},
        {"results": "mx.elsewhere.example; dmarc=pass header.from=pec.carrier.example"},
        {"results": f"{HOST}; spf=pass smtp.mailfrom=evil.example"},
        {"carrier": "posta-certificata@evil.example"},
        {"carrier": "posta-certificata@sub.pec.carrier.example"},
        {"carrier": "somebody@pec.carrier.example"},
        {"writer": "andrea@northwind.test"},
        {"on_behalf_of": "andrea@northwind.test"},
        {"named": '"{}" <{}>'},
        {"named": "Per conto di: {} <{}>"},
        {"transport": "errore"},
    ],
)
def test_what_the_carrier_does_not_prove_is_from_the_carrier(tmp_path, forged):
    contents = read(envelope(**forged), tmp_path)
    assert contents.sender.lower() != ANNA
    assert contents.sender != "andrea@northwind.test"
    assert contents.text == "Il cancello è guasto."


def test_without_a_trusted_host_it_is_worth_what_any_address_is(tmp_path):
    contents = read(envelope(), tmp_path, host="")
    assert (contents.sender, contents.vouched) == (ANNA, "")


@pytest.mark.parametrize("kind", ["accettazione", "avvenuta-consegna", "errore-consegna", "presa-in-carico"])
def test_a_receipt_is_mail_of_a_machine(tmp_path, kind):
    contents = read(envelope(more=f"X-Ricevuta: {kind}", transport=""), tmp_path)
    assert contents.automatic
    assert contents.sender == "posta-certificata@pec.carrier.example"


def test_who_claims_to_be_certified_in_a_mail_of_their_own_is_read_as_any(tmp_path):
    raw = b"From: anna@northwind.test\nX-Trasporto: posta-certificata\n\nPlain.\n"
    contents = read(raw, tmp_path)
    assert (contents.sender, contents.text, contents.vouched) == (ANNA, "Plain.", "")


def test_it_opens_the_customers_ticket_and_a_forged_one_waits(company, reader):
    reader.carriers = ("pec.carrier.example",)
    one = taken(envelope(), FRIDAY, reader)
    assert (one.outcome, one.mailed.proof, one.ticket.requester) == (Outcome.OPENED, Proof.SERVER, company.anna)
    other = taken(envelope(carrier="posta-certificata@evil.example"), FRIDAY, reader)
    assert (other.outcome, other.because, other.text) == (Outcome.REVIEW, "stranger", "Il cancello è guasto.")
