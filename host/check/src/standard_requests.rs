//! What the standard modules ask of AWS, of the telephone service and of storage.

/// The telephone service, as operations of scripts name it.
pub(crate) const CHIME: &str = "chime";

/// What a function of a standard module asks for.
pub(crate) struct Asks {
    pub(crate) module: &'static str,
    pub(crate) function: &'static str,
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
}

const fn asks(
    module: &'static str,
    function: &'static str,
    service: &'static str,
    operation: &'static str,
) -> Asks {
    Asks { module, function, service, operation }
}

/// All functions of standard modules that ask AWS; a test holds them against the modules.
pub(crate) const STANDARD: [Asks; 12] = [
    asks("dynamodb", "get", "dynamodb", "GetItem"),
    asks("dynamodb", "put", "dynamodb", "PutItem"),
    asks("dynamodb", "update", "dynamodb", "UpdateItem"),
    asks("dynamodb", "query", "dynamodb", "Query"),
    asks("dynamodb", "delete", "dynamodb", "DeleteItem"),
    asks("lambda", "invoke", "lambda", "Invoke"),
    asks("lambda", "start", "lambda", "Invoke"),
    asks("lex", "put_session", "lexv2-runtime", "PutSession"),
    asks("lex", "delete_session", "lexv2-runtime", "DeleteSession"),
    asks("sqs", "send", "sqs", "SendMessage"),
    asks("states", "start", "states", "StartExecution"),
    asks("states", "run", "states", "StartSyncExecution"),
];

/// All functions of standard modules that ask the telephone service; a test holds them against the
/// modules.
pub(crate) const CALLING: [Asks; 5] = [
    asks("meeting", "join", CHIME, "CreateMeeting"),
    asks("meeting", "join", CHIME, "CreateAttendee"),
    asks("meeting", "join", CHIME, "DeleteAttendee"),
    asks("meeting", "join", CHIME, "ListAttendees"),
    asks("callback", "offer", CHIME, "CreateSipMediaApplicationCall"),
];

/// The standard modules that keep something with `storage`; a test holds them against the modules.
pub(crate) const STORING: [&str; 9] =
    ["blocklist", "callback", "forward", "language", "mailbox", "notify", "pin", "queue", "survey"];
