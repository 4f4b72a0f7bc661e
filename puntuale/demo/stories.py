"""What the customers of the demo wrote, and what they were answered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A ticket. `share` is how much of the promised time passed before the answer; more than one is late."""

    subject: str
    body: str
    priority: str | None
    environment: str = "production"
    product: str = "voice"
    answer: str = ""
    share: float = 0.5
    thanks: str = ""


CALLS_DROP = Story(
    "Calls drop after ten seconds",
    "Since this morning every outgoing call drops after about ten seconds, from all our extensions.\n\n"
    "Incoming calls are fine. The reception cannot call patients back, and there is no second line we could use.",
    "1",
)
PORTING = Story(
    "Le chiamate al numero principale non arrivano",
    "Da quando il numero 0429 è stato portato, chi ci chiama sente il tono di occupato.\n"
    "Succede da tutti gli operatori, abbiamo provato con tre cellulari diversi. Non possiamo ricevere ordini.",
    "1",
)
SLOW_DASHBOARD = Story(
    "Dashboard slow in the morning",
    "Between eight and nine the dashboard takes half a minute to load. Reloading sometimes helps.\n"
    "Later in the day it is fine.",
    "2",
)
ROLL_UP = "Looks like the nightly roll-up runs into the morning. Asked the platform team for the timings."
RECORDINGS_MISSING = Story(
    "Mancano alcune registrazioni di stamattina",
    "Delle chiamate tra le 9:10 e le 9:40 abbiamo solo l'elenco, senza l'audio. Le altre ci sono tutte.",
    "2",
    product="recording",
)
SECOND_QUEUE = Story(
    "How do I add a second queue?",
    "We would like billing calls to ring at two desks only. Is that a second queue, or a rule on the first one?",
    None,
)
WEBHOOK_IN_STAGING = Story(
    "Firma dei webhook non valida in collaudo",
    "In collaudo la firma che calcoliamo non corrisponde a quella dell'intestazione. Stiamo sbagliando il segreto?",
    "3",
    environment="staging",
)
NO_LOGIN = Story(
    "Non riesco più ad accedere dopo l'aggiornamento",
    "Inserisco la password giusta e torno alla pagina di accesso. Con un altro computer è uguale.",
    "1",
)
WRONG_LANGUAGE = Story(
    "Transcripts come out in the wrong language",
    "Calls in Welsh are transcribed as if they were English. Is there a setting, or is that not there yet in the beta?",
    "2",
)

