//! A function with its one answer written into it: what the Runtime API itself costs, for
//! benchmarks to compare with.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(|_: LambdaEvent<Value>| async {
        let speak =
            json!({ "Type": "Speak", "Parameters": { "Text": "Hello! This is a test call." } });
        let hangup = json!({ "Type": "Hangup", "Parameters": {} });
        Ok::<_, Error>(json!({ "SchemaVersion": "1.0", "Actions": [speak, hangup] }))
    }))
    .await
}
