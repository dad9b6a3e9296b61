//! How the SDK's clients behave: in a world where a caller waits five seconds, its own defaults are
//! too patient.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::OnceCell;

/// The SDK's default is 3.1 s.
const CONNECT: Duration = Duration::from_millis(500);
/// The SDK has no default.
const ATTEMPT: Duration = Duration::from_secs(1);
/// All tries together, so that a request fails while there is still time for the fallback.
pub(crate) const OPERATION: Duration = Duration::from_secs(2);
/// S3 closes idle connections after about 20 s; a closed one costs a try.
const IDLE: Duration = Duration::from_secs(15);

/// The configuration that the clients of a process share, read when the first of them is made.
#[derive(Debug, Default)]
pub struct SharedConfig(OnceCell<SdkConfig>);

impl SharedConfig {
    /// One that is at hand already.
    pub fn of(config: SdkConfig) -> Self {
        Self(OnceCell::new_with(Some(config)))
    }

    /// The configuration.
    pub async fn get(&self) -> &SdkConfig {
        self.0.get_or_init(sdk_config).await
    }

    /// Whether somebody has asked for it.
    pub(crate) fn is_read(&self) -> bool {
        self.0.initialized()
    }
}

/// A configuration with a pool of connections of its own: from the environment and the profile
/// files, as every AWS tool reads them.
pub async fn sdk_config() -> SdkConfig {
    loader().load().await
}

/// The same of a profile, and in a Region, where these are said on a command line.
pub async fn sdk_config_of(profile: Option<&str>, region: Option<&str>) -> SdkConfig {
    let mut loader = loader();
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    loader.load().await
}

fn loader() -> ConfigLoader {
    let http = aws_smithy_http_client::Builder::new()
        .pool_idle_timeout(IDLE)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(2)
        .with_initial_backoff(Duration::from_millis(50));
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(retries)
}
