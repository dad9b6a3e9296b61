//! The name of a field.

/// A name that every event has, or another one.
#[derive(Debug, Clone)]
pub(super) enum Name {
    Known(&'static str),
    Other(Box<str>),
}

impl Name {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Known(name) => name,
            Self::Other(name) => name,
        }
    }
}

// By text: what is known to one version may be unknown to another.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        known(name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        known(&name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }
}

macro_rules! names {
    ($($name:literal)*) => {
        /// Names that most events and actions have.
        pub const KNOWN_NAMES: &[&str] = &[$($name),*];

        /// The same name with no memory of its own.
        fn known(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some($name),)*
                _ => None,
            }
        }
    };
}

names! {
    "SchemaVersion" "Sequence" "InvocationEventType" "CallDetails" "ActionData" "ErrorType" "ErrorMessage"
    "TransactionId" "TransactionAttributes" "AwsAccountId" "AwsRegion" "SipRuleId" "SipApplicationId"
    "SipMediaApplicationId" "Participants"
    "CallId" "ParticipantTag" "To" "From" "Direction" "StartTimeInMilliseconds" "Status" "SipHeaders"
    "Type" "Parameters" "ReceivedDigits" "Text" "TextType" "Engine" "LanguageCode" "VoiceId" "SpeechParameters"
    "FailureSpeechParameters" "InputDigitsRegex" "MinNumberOfDigits" "MaxNumberOfDigits" "TerminatorDigits"
    "InBetweenDigitsDurationInMilliseconds" "Repeat" "RepeatDurationInMilliseconds" "AudioSource"
    "FailureAudioSource" "BucketName" "Key" "PlaybackTerminators" "DurationInMilliseconds" "CallTimeoutSeconds"
    "CallerIdNumber" "Endpoints" "BridgeEndpointType" "Uri" "SipResponseCode" "Arguments" "Tries"
}
