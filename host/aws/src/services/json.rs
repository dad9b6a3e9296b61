//! `aws.json`: operations of services whose protocol is JSON.

use moonring_flow::Reply;
use moonring_runtime::ReplyBytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::failed;
use super::signed::{Outgoing, Signer};

/// A service that takes the operation in a header.
struct Targeted {
    /// Its name in the SDKs.
    service: &'static str,
    /// What stands before the operation in `X-Amz-Target`.
    target: &'static str,
    /// The version of the protocol.
    version: &'static str,
}

const fn targeted(service: &'static str, target: &'static str, version: &'static str) -> Targeted {
    Targeted { service, target, version }
}

/// Services whose operations all go to one path.
const TARGETED: &[Targeted] = &[
    targeted("dynamodb", "DynamoDB_20120810", "1.0"),
    targeted("sqs", "AmazonSQS", "1.0"),
    targeted("states", "AWSStepFunctions", "1.0"),
    targeted("events", "AWSEvents", "1.1"),
    targeted("secretsmanager", "secretsmanager", "1.1"),
    targeted("ssm", "AmazonSSM", "1.1"),
    targeted("kms", "TrentService", "1.1"),
    targeted("logs", "Logs_20140328", "1.1"),
    targeted("kinesis", "Kinesis_20131202", "1.1"),
    targeted("firehose", "Firehose_20150804", "1.1"),
    targeted("translate", "AWSShineFrontendService_20170701", "1.1"),
    targeted("comprehend", "Comprehend_20171127", "1.1"),
    targeted("transcribe", "Transcribe", "1.1"),
    targeted("cognito-idp", "AWSCognitoIdentityProviderService", "1.1"),
];

/// An operation that has a path of its own. Members of the input in braces go there, the rest into
/// the body.
struct Routed {
    service: &'static str,
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    /// The service's name in its endpoint, and for the signature.
    endpoint: (&'static str, &'static str),
    /// The member that is the whole body, where one is.
    payload: Option<&'static str>,
}

const LEX_SESSION: &str =
    "/bots/{botId}/botAliases/{botAliasId}/botLocales/{localeId}/sessions/{sessionId}";
const LEX: (&str, &str) = ("runtime-v2-lex", "lex");

/// Operations with paths.
const ROUTED: &[Routed] = &[
    Routed {
        service: "lambda",
        operation: "Invoke",
        method: "POST",
        path: "/2015-03-31/functions/{FunctionName}/invocations",
        endpoint: ("lambda", "lambda"),
        payload: Some("Payload"),
    },
    Routed {
        service: "lexv2-runtime",
        operation: "PutSession",
        method: "POST",
        path: LEX_SESSION,
        endpoint: LEX,
        payload: None,
    },
    Routed {
        service: "lexv2-runtime",
        operation: "GetSession",
        method: "GET",
        path: LEX_SESSION,
        endpoint: LEX,
        payload: None,
    },
    Routed {
        service: "lexv2-runtime",
        operation: "DeleteSession",
        method: "DELETE",
        path: LEX_SESSION,
        endpoint: LEX,
        payload: None,
    },
];

/// What stays as it is in a part of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An operation of a service whose protocol is JSON.
#[derive(Clone, Copy)]
pub(super) struct JsonOperation<'a> {
    pub(super) service: &'a str,
    pub(super) operation: &'a str,
    pub(super) input: &'a Value,
    /// The version of the API, where the script says one.
    pub(super) version: Option<&'a str>,
    /// Whether it may be tried again after a failure that says nothing of its effect.
    pub(super) may_repeat: bool,
}

pub(super) async fn carry_out(
    signer: &Signer,
    wanted: JsonOperation<'_>,
    bytes: &ReplyBytes,
) -> Reply {
    let JsonOperation { service, operation, input, version, may_repeat } = wanted;
    if let Some(routed) =
        ROUTED.iter().find(|known| known.service == service && known.operation == operation)
    {
        return by_path(signer, routed, input, may_repeat, bytes).await;
    }
    let known = TARGETED.iter().find(|known| known.service == service);
    let (target, protocol) = match (version, known) {
        (Some(version), known) => (version, known.map_or("1.1", |known| known.version)),
        (None, Some(known)) => (known.target, known.version),
        (None, None) => {
            return failed(
                "invalid",
                format!(
                    "the host does not know the protocol of {service}; give `version`, the part before the operation in X-Amz-Target, or use aws.request"
                ),
            );
        }
    };
    let headers = [
        ("content-type".to_owned(), format!("application/x-amz-json-{protocol}")),
        ("x-amz-target".to_owned(), format!("{target}.{operation}")),
    ];
    let body = input.to_string().into_bytes();
    let (path, query) = ("/", &[][..]);
    // One operation is somewhere else.
    let (own, signing_name) = (service, service);
    let service =
        if (own, operation) == ("states", "StartSyncExecution") { "sync-states" } else { own };
    let outgoing = Outgoing {
        method: "POST",
        service,
        signing_name,
        path,
        query,
        headers: &headers,
        body,
        may_repeat,
    };
    match signer.send(&outgoing, bytes).await {
        Reply::Done(came) => Reply::Done(body_of(&came).unwrap_or_else(|| json!({}))),
        failed => failed,
    }
}

/// The body of a reply as JSON, if it is any.
fn body_of(came: &Value) -> Option<Value> {
    serde_json::from_str(came["body"].as_str()?).ok()
}

async fn by_path(
    signer: &Signer,
    routed: &Routed,
    input: &Value,
    may_repeat: bool,
    bytes: &ReplyBytes,
) -> Reply {
    let mut rest: Map<String, Value> = input.as_object().cloned().unwrap_or_default();
    let mut path = String::new();
    for (number, part) in routed.path.split(['{', '}']).enumerate() {
        if number % 2 == 0 {
            path.push_str(part);
            continue;
        }
        match rest.remove(part) {
            Some(Value::String(text)) if !text.is_empty() => {
                path.push_str(&utf8_percent_encode(&text, PLAIN).to_string())
            }
            _ => {
                return failed(
                    "invalid",
                    format!(
                        "{}:{} needs {part}; wanted a string",
                        routed.service, routed.operation
                    ),
                );
            }
        }
    }
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let body = match routed.payload {
        Some(payload) => {
            let body = rest.remove(payload);
            for (name, header) in [
                ("InvocationType", "x-amz-invocation-type"),
                ("ClientContext", "x-amz-client-context"),
            ] {
                if let Some(text) = rest.remove(name).as_ref().and_then(Value::as_str) {
                    headers.push((header.to_owned(), text.to_owned()));
                }
            }
            body.map(|body| body.to_string()).unwrap_or_default()
        }
        None if routed.method == "GET" => String::new(),
        None => Value::Object(rest).to_string(),
    };
    let (service, signing_name) = routed.endpoint;
    let (method, query) = (routed.method, &[][..]);
    let outgoing = Outgoing {
        method,
        service,
        signing_name,
        path: &path,
        query,
        headers: &headers,
        body: body.into_bytes(),
        may_repeat,
    };
    let came = match signer.send(&outgoing, bytes).await {
        Reply::Done(came) => came,
        failed => return failed,
    };
    let body = body_of(&came);
    if routed.payload.is_none() {
        return Reply::Done(body.unwrap_or_else(|| json!({})));
    }
    let mut output = json!({"StatusCode": came["status"], "Payload": body});
    if let Some(error) = came["headers"].get("x-amz-function-error") {
        output["FunctionError"] = error.clone();
    }
    Reply::Done(output)
}
