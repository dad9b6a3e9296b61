-- What the shop's line says, in English and Spanish.

local words = {}

local ALL = {
  en = {
    welcome = "Welcome to the shop.",
    menu = "For the state of your order, press 1. To talk to us, press 2. To leave a message, press 3.",
    number = "Please enter the number of your order, and press pound.", nothing = "We did not get a number. Goodbye.",
    sent = "Your order is on its way.", packed = "Your order is packed, and leaves today.", cancelled = "Your order is cancelled.",
    unknown = "We do not find this order.", failed = "We cannot look that up right now. Please call again later.",
    nobody = "Nobody is free right now.",
  },
  es = {
    welcome = "Bienvenido a la tienda.",
    menu = "Para el estado de su pedido, pulse 1. Para hablar con nosotros, pulse 2. Para dejar un mensaje, pulse 3.",
    number = "Introduzca el número de su pedido y pulse numeral.", nothing = "No hemos recibido ningún número. Adiós.",
    sent = "Su pedido está en camino.", packed = "Su pedido está preparado y sale hoy.", cancelled = "Su pedido está anulado.",
    unknown = "No encontramos ese pedido.", failed = "Ahora no podemos consultarlo. Llame más tarde, por favor.",
    nobody = "Ahora no hay nadie libre.",
  },
}

-- A function that gives a sentence by its name, in this language or else in English.
function words.of(code: string?): (string) -> string
  local language = if code and string.sub(code, 1, 2) == "es" then "es" else "en"
  return function(name)
    return ALL[language][name]
  end
end

return words
