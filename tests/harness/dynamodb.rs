//! Tables of DynamoDB: moto, over HTTP.

use axum::http::Request;
use serde_json::{Value, json};

use crate::S3;
use crate::client::Client;

/// The tables of a server.
pub struct Tables {
    endpoint: String,
    client: Client,
}

impl Tables {
    /// Those of the server where this bucket is.
    pub fn beside(s3: &S3) -> Self {
        Self { endpoint: s3.endpoint.clone(), client: Client::new() }
    }

    /// Makes a table, empty also where there is one already.
    pub fn make(&self, name: &str, key: &str) {
        self.operation("DeleteTable", &json!({"TableName": name}));
        let made = self.operation(
            "CreateTable",
            &json!({
                "TableName": name, "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            }),
        );
        assert_eq!(made.0, 200, "{made:?}");
    }

    /// Puts an item, in DynamoDB's own form.
    pub fn put(&self, name: &str, item: &Value) {
        assert_eq!(self.operation("PutItem", &json!({"TableName": name, "Item": item})).0, 200);
    }

    /// The items of a table, in DynamoDB's own form.
    pub fn items(&self, name: &str) -> Vec<Value> {
        self.operation("Scan", &json!({"TableName": name})).1["Items"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    fn operation(&self, operation: &str, input: &Value) -> (u16, Value) {
        // The server looks at the name of the service in a signature, and not at the signature.
        let scope = "Credential=test/20260101/us-east-1/dynamodb/aws4_request";
        let request = Request::post(&self.endpoint)
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"),
            )
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"));
        self.client.ask(request.body(input.to_string().into()).unwrap())
    }
}
