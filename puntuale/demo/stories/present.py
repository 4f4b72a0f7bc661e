"""What waits on the desk now."""

from puntuale.demo.telling import Story

CALLS_DROP = Story(
    "liam",
    "Calls drop after ten seconds",
    "Since this morning **every outgoing call** drops after about ten seconds, from all our extensions.\n\n"
    "Incoming calls are fine. The reception cannot call patients back, and there is no second line we could use. "
    "A trace of two calls is attached.",
    "1",
)
TRACE = """\
09:02:11.204 INVITE sip:0044201@voice.example  Call-ID: 7f3a91c2
09:02:11.377 100 Trying
09:02:12.940 200 OK
09:02:22.961 BYE  Reason: Q.850;cause=41 "temporary failure"
09:03:40.018 INVITE sip:0044207@voice.example  Call-ID: 7f3a91d8
09:03:41.702 200 OK
09:03:51.733 BYE  Reason: Q.850;cause=41 "temporary failure"
"""
CALLS_DROP_TOO = Story("sofia", "Outgoing calls cut off", "The reception says that calls end after ten seconds.", "1")
SAME_AS = "Liam reported this a few minutes before you, and we answer there: ticket #{number}. You can read along."
PORTING = Story(
    "chiara",
    "Le chiamate al numero principale non arrivano",
    "Da quando il numero 0429 è stato portato, chi ci chiama sente il tono di occupato.\n\n"
    "Succede da tutti gli operatori, abbiamo provato con tre cellulari diversi. Non possiamo ricevere ordini.",
    "1",
    product="numbers",
)
PORTING_NOTE = (
    "L'operatore a monte non risponde da un'ora. @mara puoi chiamare il loro responsabile? @jonas per conoscenza."
)
PORTING_DRAFT = "Buongiorno Chiara,\n\nabbiamo trovato la causa: dopo la portabilità l'operatore instrada ancora"
SLOW_DASHBOARD = Story(
    "sofia",
    "Dashboard slow in the morning",
    "Between eight and nine the dashboard takes half a minute to load. Reloading sometimes helps.\n\n"
    "Later in the day it is fine. I have measured it every quarter of an hour; the chart is attached.",
    "2",
)
LOADING_TIMES = (2.1, 6.4, 18.7, 31.2, 28.8, 24.5, 12.9, 5.2, 2.4, 2.2, 1.9, 2.3)
ROLL_UP = "Looks like the nightly roll-up runs into the morning. Asked the platform team; @ada saw this in March."
RECORDINGS_MISSING = Story(
    "pietro",
    "Mancano alcune registrazioni di stamattina",
    "Delle chiamate tra le 9:10 e le 9:40 abbiamo solo l'elenco, senza l'audio. Le altre ci sono tutte.",
    "2",
    product="recording",
)
RECORDINGS_TOO = Story(
    "chiara",
    "Registrazioni senza audio",
    "Anche a me mancano tre registrazioni di oggi: 9:12, 9:25 e 9:38.",
    "2",
    product="recording",
)
SECOND_QUEUE = Story(
    "sofia",
    "How do I add a second queue?",
    "We would like billing calls to ring at two desks only. Is that a second queue, or a rule on the first one?",
    None,
)
WEBHOOK_IN_STAGING = Story(
    "pietro",
    "Firma dei webhook non valida in collaudo",
    "In collaudo la firma che calcoliamo non corrisponde a quella dell'intestazione. La calcoliamo così:\n\n"
    "```python\nfirma = hmac.new(segreto, corpo, hashlib.sha1).hexdigest()\n```\n\n"
    "Stiamo sbagliando il segreto?",
    "3",
    environment="staging",
)
NO_LOGIN = Story(
    "tommaso",
    "Non riesco più ad accedere dopo l'aggiornamento",
    "Inserisco la password giusta e torno alla pagina di accesso. Con un altro computer è uguale.",
    "1",
)
WRONG_LANGUAGE = Story(
    "liam",
    "Transcripts come out in the wrong language",
    "Calls in Welsh are transcribed as if they were English. Is there a setting, or is that not there yet in the beta?",
    "2",
    product="transcripts",
)
HOLIDAY_GREETING = Story(
    "katrin",
    "Dringend: Ansage für die Feiertage ändern",
    "Wir brauchen bis heute Abend eine andere Ansage. Wo stellt man das ein?",
    "1",
)
GREETING_LOWERED = (
    "Das ist eine Bedienungsfrage: Ihre Leitungen laufen ohne Störung. Wir beantworten sie als allgemeines Anliegen "
    "und melden uns trotzdem noch heute, damit die Ansage rechtzeitig steht."
)
PARKED_CALLS = Story(
    "lucia",
    "Las llamadas aparcadas se pierden a veces",
    "Cuando recepción aparca una llamada, una de cada diez se corta. Volver a llamar funciona.",
    "2",
)
