//! The Rust SDK clients against the simulator: every operation, and errors that have types.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_chimesdkmeetings as meetings;
use aws_sdk_chimesdkvoice as voice;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use harness::Simulator;
use meetings::types::CreateAttendeeRequestItem;
use voice::types::{
    PhoneNumberProductType, PhoneNumberStatus, PhoneNumberType, SipMediaApplicationEndpoint,
    SipMediaApplicationLoggingConfiguration, SipRuleTargetApplication, SipRuleTriggerType,
};

const NUMBER: &str = "+18445550123";

fn simulator() -> (Simulator, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let script = "return { call_answered = function() return action.pause { duration_in_milliseconds = 60000 } end, default = function() end }";
    std::fs::write(folder.path().join("main.lua"), script).unwrap();
    (Simulator::start(&["--scripts", folder.path().to_str().unwrap()]), folder)
}

fn config(simulator: &Simulator) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
        .endpoint_url(&simulator.endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build()
}

fn arn(name: &str) -> SipMediaApplicationEndpoint {
    let arn = format!("arn:aws:lambda:us-east-1:111122223333:function:{name}");
    SipMediaApplicationEndpoint::builder().lambda_arn(arn).build()
}

fn target(id: &str) -> SipRuleTargetApplication {
    SipRuleTargetApplication::builder().sip_media_application_id(id).priority(1).build()
}

#[tokio::test]
async fn the_voice_client_does_all_there_is_to_do_with_numbers_applications_rules_and_calls() {
    let (simulator, _folder) = tokio::task::spawn_blocking(simulator).await.unwrap();
    let client = voice::Client::new(&config(&simulator));
    let found = client
        .search_available_phone_numbers()
        .phone_number_type(PhoneNumberType::TollFree)
        .max_results(2)
        .send()
        .await
        .unwrap();
    assert_eq!(found.e164_phone_numbers().len(), 2);
    let product = PhoneNumberProductType::SipMediaApplicationDialIn;
    let order = client
        .create_phone_number_order()
        .product_type(product.clone())
        .e164_phone_numbers(NUMBER)
        .send()
        .await
        .unwrap();
    let order = order.phone_number_order().unwrap().phone_number_order_id().unwrap().to_owned();
    assert!(
        client
            .get_phone_number_order()
            .phone_number_order_id(&order)
            .send()
            .await
            .unwrap()
            .phone_number_order()
            .is_some()
    );
    assert_eq!(
        client.list_phone_number_orders().send().await.unwrap().phone_number_orders().len(),
        1
    );
    let named =
        client.update_phone_number().phone_number_id(NUMBER).name("desk").send().await.unwrap();
    assert_eq!(named.phone_number().unwrap().name(), Some("desk"));

    let made = client
        .create_sip_media_application()
        .aws_region("us-east-1")
        .name("App")
        .endpoints(arn("F"))
        .send()
        .await
        .unwrap();
    let application =
        made.sip_media_application().unwrap().sip_media_application_id().unwrap().to_owned();
    client
        .update_sip_media_application()
        .sip_media_application_id(&application)
        .name("New")
        .endpoints(arn("G"))
        .send()
        .await
        .unwrap();
    let known = client
        .get_sip_media_application()
        .sip_media_application_id(&application)
        .send()
        .await
        .unwrap();
    let known = known.sip_media_application().unwrap();
    assert_eq!(
        (known.name(), known.endpoints()[0].lambda_arn().unwrap().ends_with(":G")),
        (Some("New"), true)
    );
    assert!(known.created_timestamp().is_some());
    assert_eq!(
        client.list_sip_media_applications().send().await.unwrap().sip_media_applications().len(),
        1
    );
    let logging = SipMediaApplicationLoggingConfiguration::builder()
        .enable_sip_media_application_message_logs(true)
        .build();
    client
        .put_sip_media_application_logging_configuration()
        .sip_media_application_id(&application)
        .sip_media_application_logging_configuration(logging)
        .send()
        .await
        .unwrap();
    let logging = client
        .get_sip_media_application_logging_configuration()
        .sip_media_application_id(&application)
        .send()
        .await
        .unwrap();
    assert_eq!(
        logging
            .sip_media_application_logging_configuration()
            .unwrap()
            .enable_sip_media_application_message_logs(),
        Some(true)
    );

    let rule = client
        .create_sip_rule()
        .name("Rule")
        .trigger_type(SipRuleTriggerType::ToPhoneNumber)
        .trigger_value(NUMBER)
        .target_applications(target(&application))
        .send()
        .await
        .unwrap();
    let rule = rule.sip_rule().unwrap().sip_rule_id().unwrap().to_owned();
    let number = client.get_phone_number().phone_number_id(NUMBER).send().await.unwrap();
    assert_eq!(number.phone_number().unwrap().status(), Some(&PhoneNumberStatus::Assigned));
    assert_eq!(
        client
            .list_sip_rules()
            .sip_media_application_id(&application)
            .send()
            .await
            .unwrap()
            .sip_rules()
            .len(),
        1
    );
    client.update_sip_rule().sip_rule_id(&rule).name("Rule").disabled(true).send().await.unwrap();
    assert_eq!(
        client
            .get_sip_rule()
            .sip_rule_id(&rule)
            .send()
            .await
            .unwrap()
            .sip_rule()
            .unwrap()
            .disabled(),
        Some(true)
    );

    let call = client
        .create_sip_media_application_call()
        .from_phone_number(NUMBER)
        .to_phone_number("+12065550102")
        .sip_media_application_id(&application)
        .arguments_map("k", "v")
        .send()
        .await
        .unwrap();
    let call = call.sip_media_application_call().unwrap().transaction_id().unwrap().to_owned();
    let update = || {
        client
            .update_sip_media_application_call()
            .sip_media_application_id(&application)
            .transaction_id(&call)
            .arguments("k", "v")
            .send()
    };
    // Until the call is answered there is nothing to update.
    let refused = update().await.unwrap_err().into_service_error();
    assert!(refused.is_not_found_exception(), "{refused:?}");

    client.delete_sip_rule().sip_rule_id(&rule).send().await.unwrap();
    client
        .delete_sip_media_application()
        .sip_media_application_id(&application)
        .send()
        .await
        .unwrap();
    let gone = client
        .get_sip_media_application()
        .sip_media_application_id(&application)
        .send()
        .await
        .unwrap_err();
    assert!(gone.into_service_error().is_not_found_exception());
    client.delete_phone_number().phone_number_id(NUMBER).send().await.unwrap();
    client.restore_phone_number().phone_number_id(NUMBER).send().await.unwrap();
    assert_eq!(
        client
            .list_phone_numbers()
            .product_type(product)
            .send()
            .await
            .unwrap()
            .phone_numbers()
            .len(),
        1
    );
    let wrong = client
        .create_sip_media_application()
        .aws_region("us-east-1")
        .name("App/")
        .endpoints(arn("F"))
        .send()
        .await
        .unwrap_err();
    assert!(wrong.into_service_error().is_bad_request_exception());
    tokio::task::spawn_blocking(move || drop(simulator)).await.unwrap();
}

