//! Policies as they are read.

use serde_json::json;

use super::*;

const BEHALF: Behalf<'_> = Behalf {
    account: "111122223333",
    application: "arn:aws:chime:us-east-1:111122223333:sma/ours",
};

#[test]
fn a_role_may_do_what_is_allowed_and_not_denied() {
    let own = vec![json!({"Statement": [
        {"Effect": "Allow", "Action": ["s3:Get*", "S3:listbucket"], "Resource": ["arn:aws:s3:::acme", "arn:aws:s3:::acme/live/*"]},
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/live/secret?"},
    ]})];
    let role = RolePolicies { own: own.clone(), boundary: None };
    assert!(role.allow("s3:GetObject", "arn:aws:s3:::acme/live/main.lua"));
    assert!(role.allow("s3:ListBucket", "arn:aws:s3:::acme"));
    assert!(!role.allow("s3:GetObject", "arn:aws:s3:::acme/other/main.lua"));
    assert!(!role.allow("s3:GetObject", "arn:aws:s3:::acme/live/secret1"));
    assert!(!role.allow("s3:PutObject", "arn:aws:s3:::acme/live/main.lua"));
    let boundary =
        json!({"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}});
    let bounded = RolePolicies { own, boundary: Some(boundary) };
    assert!(!bounded.allow("s3:GetObject", "arn:aws:s3:::acme/live/main.lua"));
    assert!(bounded.allow_without_boundary("s3:GetObject", "arn:aws:s3:::acme/live/main.lua"));
    assert!(bounded.allow("s3:ListBucket", "arn:aws:s3:::acme"));
}

#[test]
fn a_resource_lets_a_service_in_for_an_account_or_for_any() {
    let policy = |condition: Value| {
        json!({"Statement": {"Effect": "Allow", "Principal": {"Service": "chime"}, "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::audio/*", "Condition": condition}})
    };
    let of = |condition: Value| {
        grant(&policy(condition), "chime", "s3:GetObject", "arn:aws:s3:::audio/a.wav", BEHALF)
    };
    assert_eq!(of(json!({})), Grant::AnyAccount);
    let account = |id: &str| json!({"StringEquals": {"aws:SourceAccount": id}});
    assert_eq!(of(account("111122223333")), Grant::ThisAccount);
    assert_eq!(of(account("444455556666")), Grant::OtherAccount);
    let arn = json!({"ArnLike": {"AWS:SourceArn": "arn:aws:chime:us-east-1:111122223333:sma/*"}});
    assert_eq!(of(arn), Grant::ThisAccount);
    let one = |id: &str| {
        let arn = format!("arn:aws:chime:us-east-1:111122223333:sma/{id}");
        json!({"ArnLike": {"aws:SourceArn": arn}})
    };
    assert_eq!(of(one("ours")), Grant::ThisAccount);
    assert_eq!(of(one("theirs")), Grant::OtherApplication);
    let condition = |operator: &str, key: &str, value: Value| json!({operator: {key: value}});
    let ours = "arn:aws:chime:us-east-1:111122223333:";
    for (grants, conditions) in [
        (Grant::AnyAccount, condition("StringLike", "aws:SourceAccount", json!("*"))),
        (Grant::AnyAccount, condition("StringLike", "aws:SourceArn", json!("*"))),
        (Grant::AnyAccount, condition("ArnLike", "aws:SourceArn", json!("arn:aws:chime:*:*:*"))),
        // A star is a star only where it is told to be one.
        (
            Grant::OtherApplication,
            condition("StringEquals", "aws:SourceArn", json!(format!("{ours}sma/*"))),
        ),
        (
            Grant::OtherApplication,
            condition("ArnLike", "aws:SourceArn", json!("arn:aws:chime:us-west-2:111122223333:*")),
        ),
        (
            Grant::OtherApplication,
            condition("ArnLike", "aws:SourceArn", json!(format!("{ours}vc/abc"))),
        ),
        (
            Grant::OtherApplication,
            condition(
                "ArnLike",
                "aws:SourceArn",
                json!([format!("{ours}sma/theirs"), "arn:aws:chime:us-east-1:444455556666:*"]),
            ),
        ),
        (
            Grant::OtherAccount,
            condition("StringNotEquals", "aws:SourceAccount", json!("111122223333")),
        ),
        (
            Grant::ThisAccount,
            json!({"StringEquals": {"aws:SourceAccount": "111122223333"}, "ArnLike": {"aws:SourceArn": "arn:aws:chime:*:*:*"}}),
        ),
        (
            Grant::ThisAccount,
            json!({"ArnLike": {"aws:SourceArn": "arn:aws:chime:*:*:*"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}),
        ),
        (
            Grant::ThisAccount,
            json!({"Null": {"aws:SourceAccount": "false"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}),
        ),
        (
            Grant::ThisAccount,
            json!({"StringEquals": {"aws:SourceAccount": "111122223333"}, "StringNotLike": {"aws:SourceArn": "arn:aws:lex:*"}}),
        ),
    ] {
        assert_eq!(of(conditions.clone()), grants, "{conditions}");
    }
    let other =
        grant(&policy(json!({})), "lex", "s3:GetObject", "arn:aws:s3:::audio/a.wav", BEHALF);
    assert_eq!(other, Grant::Refused);
    let denied = |deny: Value| {
        let allow = json!({"Effect": "Allow", "Principal": {"Service": ["lex", "chime"]}, "Action": "s3:*",
            "NotResource": "arn:aws:s3:::other/*", "Condition": account("111122223333")});
        let both = json!({"Statement": [allow, deny]});
        grant(&both, "chime", "s3:GetObject", "arn:aws:s3:::audio/a.wav", BEHALF)
    };
    let deny = |more: Value| {
        let mut deny = json!({"Effect": "Deny", "Action": "s3:*"});
        more.as_object().unwrap().clone().into_iter().for_each(|(key, value)| deny[key] = value);
        deny
    };
    let all = json!({"Principal": "*", "Resource": "arn:aws:s3:::audio/*"});
    assert_eq!(denied(deny(all.clone())), Grant::Denied);
    let but = json!({"NotPrincipal": {"Service": "chime"}, "Resource": "arn:aws:s3:::audio/*"});
    assert_eq!(denied(deny(but)), Grant::ThisAccount);
    assert_eq!(
        denied(deny(
            json!({"NotPrincipal": {"Service": "lex"}, "NotResource": "arn:aws:s3:::b/*"})
        )),
        Grant::Denied
    );
    let mut of_us = all.clone();
    of_us["Condition"] = account("111122223333");
    assert_eq!(denied(deny(of_us)), Grant::Denied);
    let mut of_others = all;
    of_others["Condition"] = json!({"StringNotEquals": {"aws:SourceAccount": "111122223333"}});
    assert_eq!(denied(deny(of_others)), Grant::ThisAccount);
}
