// The handler of the service's tutorial.
exports.handler = async (event) => {
  console.log('Received event:', JSON.stringify(event, null, 2));
  return {
    SchemaVersion: '1.0',
    Actions: [
      {
        Type: 'Speak',
        Parameters: {
          Engine: 'neural',
          Text: 'Hello! This is a test call from Amazon Chime SDK PSTN Audio.',
          VoiceId: 'Joanna',
        },
      },
      { Type: 'Hangup', Parameters: { SipResponseCode: '0' } },
    ],
  };
};