#[tokio::test]
async fn the_meetings_client_makes_meetings_and_attendees() {
    let (simulator, _folder) = tokio::task::spawn_blocking(simulator).await.unwrap();
    let client = meetings::Client::new(&config(&simulator));
    let create = || {
        client
            .create_meeting()
            .client_request_token("token-1")
            .media_region("us-east-1")
            .external_meeting_id("room-1")
            .send()
    };
    let id = create().await.unwrap().meeting().unwrap().meeting_id().unwrap().to_owned();
    assert_eq!(create().await.unwrap().meeting().unwrap().meeting_id(), Some(id.as_str()));
    let other = client
        .create_meeting()
        .client_request_token("token-1")
        .media_region("us-east-1")
        .external_meeting_id("room-2")
        .send()
        .await;
    assert!(other.unwrap_err().into_service_error().is_conflict_exception());
    let item =
        |name: &str| CreateAttendeeRequestItem::builder().external_user_id(name).build().unwrap();
    let with = client
        .create_meeting_with_attendees()
        .client_request_token("token-2")
        .media_region("us-east-1")
        .external_meeting_id("room-3")
        .attendees(item("first"))
        .send()
        .await
        .unwrap();
    assert_eq!(with.attendees().len(), 1);
    assert!(client.get_meeting().meeting_id(&id).send().await.unwrap().meeting().is_some());
    let one =
        client.create_attendee().meeting_id(&id).external_user_id("one").send().await.unwrap();
    let one = one.attendee().unwrap().clone();
    assert!(one.join_token().is_some());
    client
        .batch_create_attendee()
        .meeting_id(&id)
        .attendees(item("two"))
        .attendees(item("three"))
        .send()
        .await
        .unwrap();
    assert_eq!(client.list_attendees().meeting_id(&id).send().await.unwrap().attendees().len(), 3);
    let attendee = one.attendee_id().unwrap();
    assert_eq!(
        client
            .get_attendee()
            .meeting_id(&id)
            .attendee_id(attendee)
            .send()
            .await
            .unwrap()
            .attendee(),
        Some(&one)
    );
    client.delete_attendee().meeting_id(&id).attendee_id(attendee).send().await.unwrap();
    let gone =
        client.get_attendee().meeting_id(&id).attendee_id(attendee).send().await.unwrap_err();
    assert!(gone.into_service_error().is_not_found_exception());
    client.delete_meeting().meeting_id(&id).send().await.unwrap();
    let gone = client.get_meeting().meeting_id(&id).send().await.unwrap_err();
    assert!(gone.into_service_error().is_not_found_exception());
    tokio::task::spawn_blocking(move || drop(simulator)).await.unwrap();
}
