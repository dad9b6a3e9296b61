//! The telephone side of an account: what it has, and one change carried out, with the service's API.

use std::time::Duration;

use anyhow::Context as _;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_chimesdkvoice::Client;
use aws_sdk_chimesdkvoice::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chimesdkvoice::types::{
    PhoneNumberOrderStatus, PhoneNumberProductType, SipMediaApplicationEndpoint,
    SipMediaApplicationLoggingConfiguration, SipRuleTargetApplication, SipRuleTriggerType,
};
use moonring_deploy::{Application, Change, Found, Number, SipRule};

/// How long an order may take before the operator is told to come back.
const ORDER_SECONDS: u32 = 60;

/// The account, as the SDK finds it.
pub(crate) struct TelephoneSide {
    client: Client,
}

impl TelephoneSide {
    /// The account of the environment.
    pub(super) async fn open() -> Self {
        Self::of(&moonring_aws::sdk_config().await)
    }

    /// The account of a configuration.
    pub(crate) fn of(config: &SdkConfig) -> Self {
        // Nobody is on the line: the API may take its time.
        let most = Duration::from_secs(20);
        let timeouts =
            TimeoutConfig::builder().operation_attempt_timeout(most).operation_timeout(most * 3);
        let config = aws_sdk_chimesdkvoice::config::Builder::from(config)
            .timeout_config(timeouts.build())
            .retry_config(RetryConfig::standard());
        Self { client: Client::from_conf(config.build()) }
    }