PAST = (
    Story("Cannot hear the other side", "One-way audio on two phones since the office moved.", "2", share=0.4,
          answer="The two phones sit behind a router that rewrites the audio ports. Please switch off 'SIP ALG' on it; "
          "we will call you at two to check together.", thanks="That was it. Thank you!"),
    Story("Aggiungere un interno", "Da lunedì abbiamo una persona in più. Come si aggiunge un interno?", "3", share=0.3,
          answer="In Utenti, Aggiungi, Interno. L'ho già preparato: è il 214, manca solo il nome."),
    Story("Call recording stopped at midnight", "No recordings since midnight on any extension.", "1",
          product="recording", share=0.62,
          answer="The storage of your region was full; recordings have been running again since 10:12. Nothing that "
          "was recorded before midnight is lost.", thanks="Recordings are back, confirmed."),
    Story("Fattura con indirizzo vecchio", "L'ultima fattura riporta ancora la sede precedente.", "3", share=0.8,
          answer="L'indirizzo è aggiornato e trovate la fattura corretta in allegato alla mail di oggi."),
    Story("Musica di attesa", "Possiamo usare una nostra musica di attesa?", None, share=0.5,
          answer="Sì: un file MP3 fino a dieci minuti, in Centralino, Attesa. Attenzione ai diritti."),
    Story("Voicemail by e-mail arrives late", "Voicemails arrive by mail two hours after the call.", "2", share=0.7,
          answer="Your mail server asks ours to try again later, and we did so too slowly. Now we try after a minute."),
    Story("Numero verde irraggiungibile", "Il numero verde non squilla da questa mattina.", "1", product="numbers",
          share=0.45, answer="L'operatore a monte ha ripristinato l'instradamento alle 9:52. Stiamo tenendo d'occhio "
          "la linea per tutta la giornata.", thanks="Confermo, ora funziona."),
    Story("Which headset do you recommend?", "Ours crackle. Is there a model that you test with?", "3", share=0.35,
          answer="We test with three models; the list is on the help page 'Headsets'. Crackling is often the USB hub."),
    Story("Statistiche della settimana vuote", "Il rapporto settimanale è arrivato vuoto.", "2", share=1.25,
          answer="Il rapporto è partito prima che i dati fossero pronti. Ve l'abbiamo rimandato completo; ci scusiamo "
          "per l'attesa, oltre il tempo promesso."),
    Story("Colori del pannello", "Si può avere il pannello con i colori scuri?", None, share=0.6,
          answer="Da questa settimana sì: segue le impostazioni del computer."),
    Story("Phones restart every hour", "All desk phones restart on the hour.", "1", share=0.5,
          answer="A firmware that you received last night does that. We have taken it back; the phones pick up the "
          "old one at their next restart.", thanks="Quiet since eleven. Thanks for the quick help."),
    Story("Esportare la rubrica", "Vorremmo la rubrica in un file.", "3", share=0.4,
          answer="In Rubrica, Esporta: CSV o vCard."),
    Story("Caller shows the wrong number", "Our calls show the number of the old office.", "2", product="numbers",
          share=0.55, answer="The outgoing number was still set on the trunk. It is the new one now."),
    Story("Orari festivi", "Come si impostano gli orari delle feste?", "3", share=0.65,
          answer="In Orari, Date particolari. Per quest'anno ho inserito io quelle nazionali, potete modificarle."),
    Story("Segreteria piena", "La segreteria dice di essere piena ma non ci sono messaggi.", None, share=0.9,
          answer="Contava anche i messaggi nel cestino. Ora non più, e il cestino è vuoto."),
    Story("API key rejected", "Our integration gets 401 since the key was renewed.", "3", environment="development",
          share=0.3, answer="The new key is valid for the other region. Please use the address ending in .eu."),
    Story("Eco durante le chiamate", "Sentiamo la nostra voce con mezzo secondo di ritardo.", "2", share=0.5,
          answer="Il problema era nel collegamento fra due nostri centri, risolto alle 11:20.",
          thanks="Perfetto, grazie."),
    Story("Report by department", "Can the monthly report be split by department?", None, share=0.45,
          answer="Yes: give the extensions a label and choose 'by label' in the report."),
    Story("Inoltro sul cellulare", "L'inoltro sul cellulare non parte dopo venti secondi.", "2", share=0.6,
          answer="Il tempo di squillo del gruppo era più lungo dell'inoltro. L'ho portato a quindici secondi."),
    Story("Fax non inviati", "I fax restano in coda.", "3", share=0.7,
          answer="La coda è ripartita e i fax di oggi sono stati tutti inviati."),
    Story("Emergency calls from home", "What address do emergency services see when we call from home?", "3", share=0.5,
          answer="The one in your profile under 'Emergency address'. Please check it for all who work from home."),
    Story("Chiamate perse nel fine settimana", "Sabato le chiamate non sono andate al reperibile.", "1", share=0.75,
          answer="La regola del sabato finiva venerdì a mezzanotte. È corretta, e l'abbiamo provata insieme a voi."),
    Story("Two-factor for everybody", "Can we require two-factor sign-in for all our people?", None, share=0.4,
          answer="Yes, in Security, Sign-in. People get a week to set it up."),
    Story("Linea disturbata", "Su due interni la voce va e viene.", "2", share=0.35,
          answer="I due telefoni usano il Wi-Fi dell'ufficio, che perde pacchetti. Con il cavo va bene; vi mandiamo la "
          "guida.", thanks="Con il cavo è un'altra cosa."),
    Story("Domanda sul contratto", "Quanti interni sono compresi?", None, share=0.55,
          answer="Dieci. Dall'undicesimo in poi costano come da listino."),
)  # fmt: skip
