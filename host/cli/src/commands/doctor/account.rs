//! Who asks, where, and with what.

use aws_config::SdkConfig;
use aws_sdk_iam::error::ProvideErrorMetadata;
use moonring_aws::{AwsServices, SharedConfig};
use moonring_deploy::Application;
use moonring_runtime::Settings;

use super::report::Report;

/// The Regions whose telephone service there is.
const REGIONS: [&str; 10] = [
    "us-east-1",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// Everything that is asked.
pub(super) struct Clients {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) config: SdkConfig,
    pub(super) lambda: aws_sdk_lambda::Client,
    pub(super) iam: aws_sdk_iam::Client,
    pub(super) s3: aws_sdk_s3::Client,
    /// Services whose protocol is JSON.
    pub(super) services: AwsServices,
}

impl Clients {
    /// As whom the telephone service asks on behalf of an application.
    pub(super) fn arn_of(&self, application: &Application) -> String {
        format!("arn:aws:chime:{}:{}:sma/{}", self.region, self.account, application.id)
    }

    /// Looks at credentials and Region. `None` where nothing can be asked.
    pub(super) async fn open(
        profile: Option<&str>,
        region: Option<&str>,
        report: &mut Report,
    ) -> Option<Self> {
        let config = moonring_aws::sdk_config_of(profile, region).await;
        let Some(region) = config.region().map(ToString::to_string) else {
            report.wrong("region", "no Region is set", "export AWS_REGION=us-east-1");
            return None;
        };
        if REGIONS.contains(&region.as_str()) {
            report.ok("region", format!("the Region {region}"));
        } else {
            report.wrong(
                "region",
                format!(
                    "the telephone service is not in the Region {region}; it is in {}",
                    REGIONS.join(", ")
                ),
                "export AWS_REGION=us-east-1",
            );
            return None;
        }
        let sts = aws_sdk_sts::Client::new(&config);
        let caller = match sts.get_caller_identity().send().await {
            Ok(caller) => caller,
            Err(error) => {
                let refused = Refused::of(error.code(), error.message());
                report.wrong(refused.check, refused.text, refused.mend);
                return None;
            }
        };
        let account = caller.account().unwrap_or_default().to_owned();
        let who = caller.arn().unwrap_or_default();
        report.ok("credentials", format!("the account {account}, as {who}"));
        let shared = SharedConfig::of(config.clone());
        Some(Self {
            account,
            region,
            lambda: aws_sdk_lambda::Client::new(&config),
            iam: aws_sdk_iam::Client::new(&config),
            s3: moonring_aws::s3_client(&config),
            services: AwsServices::new(&Settings::default(), shared),
            config,
        })
    }
}

/// Why nobody was let in.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    check: &'static str,
    text: String,
    mend: &'static str,
}

impl Refused {
    /// AWS refuses what was signed more than five minutes ago, or later than now: it says so in its
    /// code, or only in its words.
    fn of(code: Option<&str>, message: Option<&str>) -> Self {
        const LATE: [&str; 3] = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"];
        let words = message.unwrap_or_default();
        let is_late = code.is_some_and(|code| LATE.contains(&code))
            || words.starts_with("Signature expired")
            || words.starts_with("Signature not yet current");
        if is_late {
            let text = "the clock of this machine is wrong: AWS takes nothing that is signed more than five minutes off".to_owned();
            let mend = if cfg!(target_os = "macos") {
                "sudo sntp -sS time.apple.com"
            } else {
                "sudo timedatectl set-ntp true"
            };
            return Self { check: "clock", text, mend };
        }
        let why = code.unwrap_or("they cannot be used");
        let text = format!("there are no usable credentials: {why}");
        Self { check: "credentials", text, mend: "aws configure" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_told_from_credentials_that_are() {
        let expired = "Signature expired: 20261129T100000Z is now earlier than 20261129T101500Z";
        for (code, message, check) in [
            (Some("SignatureDoesNotMatch"), Some(expired), "clock"),
            (Some("RequestTimeTooSkewed"), None, "clock"),
            (Some("InvalidSignatureException"), Some("Signature not yet current: …"), "clock"),
            (
                Some("SignatureDoesNotMatch"),
                Some("The request signature we calculated"),
                "credentials",
            ),
            (Some("ExpiredToken"), Some("The security token is expired"), "credentials"),
            (None, None, "credentials"),
        ] {
            assert_eq!(Refused::of(code, message).check, check, "{code:?} {message:?}");
        }
    }
}
