//! New releases: uploaded while calls go on, whole, half and broken.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use harness::{Function, Proxy, S3, event_of, new_call, said, says, until};
use serde_json::Value;

fn start(s3: &S3, endpoint: &str) -> Function {
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("MOONRING_REFRESH_SECONDS", "0".to_owned()),
    ];
    Function::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn next_event(call: &Value) -> Value {
    event_of(
        call["CallDetails"]["TransactionId"].as_str().unwrap(),
        "DIGITS_RECEIVED-ReceiveDigits-match",
    )
}

/// New calls until one is answered like this.
fn until_said(function: &Function, text: &str) {
    until(text, || (said(&function.invoke(&new_call()).answer) == text).then_some(()));
}

#[test]
fn the_next_call_hears_a_change_and_a_running_call_does_not() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("one"));
    let function = start(&s3, &s3.endpoint);
    let running = new_call();
    assert_eq!(said(&function.invoke(&running).answer), "one");

    s3.put("main.lua", &says("two"));
    until_said(&function, "two");
    assert_eq!(
        said(&function.invoke(&next_event(&running)).answer),
        "one",
        "the call keeps the release it began with"
    );
    assert_eq!(said(&function.invoke(&new_call()).answer), "two");

    let releases: Vec<_> =
        function.event_lines().iter().map(|line| line["release"].clone()).collect();
    assert_ne!(releases.first(), releases.last());
    assert_eq!(function.log_line("the release is accepted")["files"], 1);
}

#[test]
fn a_broken_upload_leaves_the_last_good_release_serving() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("good"));
    s3.put("menu.lua", "return 1");
    let function = start(&s3, &s3.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");

    s3.put("menu.lua", "local x = 1\nlocal = 2");
    until("the refusal", || {
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
        function
            .log()
            .into_iter()
            .find(|line| line["message"].as_str().unwrap().contains("refused"))
    });
    for _ in 0..5 {
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    }
    let refusals: Vec<_> = function
        .log()
        .into_iter()
        .filter(|line| line["message"].as_str().unwrap().contains("refused"))
        .collect();
    assert_eq!(refusals.len(), 1, "a release is refused once: {refusals:?}");
    let refusal = &refusals[0];
    assert_eq!(
        (&refusal["level"], &refusal["file"], &refusal["line"]),
        (&"ERROR".into(), &"menu.lua".into(), &2.into())
    );
    assert!(refusal["version"].as_str().unwrap().len() > 30, "an ETag: {refusal}");
    assert!(
        refusal["message"]
            .as_str()
            .unwrap()
            .starts_with("the release is refused: menu.lua:2: Expected identifier"),
        "{refusal}"
    );

    s3.put("menu.lua", "return 2");
    s3.put("main.lua", &says("mended"));
    until_said(&function, "mended");
}

#[test]
fn a_release_without_the_script_that_answers_is_refused() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("good"));
    s3.put("other.lua", "return function() end");
    let function = start(&s3, &s3.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    s3.delete("main.lua");
    until("the refusal", || {
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
        function
            .log()
            .into_iter()
            .find(|line| line["message"].as_str().unwrap().contains("it has no script `main`"))
    });
}

#[test]
fn only_changed_files_are_fetched_and_only_new_calls_look() {
    // A server of its own: what is counted is a look that comes back within 150 ms.
    let s3 = S3::own();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", "return require('./a')");
    s3.put("a.lua", &says("one"));
    let function = start(&s3, &proxy.endpoint);
    let running = new_call();
    assert_eq!(said(&function.invoke(&running).answer), "one");
    let mut first = proxy.take_requests();
    first.retain(|request| request != "list");
    first.sort();
    // Whether there are published releases is asked at the first look alone.
    assert_eq!(first, ["a.lua", "aliases/live.json", "main.lua"]);
    let versions = proxy.take_versions();
    assert!(
        versions.len() == 2 && versions.iter().all(|version| version.len() > 30),
        "each in its version: {versions:?}"
    );

    function.invoke(&next_event(&running));
    assert_eq!(proxy.take_requests(), [""; 0], "an event inside a call looks at nothing");
    function.invoke(&new_call());
    assert_eq!(proxy.take_requests(), ["list"], "an unchanged source costs one listing");

    s3.put("a.lua", &says("two"));
    until_said(&function, "two");
    let mut fetched = proxy.take_requests();
    fetched.retain(|request| request != "list");
    assert_eq!(fetched, ["a.lua"]);
}

#[test]
fn what_s3_refuses_leaves_the_last_good_release_serving_and_is_named() {
    for (what, status, expected) in [
        ("list", 403, "cannot list the scripts: access denied: Refused: the test refuses this"),
        ("list", 503, "cannot list the scripts: unavailable: 503 Refused: the test refuses this"),
        ("main.lua", 403, "access denied: Refused: the test refuses this"),
        ("main.lua", 404, "not found: Refused: the test refuses this"),
        ("main.lua", 503, "unavailable: 503 Refused: the test refuses this"),
    ] {
        let s3 = S3::shared();
        let proxy = Proxy::start(&s3.endpoint);
        s3.put("main.lua", &says("good"));
        let function = start(&s3, &proxy.endpoint);
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
        proxy.refuse(what, status);
        s3.put("main.lua", &says("new"));
        let line = until(expected, || {
            assert_eq!(said(&function.invoke(&new_call()).answer), "good");
            function
                .log()
                .into_iter()
                .find(|line| line["message"].as_str().unwrap().ends_with(expected))
        });
        assert_eq!(line["level"], "WARN");
        let message = line["message"].as_str().unwrap();
        assert!(message.contains(&s3.location()), "{message}");
        assert!(
            what == "list" || message.contains("cannot read main.lua (version \""),
            "{message}"
        );
        proxy.pass();
        until_said(&function, "new");
    }
}

