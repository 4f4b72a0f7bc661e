"""Five weeks of what was answered."""

from puntuale.demo.telling import Story

PAST = (
    Story("liam", "Cannot hear the other side", "One-way audio on two phones since the office moved.", "2", share=0.4,
          answer="The two phones sit behind a router that rewrites the audio ports. Please switch off **SIP ALG** on "
          "it; we will call you at two to check together.", thanks="That was it. Thank you!", rated=True),
    Story("chiara", "Aggiungere un interno", "Da lunedì abbiamo una persona in più. Come si aggiunge un interno?", "3",
          share=0.3, answer="In Utenti, Aggiungi, Interno. L'ho già preparato: è il 214, manca solo il nome."),
    Story("sofia", "Call recording stopped at midnight", "No recordings since midnight on any extension.", "1",
          product="recording", share=0.62,
          answer="The storage of your region was full; there is room again, and recordings are running. Nothing that "
          "was recorded before midnight is lost.", thanks="Recordings are back, confirmed.", rated=True),
    Story("elodie", "Musique d'attente", "Peut-on utiliser notre propre musique d'attente ?", None, share=0.5,
          answer="Oui : un fichier MP3 de dix minutes au plus, dans *Standard, Attente*. Pensez aux droits."),
    Story("katrin", "Anrufbeantworter spricht Englisch", "Seit dem Update meldet er sich auf Englisch.", "2",
          share=0.7, answer="Das Update hatte die Sprache auf die Voreinstellung gesetzt. Er spricht wieder Deutsch."),
    Story("chiara", "Numero verde irraggiungibile", "Il numero verde non squilla da questa mattina.", "1",
          product="numbers", share=0.45, answer="L'operatore a monte ha ripristinato l'instradamento. Stiamo tenendo "
          "d'occhio la linea per tutta la giornata.", thanks="Confermo, ora funziona."),
    Story("lucia", "¿Qué auriculares recomendáis?", "Los nuestros crujen. ¿Hay algún modelo que probéis vosotros?", "3",
          share=0.35, answer="Probamos con tres modelos; están en la página de ayuda *Auriculares*. A menudo cruje el "
          "concentrador USB, no el auricular.", rated=True),
    Story("pietro", "Statistiche della settimana vuote", "Il rapporto settimanale è arrivato vuoto.", "2", share=1.25,
          answer="Il rapporto è partito prima che i dati fossero pronti. Ve l'abbiamo rimandato completo; ci scusiamo "
          "per l'attesa, oltre il tempo promesso.", rated=False),
    Story("liam", "Phones restart every hour", "All desk phones restart on the hour.", "1", share=0.5,
          answer="A firmware that you received last night does that. We have taken it back; the phones pick up the "
          "old one at their next restart.", thanks="Quiet since then. Thanks for the quick help."),
    Story("tommaso", "Segreteria piena", "La segreteria dice di essere piena ma non ci sono messaggi.", None, share=0.9,
          answer="Contava anche i messaggi nel cestino. Ora non più, e il cestino è vuoto."),
    Story("sofia", "Caller shows the wrong number", "Our calls show the number of the old office.", "2",
          product="numbers", share=0.55,
          answer="The outgoing number was still set on the trunk. It is the new one now."),
    Story("katrin", "Konferenzraum ohne Ton", "Im Konferenzraum hört man uns nicht, wir hören alle.", "2", share=0.35,
          answer="Am Konferenztelefon war das Mikrofon auf den Kopfhörer umgeschaltet. Taste *Audio*, dann *Raum*.",
          thanks="Das war es, vielen Dank!", rated=True),
    Story("liam", "API key rejected", "Our integration gets `401` since the key was renewed.", "3",
          environment="development", share=0.3,
          answer="The new key is valid for the other region:\n\n```\ncurl -H 'Authorization: Bearer $KEY' "
          "https://api.eu.voice.example/v2/calls\n```"),
    Story("elodie", "Renvoi vers le mobile trop tardif", "Il ne part pas après vingt secondes.", "2",
          share=0.6,
          answer="La sonnerie du groupe durait plus longtemps que le renvoi. Je l'ai réglée à quinze secondes."),
    Story("chiara", "Eco durante le chiamate", "Sentiamo la nostra voce con mezzo secondo di ritardo.", "2", share=0.5,
          answer="Il problema era nel collegamento fra due nostri centri, ed è risolto.", thanks="Perfetto, grazie."),
    Story("lucia", "Despertador de las habitaciones", "¿Se puede programar el despertador desde recepción?", "3",
          share=0.4, answer="Sí: marca `*55`, el número de habitación y la hora."),
    Story("pietro", "Chiamate perse nel fine settimana", "Sabato le chiamate non sono andate al reperibile.", "1",
          share=0.75,
          answer="La regola del sabato finiva venerdì a mezzanotte. È corretta, e l'abbiamo provata con voi."),
    Story("sofia", "Two-factor for everybody", "Can we require two-factor sign-in for all our people?", None, share=0.4,
          answer="Yes, in *Security, Sign-in*. People get a week to set it up."),
)  # fmt: skip
