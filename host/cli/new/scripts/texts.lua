-- What callers hear, by language.
return {
  en = {
    voice = { voice = "Joanna", engine = "neural" },
    welcome = "Welcome.",
    closed = "We are closed right now. Please call again tomorrow. Goodbye.",
    hold = "Please hold for an agent.",
    nobody = "We are sorry, no one is available right now. Goodbye.",
  },
  es = {
    voice = { voice = "Lupe", engine = "neural" },
    welcome = "Bienvenido.",
    closed = "En este momento estamos cerrados. Llame de nuevo mañana. Adiós.",
    hold = "Espere, por favor. Le comunicamos con un agente.",
    nobody = "Lo sentimos, no hay nadie disponible en este momento. Adiós.",
  },
}
