//! `storage.*`: objects under a prefix of a bucket.

use moonring_runtime::{Reply, StorageOperation, StorageRequest, error_type_of};
use serde_json::Value;

use super::failed;
use crate::Bucket;

pub(super) async fn carry_out(bucket: &Bucket, request: &StorageRequest) -> Reply {
    // A text and JSON are told apart by their names: what is read back is what was put there.
    let (text, json) = (format!("{}.txt", request.key), format!("{}.json", request.key));
    let done = match (request.operation, &request.value) {
        (StorageOperation::Get, _) => get(bucket, &text, &json).await,
        (StorageOperation::Put, Some(Value::String(value))) => {
            put(bucket, &text, value.clone().into_bytes(), &json).await
        }
        (StorageOperation::Put, value) => {
            let value = value.as_ref().map(Value::to_string).unwrap_or_default();
            put(bucket, &json, value.into_bytes(), &text).await
        }
        (StorageOperation::Delete, _) => delete(bucket, &text, &json).await,
    };
    done.map_or_else(
        |why| {
            let code = why.rsplit(": ").find(|part| part.chars().all(char::is_alphanumeric)).unwrap_or_default();
            failed(error_type_of(code), why)
        },
        Reply::Done,
    )
}

async fn get(bucket: &Bucket, text: &str, json: &str) -> Result<Value, String> {
    let (text, json) = futures_util::future::join(bucket.get(text), bucket.get(json)).await;
    match (text?, json?) {
        (_, Some(bytes)) => {
            serde_json::from_slice(&bytes).map_err(|error| format!("what is stored is no JSON: {error}"))
        }
        (Some(bytes), None) => {
            String::from_utf8(bytes).map(Value::String).map_err(|_| "what is stored is no text".to_owned())
        }
        (None, None) => Ok(Value::Null),
    }
}

async fn put(bucket: &Bucket, name: &str, bytes: Vec<u8>, other: &str) -> Result<Value, String> {
    bucket.put(name, bytes).await?;
    // What was there under the other name would still be found.
    bucket.delete(other).await?;
    Ok(Value::Bool(true))
}

async fn delete(bucket: &Bucket, text: &str, json: &str) -> Result<Value, String> {
    bucket.delete(text).await?;
    bucket.delete(json).await?;
    Ok(Value::Bool(true))
}