#[test]
fn a_file_that_changed_since_it_was_listed_is_no_part_of_a_release() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("good"));
    let function = start(&s3, &proxy.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    proxy.refuse("main.lua", 412);
    s3.put("main.lua", &says("new"));
    let line = until("the unsettled source", || {
        assert_eq!(said(&function.invoke(&new_call()).answer), "good");
        function
            .log()
            .into_iter()
            .find(|line| line["message"].as_str().unwrap().contains("kept changing"))
    });
    assert!(line["message"].as_str().unwrap().contains("main.lua (version \""), "{line}");
    proxy.pass();
    until_said(&function, "new");
}

#[test]
fn a_fresh_upload_is_not_read_before_it_is_a_second_old() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    // From the beginning of a second there is time for the first event within it.
    until("a second has just begun", || (now().subsec_millis() < 200).then_some(()));
    let second = now().as_secs();
    s3.put("main.lua", &says("hello"));
    let function = start(&s3, &proxy.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "hello");
    // S3 counts in whole seconds: the file is a second old, by its clock, when the next second
    // begins at the earliest.
    assert!(now().as_secs() > second, "read within the second in which it was written");
    let mut requests = proxy.take_requests();
    requests.retain(|request| request != "aliases/live.json");
    let lists = requests.iter().take_while(|request| *request == "list").count();
    assert!(lists >= 1, "{requests:?}");
}

#[test]
fn a_slow_s3_holds_a_call_for_a_moment_and_is_heard_at_the_next() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("one"));
    let function = start(&s3, &proxy.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "one");
    s3.put("main.lua", &says("two"));
    proxy.delay(Duration::from_millis(700));
    until("two", || {
        let reply = function.invoke(&new_call());
        assert!(
            reply.took < Duration::from_millis(650),
            "a look holds a call 150 ms at most, and took {:?}",
            reply.took
        );
        (said(&reply.answer) == "two").then_some(())
    });
}

#[test]
fn a_look_counts_for_the_seconds_that_are_set() {
    let s3 = S3::shared();
    let proxy = Proxy::start(&s3.endpoint);
    s3.put("main.lua", &says("one"));
    let settings = [
        ("MOONRING_SCRIPTS", s3.location()),
        ("AWS_ENDPOINT_URL", proxy.endpoint.clone()),
        ("MOONRING_REFRESH_SECONDS", "3600".to_owned()),
    ];
    let function =
        Function::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    function.invoke(&new_call());
    proxy.take_requests();
    for _ in 0..3 {
        function.invoke(&new_call());
    }
    assert_eq!(proxy.take_requests(), [""; 0]);
}

#[test]
fn a_listing_that_breaks_off_is_no_release_without_files() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("good"));
    s3.put("menu.lua", "return 1");
    let proxy = Proxy::start(&s3.endpoint);
    let function = start(&s3, &proxy.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    let head = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    let object = "<Contents><Key>live/main.lua</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;x&quot;</ETag><Size>5</Size></Contents>";
    for listing in [
        String::new(),
        head.to_owned(),
        format!("{head}</ListBucketResult>"),
        format!("{head}{object}</ListBucketResult>"),
        format!(
            "{head}<KeyCount>2</KeyCount>{object}<IsTruncated>false</IsTruncated></ListBucketResult>"
        ),
        format!(
            "{head}<KeyCount>1</KeyCount>{object}<IsTruncated>true</IsTruncated></ListBucketResult>"
        ),
    ] {
        proxy.list(&listing);
        let before = function.log().len();
        until(&listing, || {
            assert_eq!(said(&function.invoke(&new_call()).answer), "good", "{listing}");
            let is_it = |line: &Value| {
                line["message"].as_str().unwrap().starts_with("the check for a new release failed")
            };
            function.log()[before..].iter().any(is_it).then_some(())
        });
    }
    assert!(
        !function.log().iter().any(|line| line["message"].as_str().unwrap().contains("refused")),
        "{:#?}",
        function.log()
    );
}

#[test]
fn what_would_fail_at_every_call_is_refused_and_the_last_good_release_serves_on() {
    let s3 = S3::shared();
    s3.put("main.lua", &says("good"));
    let function = start(&s3, &s3.endpoint);
    assert_eq!(said(&function.invoke(&new_call()).answer), "good");
    for (script, file, line, message) in [
        ("", "main.lua", 1, "the script returns nothing"),
        (
            "\nreturn { new_inbound_cal = function() end }",
            "main.lua",
            2,
            "did you mean `new_inbound_call`?",
        ),
        (
            "local menu = require('./nope')\nreturn function() end",
            "main.lua",
            1,
            "require(\"./nope\")",
        ),
        ("while true do end", "main.lua", 0, "it did not finish loading"),
        (
            "\n\nlocal found = http.get('https://example.com')",
            "main.lua",
            3,
            "a module cannot wait for the host while it loads",
        ),
    ] {
        s3.put("main.lua", script);
        let refusal = until(message, || {
            assert_eq!(said(&function.invoke(&new_call()).answer), "good", "{script}");
            let is_it = |line: &&Value| {
                let text = line["message"].as_str().unwrap();
                text.starts_with("the release is refused") && text.contains(message)
            };
            function.log().iter().find(is_it).cloned()
        });
        assert_eq!(refusal["file"], file, "{refusal}");
        if line > 0 {
            assert_eq!(refusal["line"], line, "{refusal}");
        }
    }
}
