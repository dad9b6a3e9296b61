//! Functions in AWS Lambda itself, or behind another address that wants signed requests.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::config::{Builder, Region};
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use axum::http::Uri;
use moonring_exchange::Outcome;

use super::functions::{PATIENCE, answer_of};

/// A function, by its name or ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lambda {
    name: String,
    /// Another address than the Region's own.
    endpoint: Option<String>,
    region: Option<String>,
}

/// The same, with a client.
pub(super) struct LambdaClient {
    client: Client,
    name: String,
}

impl Lambda {
    /// A name or an ARN.
    pub(super) fn named(name: &str) -> Option<Self> {
        let region =
            name.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2)).map(str::to_owned);
        let is_name =
            name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_:$".contains(letter));
        (is_name && !name.is_empty()).then(|| Self {
            name: name.to_owned(),
            endpoint: None,
            region,
        })
    }

    /// `https://HOST/2015-03-31/functions/NAME/invocations`.
    pub(super) fn at(uri: &Uri) -> Option<Self> {
        let name =
            uri.path().strip_prefix("/2015-03-31/functions/")?.strip_suffix("/invocations")?;
        let Self { name, region, .. } = Self::named(&name.replace("%3A", ":").replace("%3a", ":"))?;
        let authority = uri.authority()?;
        let of_host =
            authority.host().strip_prefix("lambda.").and_then(|rest| rest.split('.').next());
        let endpoint = Some(format!("{}://{authority}", uri.scheme_str()?));
        Some(Self { name, endpoint, region: region.or_else(|| of_host.map(str::to_owned)) })
    }

    /// Makes a client, with the credentials of the environment and the profile files.
    pub(super) async fn client(self) -> LambdaClient {
        let config = moonring_aws::sdk_config().await;
        // A function may take its time, and an event is not to be sent twice by anybody but the
        // service.
        let timeouts = TimeoutConfig::builder()
            .operation_timeout(PATIENCE)
            .operation_attempt_timeout(PATIENCE)
            .build();
        let mut builder = Builder::from(&config)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(1));
        if let Some(endpoint) = self.endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        if let Some(region) = self.region {
            builder = builder.region(Region::new(region));
        }
        LambdaClient { client: Client::from_conf(builder.build()), name: self.name }
    }
}

impl LambdaClient {
    /// Invokes the function with an event.
    pub(super) async fn invoke(&self, event: &serde_json::Value) -> Outcome {
        let request = self
            .client
            .invoke()
            .function_name(&self.name)
            .payload(event.to_string().into_bytes().into());
        let output = match request.send().await {
            Ok(output) => output,
            Err(error) => {
                let status = error.raw_response().map(|response| response.status().as_u16());
                return match status {
                    Some(429) => Outcome::Throttled,
                    Some(403) => Outcome::Denied,
                    _ => Outcome::Failed(match (error.code(), error.message()) {
                        (Some(code), Some(message)) => format!("{}: {code}: {message}", self.name),
                        _ => format!("{}: {}", self.name, DisplayErrorContext(&error)),
                    }),
                };
            }
        };
        let payload = output.payload.map(|payload| payload.into_inner()).unwrap_or_default();
        match output.function_error {
            Some(_) => {
                let text = String::from_utf8_lossy(&payload).chars().take(300).collect::<String>();
                Outcome::Failed(format!("the function failed: {text}"))
            }
            // What is no JSON is no answer, and the simulator says so as the service would.
            None => answer_of(&payload),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_function_is_its_name_its_region_and_where_it_is() {
        let at = |text: &str| Lambda::at(&text.parse().unwrap());
        let real =
            at("https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/Main/invocations")
                .unwrap();
        assert_eq!((real.name.as_str(), real.region.as_deref()), ("Main", Some("eu-west-1")));
        assert_eq!(real.endpoint.as_deref(), Some("https://lambda.eu-west-1.amazonaws.com"));
        let arn = "arn%3Aaws%3Alambda%3Aus-west-2%3A111122223333%3Afunction%3AMain";
        let by_arn =
            at(&format!("https://proxy.example:8443/2015-03-31/functions/{arn}/invocations"))
                .unwrap();
        assert_eq!(by_arn.region.as_deref(), Some("us-west-2"));
        assert_eq!(by_arn.endpoint.as_deref(), Some("https://proxy.example:8443"));
        assert_eq!(at("https://lambda.eu-west-1.amazonaws.com/Main"), None);
        assert_eq!(Lambda::named(""), None);
    }
}
