"""Tickets that went their ways: asked back, reopened, split, withdrawn, taken for what they were."""

from puntuale.demo.telling import Story

TWO_PHONES = Story(
    "elodie",
    "Deux postes ne sonnent plus",
    "Les postes 12 et 14 ne sonnent plus depuis hier soir. Les autres vont bien.",
    "2",
)
TWO_PHONES_ASKED = (
    "Bonjour Élodie,\n\nces deux postes ne se sont pas enregistrés depuis 18 h 20. Pouvez-vous les débrancher dix "
    "secondes et nous dire quelle couleur a le voyant ensuite ?\n\nJonas"
)
FAX_PAGES = Story(
    "pietro",
    "I fax arrivano senza l'ultima pagina",
    "Da qualche giorno ai fax dei fornitori manca l'ultima pagina. Ci serve per le bolle.",
    "2",
)
FAX_PAGES_ASKED = (
    "Buongiorno Pietro, puoi mandarci l'ora esatta di due fax in cui manca la pagina? Così li cerchiamo nel registro."
)

DIRECTORY = Story(
    "sofia",
    "Shared directory does not update",
    "New colleagues do not appear in the directory on the phones, only in the dashboard.",
    "2",
)
DIRECTORY_ANSWER = "The phones fetch the directory once a day. I have shortened that to ten minutes for you."
DIRECTORY_AGAIN = (
    "> I have shortened that to ten minutes for you.\n\n"
    "Two phones still show the old list after an hour: extensions 31 and 38."
)
DIRECTORY_SECOND = (
    "Those two had an older firmware that ignores the interval:\n\n"
    "```\nEXT 31  fw 4.2.1  directory.refresh=86400\nEXT 38  fw 4.2.1  directory.refresh=86400\n```\n\n"
    "Both are on 4.3.0 now, and show the new list."
)
DIRECTORY_COMMENT = "Had to come back once, but then it was solved properly."

INVOICE_DAY = Story(
    "tommaso",
    "Fattura arrivata due volte",
    "Questo mese ho ricevuto la stessa fattura due volte, con due numeri diversi.",
    "3",
)
INVOICE_DAY_ANSWER = "La seconda era un errore: l'abbiamo annullata e riceverai la nota di credito domani."
INVOICE_DAY_AGAIN = "La nota di credito non è arrivata. Potete controllare?"
INVOICE_DAY_COMMENT = "La risposta è arrivata, la nota di credito no."

NEW_OFFICE = Story(
    "katrin",
    "Umzug: Telefone im neuen Büro anmelden",
    "Wir ziehen nächste Woche um. Müssen die Telefone neu angemeldet werden, oder genügt der Netzstecker?",
    "3",
)
NEW_OFFICE_ANSWER = (
    "Guten Tag Frau Lindner,\n\nder Netzstecker genügt. Öffnen Sie bitte nur im neuen Router diese Ports:\n\n"
    "```\nUDP 5060-5061\nUDP 16384-32767\n```\n\nViele Grüße\nJonas Weber"
)
NEW_OFFICE_AND = "Danke! Noch etwas anderes: Auf den Rechnungen steht weiter die alte Anschrift. Wer kann das ändern?"
NEW_OFFICE_SPLIT = "Rechnungsanschrift ändern"

OUT_OF_OFFICE = Story(
    "elodie",
    "Réponse automatique : absente du bureau",
    "Je suis absente jusqu'à lundi. Votre message sera lu à mon retour.",
    None,
)
UNPLUGGED = Story(
    "lucia",
    "Recepción sin línea",
    "El teléfono de recepción no tiene línea. Los huéspedes no pueden llamarnos.",
    "1",
)
PHONED_IN = Story(
    "tommaso",
    "Al telefono: deviazione per la chiusura",
    "Tommaso ha chiamato: da domani il negozio è chiuso e vuole deviare le chiamate sul cellulare.",
    "3",
)
PHONED_IN_ANSWER = "Ciao Tommaso, come detto al telefono: la deviazione è attiva da domani alle 7 fino a lunedì."
