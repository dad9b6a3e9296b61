//! `storage.*`: objects under a prefix of a bucket.

use moonring_flow::{Reply, StorageOperation, StorageRequest};
use moonring_runtime::{ReplyBytes, too_large};
use serde_json::Value;

use super::failed;
use crate::{Bucket, BucketError};

/// What is told of a key that has something else.
const TAKEN: &str = "something else is stored under this key";

/// The most bytes of something stored that is read.
const BYTES: usize = 1024 * 1024;

pub(super) async fn carry_out(
    bucket: &Bucket,
    request: &StorageRequest,
    left: &ReplyBytes,
) -> Reply {
    // A text and JSON are told apart by their names: what is read back is what was put there.
    let (text, json) = (format!("{}.txt", request.key), format!("{}.json", request.key));
    let done = match (request.operation, &request.value) {
        (StorageOperation::Get, _) => get(bucket, &text, &json, left).await,
        (StorageOperation::Put, Some(Value::String(value))) => {
            put(bucket, &text, value.clone().into_bytes(), &json).await
        }
        (StorageOperation::Put, value) => {
            let value = value.as_ref().map(Value::to_string).unwrap_or_default();
            put(bucket, &json, value.into_bytes(), &text).await
        }
        (StorageOperation::PutNew, value) => {
            put_new(bucket, &text, &json, value.as_ref().unwrap_or(&Value::Null), left).await
        }
        (StorageOperation::Delete, _) => delete(bucket, &text, &json).await,
    };
    done.unwrap_or_else(|error| {
        let failure = error.failure();
        // A token of S3's is one of credentials; other services have tokens of their own.
        let error_type = if failure.code.as_deref() == Some("InvalidToken") {
            "denied"
        } else {
            failure.error_type
        };
        Reply::Failed {
            error_type: error_type.to_owned(),
            message: error.to_string(),
            code: failure.code.clone(),
        }
    })
}

async fn get(
    bucket: &Bucket,
    text: &str,
    json: &str,
    left: &ReplyBytes,
) -> Result<Reply, BucketError> {
    let most = BYTES.min(left.left());
    let (text, json) =
        futures_util::future::join(bucket.get(text, most), bucket.get(json, most)).await;
    let (text, json) = (text?, json?);
    if left.take(text.iter().chain(&json).map(Vec::len).sum()).is_err() {
        return Ok(too_large());
    }
    Ok(match (text, json) {
        (_, Some(bytes)) => match serde_json::from_slice(&bytes) {
            Ok(value) => Reply::Done(value),
            Err(error) => failed("invalid", format!("the stored object is not JSON: {error}")),
        },
        (Some(bytes), None) => match String::from_utf8(bytes) {
            Ok(text) => Reply::Done(Value::String(text)),
            Err(_) => failed("invalid", "the stored string is not UTF-8"),
        },
        (None, None) => Reply::Done(Value::Null),
    })
}

async fn put(
    bucket: &Bucket,
    name: &str,
    bytes: Vec<u8>,
    other: &str,
) -> Result<Reply, BucketError> {
    bucket.put(name, bytes).await?;
    // What was there under the other name would still be found.
    bucket.delete(other).await?;
    Ok(Reply::Done(Value::Bool(true)))
}

/// Puts a value there unless there is something else. It is always kept as JSON: one name alone can
/// be put under a condition.
async fn put_new(
    bucket: &Bucket,
    text: &str,
    json: &str,
    value: &Value,
    left: &ReplyBytes,
) -> Result<Reply, BucketError> {
    let is_text_there = bucket.get(text, BYTES.min(left.left())).await?.is_some();
    if !is_text_there && bucket.put_new(json, value.to_string().into_bytes()).await? {
        return Ok(Reply::Done(Value::Bool(true)));
    }
    Ok(match get(bucket, text, json, left).await? {
        Reply::Done(found) if found == *value => Reply::Done(Value::Bool(true)),
        Reply::Done(_) => failed("conflict", TAKEN),
        other => other,
    })
}

async fn delete(bucket: &Bucket, text: &str, json: &str) -> Result<Reply, BucketError> {
    bucket.delete(text).await?;
    bucket.delete(json).await?;
    Ok(Reply::Done(Value::Bool(true)))
}