    /// What the account has.
    ///
    /// # Errors
    /// When the service refuses to say, or cannot be reached.
    pub(crate) async fn found(&self) -> anyhow::Result<Found> {
        let (mut found, mut token) = (Found::default(), None);
        loop {
            let page = self.client.list_sip_media_applications().set_next_token(token).send().await;
            let page = page.map_err(told).context(
                "cannot list the SIP media applications; AWS_REGION, AWS_PROFILE and so on say which account, and `aws sts get-caller-identity` tells whether they work",
            )?;
            found.applications.extend(page.sip_media_applications().iter().map(|known| {
                let function = known.endpoints().first().and_then(|it| it.lambda_arn());
                Application {
                    id: text(known.sip_media_application_id()),
                    name: text(known.name()),
                    function: text(function),
                    logs_messages: false,
                }
            }));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        loop {
            let page = self.client.list_sip_rules().set_next_token(token).send().await;
            let page = page.map_err(told).context("cannot list the SIP rules")?;
            found.rules.extend(page.sip_rules().iter().map(|known| {
                let mut targets: Vec<_> = known.target_applications().iter().collect();
                targets.sort_by_key(|target| target.priority());
                let ids = targets.iter().map(|target| text(target.sip_media_application_id()));
                SipRule {
                    id: text(known.sip_rule_id()),
                    name: text(known.name()),
                    trigger: text(known.trigger_value()),
                    is_disabled: known.disabled().unwrap_or_default(),
                    applications: ids.collect(),
                }
            }));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        loop {
            let page = self.client.list_phone_numbers().set_next_token(token).send().await;
            let page = page.map_err(told).context("cannot list the numbers")?;
            // A number that was given back is listed for seven days more.
            let held = page.phone_numbers().iter().filter(|it| it.deletion_timestamp().is_none());
            found.numbers.extend(held.map(|known| Number {
                number: text(known.e164_phone_number()),
                product_type: text(known.product_type().map(PhoneNumberProductType::as_str)),
                calling_name: known.calling_name().map(str::to_owned),
            }));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Adds whether the service logs the SIP messages of the applications of this name.
    ///
    /// # Errors
    /// When the service refuses to say, or cannot be reached.
    pub(crate) async fn add_logging(&self, name: &str, found: &mut Found) -> anyhow::Result<()> {
        for known in found.applications.iter_mut().filter(|known| known.name == name) {
            let request = self.client.get_sip_media_application_logging_configuration();
            let reply = request.sip_media_application_id(&known.id).send().await;
            let reply = reply.map_err(told).context("cannot read what is logged")?;
            let configuration = reply.sip_media_application_logging_configuration();
            known.logs_messages = configuration
                .and_then(|it| it.enable_sip_media_application_message_logs())
                .unwrap_or_default();
        }
        Ok(())
    }

    /// Carries out a change; `made` is the application that a change before has made. The id of the
    /// application that this one makes.
    ///
    /// # Errors
    /// When the service refuses, or a change needs an application that was not made.
    pub(super) async fn carry_out(
        &self,
        change: &Change,
        made: Option<&str>,
    ) -> anyhow::Result<Option<String>> {
        let client = &self.client;
        match change {
            Change::CreateApplication { name, region, function } => {
                let request = client.create_sip_media_application().name(name).aws_region(region);
                let created = request.endpoints(endpoint(function)).send().await.map_err(told)?;
                let id = created.sip_media_application.and_then(|it| it.sip_media_application_id);
                return Ok(id);
            }
            Change::Rewire { id, to, .. } => {
                let request = client.update_sip_media_application().sip_media_application_id(id);
                request.endpoints(endpoint(to)).send().await.map_err(told)?;
            }
            Change::LogMessages { application, on } => {
                let id = application.as_deref().or(made).context("the application was not made")?;
                let configuration = SipMediaApplicationLoggingConfiguration::builder()
                    .enable_sip_media_application_message_logs(*on)
                    .build();
                let request = client.put_sip_media_application_logging_configuration();
                let request = request.sip_media_application_id(id);
                let request = request.sip_media_application_logging_configuration(configuration);
                request.send().await.map_err(told)?;
            }
            Change::OrderNumber { number } => self.order(number).await?,
            Change::ReleaseNumber { number } => {
                let request = client.delete_phone_number().phone_number_id(number);
                request.send().await.map_err(told)?;
            }
            Change::NameNumber { number, name } => {
                let request = client.update_phone_number().phone_number_id(number);
                request.calling_name(name).send().await.map_err(told)?;
            }
            Change::ChangeProduct { number, .. } => {
                let dial_in = PhoneNumberProductType::SipMediaApplicationDialIn;
                let request = client.update_phone_number().phone_number_id(number);
                request.product_type(dial_in).send().await.map_err(told)?;
            }
            Change::CreateRule { name, number, applications } => {
                let request = client
                    .create_sip_rule()
                    .name(name)
                    .trigger_type(SipRuleTriggerType::ToPhoneNumber)
                    .trigger_value(number);
                let targets = targets(applications, made)?;
                let request = request.set_target_applications(Some(targets));
                request.send().await.map_err(told)?;
            }
            Change::LeadRule { id, name, to, .. } => {
                let request = client.update_sip_rule().sip_rule_id(id).name(name).disabled(false);
                let request = request.set_target_applications(Some(targets(to, made)?));
                request.send().await.map_err(told)?;
            }
            Change::DeleteRule { id, name, .. } => {
                // A SIP rule that is not disabled cannot be deleted.
                let request = client.update_sip_rule().sip_rule_id(id).name(name);
                request.disabled(true).send().await.map_err(told)?;
                client.delete_sip_rule().sip_rule_id(id).send().await.map_err(told)?;
            }
            Change::DeleteApplication { id, .. } => {
                let request = client.delete_sip_media_application();
                request.sip_media_application_id(id).send().await.map_err(told)?;
            }
        }
        Ok(None)
    }

    /// Orders a number, and waits until the account has it.
    async fn order(&self, number: &str) -> anyhow::Result<()> {
        let request = self
            .client
            .create_phone_number_order()
            .product_type(PhoneNumberProductType::SipMediaApplicationDialIn)
            .e164_phone_numbers(number);
        let reply = request.send().await.map_err(told)?;
        let order = reply.phone_number_order().and_then(|order| order.phone_number_order_id());
        let order = order.context("the service gave the order no id")?;
        for _ in 0..ORDER_SECONDS {
            let reply = self.client.get_phone_number_order().phone_number_order_id(order);
            let reply = reply.send().await.map_err(told)?;
            match reply.phone_number_order().and_then(|order| order.status()) {
                Some(PhoneNumberOrderStatus::Successful) => return Ok(()),
                Some(PhoneNumberOrderStatus::Failed | PhoneNumberOrderStatus::Partial) => {
                    anyhow::bail!("the order {order} failed; choose another number")
                }
                _ => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        anyhow::bail!(
            "the order {order} is still under way after {ORDER_SECONDS} s; run the command again later"
        )
    }
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

/// What the service says; where it does not answer, what lies behind that.
fn told<E, R>(error: SdkError<E, R>) -> anyhow::Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => anyhow::anyhow!("{code}: {message}"),
        (Some(code), None) => anyhow::anyhow!("{code}"),
        (None, _) => anyhow::Error::new(error),
    }
}

fn endpoint(function: &str) -> SipMediaApplicationEndpoint {
    SipMediaApplicationEndpoint::builder().lambda_arn(function).build()
}

/// The applications of a SIP rule, the first one first.
fn targets(
    applications: &[Option<String>],
    made: Option<&str>,
) -> anyhow::Result<Vec<SipRuleTargetApplication>> {
    let targets = (1..).zip(applications).map(|(priority, id)| {
        let id = id.as_deref().or(made).context("the application was not made")?;
        // The Region of an application is its own affair: the API wants none here.
        let target = SipRuleTargetApplication::builder().sip_media_application_id(id);
        Ok(target.priority(priority).build())
    });
    targets.collect()
}
