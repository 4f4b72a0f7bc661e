"""Priorities that turned out to be others, and what was said about it, to each customer in her language."""

from puntuale.demo.telling import Story

TEST_BENCH = Story(
    "lucia",
    "El entorno de pruebas no registra llamadas",
    "Desde ayer ninguna llamada de la centralita de pruebas aparece en el registro. ¡No podemos seguir!",
    "1",
)
TEST_BENCH_LOWERED = (
    "La centralita de la que hablas es la de pruebas; la de producción registra con normalidad. Por eso lo tratamos "
    "como consulta general, con el tiempo que le corresponde. Si la producción se viera afectada, dínoslo aquí mismo."
)
TEST_BENCH_ASKED = (
    "Hola Lucía:\n\nhemos reiniciado el registro de la centralita de pruebas. ¿Puedes hacer una llamada y decirnos si "
    "aparece?\n\nUn saludo,\nJonas"
)

VOICEMAIL_MAILS = Story(
    "elodie",
    "La messagerie n'envoie plus les e-mails",
    "Depuis ce matin, aucun message vocal ne nous arrive par e-mail. Nous passons à côté de demandes de clients.",
    "1",
)
VOICEMAIL_LOWERED = (
    "Les messages sont bien enregistrés et s'écoutent au poste avec *97 ou dans le tableau de bord : il existe donc un "
    "contournement, et le service est dégradé plutôt qu'arrêté. Nous y travaillons dès maintenant."
)
VOICEMAIL_DISAGREED = (
    "Nous sommes toute la journée sur les chantiers : sans e-mail, personne ne peut écouter ces messages. Pour nous, "
    "ce n'est pas un contournement."
)

NO_INCOMING = Story(
    "katrin",
    "Keine eingehenden Anrufe in der Zentrale",
    "Seit zehn Minuten klingelt in der Zentrale nichts mehr. Die Durchwahlen gehen, aber die kennt kein Mandant.",
    "1",
)
NO_INCOMING_LOWERED = (
    "Die Durchwahlen sind erreichbar, deshalb führen wir das als beeinträchtigten Dienst. "
    "Wir suchen die Ursache weiter."
)
NO_INCOMING_DISAGREED = (
    "Alle Mandanten rufen die Zentrale an. Praktisch sind wir nicht erreichbar, und heute laufen Fristen ab."
)
NO_INCOMING_UPHELD = (
    "Sie haben recht: Die Zentrale ist Ihr einziger veröffentlichter Anschluss, und ihn hat niemand erreicht. Die "
    "ursprüngliche Priorität gilt wieder, mit der Zeit, die wir Ihnen zuerst zugesagt hatten."
)
NO_INCOMING_ANSWER = (
    "Guten Tag Frau Lindner,\n\ndie Gruppe der Zentrale hatte nach der nächtlichen Umstellung kein Mitglied mehr. Sie "
    "klingelt wieder an allen vier Plätzen. Entschuldigen Sie die falsche Einstufung zwischendurch."
)

RING_TONE = Story(
    "pietro",
    "Cambiare la suoneria dei telefoni in officina",
    "In officina il telefono non si sente. Serve una suoneria più forte, subito.",
    "1",
)
RING_TONE_LOWERED = (
    "È una domanda su come impostare i telefoni e le linee funzionano: la trattiamo come richiesta generale. "
    "Rispondiamo comunque entro la giornata."
)
RING_TONE_DISAGREED = "Per noi una chiamata non sentita è una chiamata persa."
RING_TONE_OVERRULED = (
    "Capisco il disagio. La prima priorità però è per quando il servizio è fermo e non ci sono alternative, e vale "
    "così per tutti i clienti. Ada risponde oggi stesso con le impostazioni."
)
RING_TONE_ANSWER = (
    "Buongiorno Pietro,\n\nsul telefono: **Menu, Audio, Suoneria**, poi *Campana forte* e volume 10. Dal pannello si "
    "può fare per tutti insieme:\n\n1. Dispositivi\n2. Seleziona il gruppo *Officina*\n3. Suoneria\n\nA presto,\nAda"
)

MOBILE_CALLS = Story(
    "liam",
    "Some calls to mobiles fail",
    "One in five calls to mobile numbers fails with a busy tone. Trying again usually works.",
    "2",
)
MOBILE_CALLS_GREW = (
    "It is every call to a mobile now, and patients are waiting for their results. There is no other line."
)
MOBILE_CALLS_ANSWER = (
    "Hello Liam,\n\none of our two carriers for mobile numbers is down. All your calls now go through the other "
    "one. Could you try a few and tell us?\n\nJonas"
)
MOBILE_CALLS_THANKS = "> Could you try a few and tell us?\n\nTen out of ten went through. Thank you for being so quick."

CALLER_NAMES = Story(
    "chiara",
    "I nomi di chi chiama non compaiono",
    "Sui telefoni dell'ufficio si vede solo il numero, non il nome della rubrica.",
    "2",
)
CALLER_NAMES_LOWERED = (
    "Le chiamate funzionano e i nomi si vedono nel pannello: intanto lo trattiamo come richiesta generale. Se la "
    "situazione peggiora, segnalacelo da questa pagina."
)
CALLER_NAMES_GREW = "Ora anche il pannello mostra solo i numeri, e le chiamate finiscono alla persona sbagliata."
