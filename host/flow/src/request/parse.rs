//! Where requests leave the VM: whatever the Lua side has checked before, they become checked types
//! here or nothing.

use serde_json::{Map, Value};

use super::{HttpRequest, Request, SignedRequest, StorageRequest};

/// The most requests that a script makes at the same time.
pub const MOST_REQUESTS: usize = 100;
/// The methods that scripts may use.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"];
/// The most characters of a name, a path or URL, and a key of the storage.
const NAME: usize = 100;
const URL: usize = 2000;
const KEY: usize = 500;
/// The most bytes that a script may want of a reply.
const BYTES: usize = 1024 * 1024;

/// What is wrong with a request: the field, what came, what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {came}; wanted {wanted}")]
pub struct BadRequest {
    field: &'static str,
    came: String,
    wanted: &'static str,
}

impl Request {
    /// A request as it comes out of the VM, as JSON.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub fn parse(mut fields: Map<String, Value>) -> Result<Self, BadRequest> {
        let kind = fields.remove("kind");
        let request = match kind.as_ref().map(|kind| kind.as_str()) {
            None => Self::operation(fields)?,
            Some(Some("signed")) => Self::Signed(read(fields, "a signed request")?),
            Some(Some("http")) => Self::Http(read(fields, "a request to a server")?),
            Some(Some("storage")) => Self::Storage(read(fields, "a storage request")?),
            Some(_) => {
                return Err(bad("kind", kind.unwrap_or_default(), "signed, http or storage"));
            }
        };
        match &request {
            Self::Aws { service, operation, version, .. } => {
                service_name("service", service)?;
                name("operation", operation)?;
                version.as_deref().map_or(Ok(()), |version| name("version", version))?;
            }
            Self::Signed(request) => signed(request)?,
            Self::Http(request) => http(request)?,
            Self::Storage(StorageRequest { key, .. }) if !is_storage_key(key) => {
                return Err(bad(
                    "key",
                    key.as_str(),
                    "1 to 500 characters without empty, `.` or `..` parts",
                ));
            }
            Self::Storage(_) => {}
        }
        Ok(request)
    }

    fn operation(mut fields: Map<String, Value>) -> Result<Self, BadRequest> {
        let mut text = |field: &'static str| match fields.remove(field) {
            Some(Value::String(text)) => Ok(Some(text)),
            None | Some(Value::Null) => Ok(None),
            Some(other) => Err(bad(field, other, "a string")),
        };
        let (service, operation, version) =
            (text("service")?, text("operation")?, text("version")?);
        let input = match fields.remove("input") {
            None | Some(Value::Null) => Value::Object(Map::new()),
            Some(input @ Value::Object(_)) => input,
            Some(other) => {
                return Err(bad("input", other, "a table with the names of the service's API"));
            }
        };
        let missing = |field| bad(field, Value::Null, "a name");
        let service = service.ok_or_else(|| missing("service"))?;
        let operation = operation.ok_or_else(|| missing("operation"))?;
        Ok(Self::Aws { service, operation, input, version })
    }
}

/// Whether a key of the storage stays under its prefix: parts with slashes between them, none of
/// them empty, `.` or `..`.
pub fn is_storage_key(key: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    key.chars().count() <= KEY && key.split('/').all(is_part) && !key.chars().any(char::is_control)
}

fn signed(request: &SignedRequest) -> Result<(), BadRequest> {
    service_name("service", &request.service)?;
    request.signing_name.as_deref().map_or(Ok(()), |name| service_name("signing_name", name))?;
    name("operation", &request.operation)?;
    method(&request.method)?;
    let path = &request.path;
    // Without the slash in front, `@host` or `:port` would make the endpoint another one.
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && path.chars().count() <= URL
        && path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'));
    if !is_path {
        return Err(bad(
            "path",
            path.as_str(),
            "the path after the endpoint, such as /2015-03-31/functions, already escaped",
        ));
    }
    request.headers.iter().try_for_each(|(name, value)| header(name, value))
}

fn http(request: &HttpRequest) -> Result<(), BadRequest> {
    method(&request.method)?;
    let url = &request.url;
    let is_http = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if !is_http || url.chars().count() > URL || url.chars().any(char::is_control) {
        return Err(bad("url", url.as_str(), "a URL that begins with https://"));
    }
    match request.timeout {
        Some(seconds) if !(0.1..=4.0).contains(&seconds) => {
            Err(bad("timeout", seconds, "0.1 to 4 seconds"))
        }
        _ => Ok(()),
    }?;
    match request.max_bytes {
        Some(bytes) if !(1..=BYTES).contains(&bytes) => {
            Err(bad("max_bytes", bytes, "1 to 1048576 bytes"))
        }
        _ => Ok(()),
    }?;
    request.headers.iter().try_for_each(|(name, value)| header(name, value))
}

fn method(method: &str) -> Result<(), BadRequest> {
    if METHODS.contains(&method) {
        Ok(())
    } else {
        Err(bad("method", method, "GET, POST, PUT, DELETE, PATCH or HEAD"))
    }
}

