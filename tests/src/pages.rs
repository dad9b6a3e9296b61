//! Web pages that a developer happens to look at, and what they may ask of the servers of the local
//! program: nothing.

use harness::Simulator;

use crate::serve::{BRIEF, scripts};

/// The status of a request with these headers, as a browser or a program writes it.
fn status_of(address: &str, request: &str, headers: &[&str]) -> u16 {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    write!(stream, "{request} HTTP/1.1\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

/// What web pages and programs say of themselves, and whether they may ask.
fn askers(address: &str) -> Vec<(Vec<String>, bool)> {
    let host = format!("Host: {address}");
    let port = address.rsplit(':').next().unwrap();
    let with = |more: &str| vec![host.clone(), more.to_owned()];
    vec![
        (vec![host.clone()], true),
        (with(&format!("Origin: http://{address}")), true),
        (with("Sec-Fetch-Site: none"), true),
        (vec![format!("Host: evil.example:{port}")], false),
        (vec!["Host: 127.0.0.1".to_owned()], false),
        (with("Origin: http://evil.example"), false),
        (with("Origin: null"), false),
        (with("Origin: http://127.0.0.1:1"), false),
        (with("Sec-Fetch-Site: cross-site"), false),
    ]
}

#[test]
fn web_pages_cannot_ask_the_server_and_programs_can() {
    let folder = scripts(BRIEF);
    let simulator = Simulator::start(&["--scripts", folder.path().to_str().unwrap()]);
    let address = simulator.endpoint.trim_start_matches("http://");
    for (headers, may) in askers(address) {
        let headers: Vec<_> = headers.iter().map(String::as_str).collect();
        for request in [
            "GET /phone-numbers",
            "POST /phone-number-orders",
            "DELETE /sip-rules/x",
            "OPTIONS /phone-numbers",
            "GET /moonring/calls/x",
        ] {
            let status = status_of(address, request, &headers);
            assert_eq!(status != 403, may, "{request} {headers:?}: {status}");
        }
    }
    let curl = std::process::Command::new("curl")
        .args(["-s", "-d", "{}", &format!("{}/moonring/calls", simulator.endpoint)])
        .output();
    // Where there is no curl, what it sends was tried above.
    if let Ok(curl) = curl {
        let said = String::from_utf8_lossy(&curl.stdout).into_owned();
        assert!(said.contains("From"), "{said}");
    }
}

#[test]
fn web_pages_cannot_ask_the_runtime_api_of_a_program() {
    let folder = scripts(BRIEF);
    let told = folder.path().join("address.txt");
    let program = folder.path().join("program.sh");
    std::fs::write(
        &program,
        format!(
            "echo \"$AWS_LAMBDA_RUNTIME_API\" > {0}.part\nmv {0}.part {0}\nsleep 60\n",
            told.display()
        ),
    )
    .unwrap();
    let function = format!("F=run:sh {}", program.display());
    let _simulator =
        Simulator::start(&["--scripts", folder.path().to_str().unwrap(), "--function", &function]);
    let address = harness::until("the program has started", || std::fs::read_to_string(&told).ok());
    let address = address.trim();
    for (headers, may) in askers(address) {
        let headers: Vec<_> = headers.iter().map(String::as_str).collect();
        for request in [
            "POST /2018-06-01/runtime/invocation/x/response",
            "POST /2018-06-01/runtime/init/error",
            "GET /2018-06-01/runtime/nothing",
        ] {
            let status = status_of(address, request, &headers);
            assert_eq!(status != 403, may, "{request} {headers:?}: {status}");
        }
        if !may {
            assert_eq!(
                status_of(address, "GET /2018-06-01/runtime/invocation/next", &headers),
                403,
                "{headers:?}"
            );
        }
    }
}
