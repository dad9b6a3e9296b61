// The primary handler of the tutorial: says a text, and hangs up with the code that the guide does not name.
exports.handler = async () => ({
  SchemaVersion: "1.0",
  Actions: [
    { Type: "Speak", Parameters: { Engine: "neural", Text: "Hello! This is a test call from Amazon Chime SDK PSTN Audio.", VoiceId: "Joanna" } },
    { Type: "Hangup", Parameters: { SipResponseCode: "200" } },
  ],
});