/// The name of a service: it becomes a part of a host's name.
fn service_name(field: &'static str, text: &str) -> Result<(), BadRequest> {
    let is_name = !text.is_empty()
        && text.len() <= NAME
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
        })
        && !text.starts_with(['-', '.'])
        && !text.ends_with(['-', '.']);
    if is_name {
        Ok(())
    } else {
        Err(bad(field, text, "the service's name in its endpoint, such as dynamodb"))
    }
}

/// The name of an operation, or of a version of an API.
fn name(field: &'static str, text: &str) -> Result<(), BadRequest> {
    let is_name = !text.is_empty()
        && text.len() <= NAME
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if is_name {
        Ok(())
    } else {
        Err(bad(field, text, "a name of letters and digits, such as GetItem"))
    }
}

fn header(name: &str, value: &str) -> Result<(), BadRequest> {
    let is_token = !name.is_empty()
        && name.len() <= NAME
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if !is_token {
        return Err(bad("headers", name, "header names of letters, digits and hyphens"));
    }
    match value.chars().any(|letter| letter.is_control() && letter != '\t') {
        true => {
            Err(bad("headers", value, "values without line breaks or other control characters"))
        }
        false => Ok(()),
    }
}

fn read<T: serde::de::DeserializeOwned>(
    fields: Map<String, Value>,
    what: &'static str,
) -> Result<T, BadRequest> {
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| bad("request", error.to_string(), what))
}

fn bad(field: &'static str, came: impl Into<Value>, wanted: &'static str) -> BadRequest {
    let came = match came.into() {
        Value::Null => "missing".to_owned(),
        came => crate::truncate::truncate(&came.to_string(), 80),
    };
    BadRequest { field, came, wanted }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(request: &Value) -> Result<Request, String> {
        Request::parse(request.as_object().unwrap().clone()).map_err(|error| error.to_string())
    }

    fn with(base: &Value, field: &str, value: Value) -> Value {
        let mut changed = base.clone();
        changed[field] = value;
        changed
    }

    #[test]
    fn whatever_leaves_the_vm_is_one_of_the_known_requests() {
        let http = json!({"kind": "http", "method": "GET", "url": "https://example.com/"});
        let signed = json!({"kind": "signed", "service": "lambda", "operation": "Invoke", "method": "POST", "path": "/a"});
        let storage = json!({"kind": "storage", "operation": "get", "key": "callers/5"});
        let aws = json!({"service": "dynamodb", "operation": "GetItem", "input": {}});
        for good in [&http, &signed, &storage, &aws] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for good in [with(&http, "timeout", json!(0.1)), with(&http, "max_bytes", json!(1_048_576))]
        {
            assert!(parse(&good).is_ok(), "{good}");
        }
        for (base, field, values) in [
            (
                &http,
                "timeout",
                vec![json!(1e300), json!(0.0), json!(-1), json!(4.1), json!("1"), json!(null)],
            ),
            (&http, "max_bytes", vec![json!(4e9), json!(0), json!(-1), json!(1_048_577)]),
            (
                &http,
                "method",
                vec![json!("CONNECT"), json!("get"), json!("GET / HTTP/1.1\r\nX: y")],
            ),
            (
                &http,
                "url",
                vec![json!("file:///etc/passwd"), json!("example.com"), json!("https://a\nb")],
            ),
            (
                &http,
                "headers",
                vec![json!({"a b": "x"}), json!({"a": "x\r\nb: c"}), json!({"": ""})],
            ),
            (&http, "kind", vec![json!("ftp"), json!(5)]),
            (&http, "more", vec![json!(1)]),
            (
                &signed,
                "path",
                vec![
                    json!("@evil:80/"),
                    json!(":1/"),
                    json!(""),
                    json!("//evil/"),
                    json!("/a b"),
                    json!("/a#b"),
                    json!("/\\evil"),
                ],
            ),
            (
                &signed,
                "service",
                vec![
                    json!("evil.com/"),
                    json!("a@b"),
                    json!("a:1"),
                    json!(""),
                    json!("DynamoDB"),
                    json!(".a"),
                ],
            ),
            (&signed, "signing_name", vec![json!("a/b")]),
            (&signed, "method", vec![json!("TRACE")]),
            (&signed, "headers", vec![json!({"x:y": "evil"})]),
            (
                &storage,
                "key",
                vec![
                    json!("../../x"),
                    json!("a//b"),
                    json!("/a"),
                    json!("a/./b"),
                    json!(""),
                    json!("a\0b"),
                ],
            ),
            (&storage, "operation", vec![json!("list")]),
            (&aws, "service", vec![json!("a/b"), json!(5)]),
            (&aws, "operation", vec![json!("Get Item"), json!("Get\r\nItem"), json!(null)]),
            (&aws, "version", vec![json!("a\nb"), json!({})]),
            (&aws, "input", vec![json!([1]), json!("x")]),
        ] {
            for value in values.into_iter().filter(|value| !(value.is_null() && field == "timeout"))
            {
                let request = with(base, field, value);
                assert!(parse(&request).is_err(), "{request}");
            }
        }
        assert_eq!(
            parse(&with(&signed, "path", json!("@evil:80/"))).unwrap_err(),
            "`path` is \"@evil:80/\"; wanted the path after the endpoint, such as /2015-03-31/functions, already escaped"
        );
    }
}
