//! Where a server leads a request, and what goes along.

use harness::Web;
use serde_json::json;

use crate::services::Asking;

#[test]
fn a_redirect_to_another_host_takes_nothing_of_the_scripts_along() {
    let web = Web::start();
    let settings = [
        ("SSL_CERT_FILE", web.certificate.as_str()),
        ("MOONRING_HTTP_ALLOW", "localhost, 127.0.0.1"),
    ];
    let body = "local here, there = 'https://localhost:PORT', 'https://127.0.0.1:PORT'
        local all = {}
        for _, to in { here, there } do
          for _, code in { 302, 307 } do
            local reply = http.post(`{here}/redirect?code={code}&to={to}/echo`, { secret = 1 }, { headers = { ['x-own'] = 'key', authorization = 'Bearer x' } })
            local came = reply.json
            all[#all + 1] = `{came.method} {came.own} {came.body} {came.type} {came.referer}`
          end
        end
        return table.unpack(all)"
        .replace("PORT", &web.port.to_string());
    assert_eq!(
        Asking::new(&body, &settings).told(),
        json!([
            "GET key  nil nil",
            "POST key {\"secret\":1} application/json nil",
            "GET nil  nil nil",
            "POST nil  nil nil",
        ])
    );
}

#[test]
fn another_port_is_another_place_and_http_is_never_led_to_from_https() {
    let web = Web::start();
    let other = Web::start();
    let trusted = tempfile::NamedTempFile::new().unwrap();
    let certificate = |of: &Web| std::fs::read_to_string(&of.certificate).unwrap();
    std::fs::write(trusted.path(), certificate(&web) + &certificate(&other)).unwrap();
    let settings =
        [("SSL_CERT_FILE", trusted.path().to_str().unwrap()), ("MOONRING_HTTP_ALLOW", "localhost")];
    let body = "local reply, err = http.post('https://localhost:PORT/redirect?code=307&to=https://localhost:OTHER/echo', { secret = 1 }, { headers = { ['x-own'] = 'key' } })
        local _, plain = http.get('https://localhost:PORT/redirect?code=307&to=http://localhost:OTHER/echo')
        return if reply then `{reply.json.own} {reply.json.body}` else err.message, `{plain.type}: {plain.message}`"
        .replace("PORT", &web.port.to_string())
        .replace("OTHER", &other.port.to_string());
    assert_eq!(
        Asking::new(&body, &settings).told(),
        json!(["nil ", "denied: a redirect leads from https to http"])
    );
}
