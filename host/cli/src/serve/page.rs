//! The page of the server: its files, and what the browser may do with them.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use rust_embed::RustEmbed;

/// What is in host/cli/page: part of the program where it is shipped, and read from the folder in a
/// debug build, so that a change is seen without a build.
#[derive(RustEmbed)]
#[folder = "page"]
struct Files;

/// Everything comes from this server, and nothing of the page runs that is not a file of it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; \
    connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /`.
pub(super) async fn index() -> Response<Body> {
    answer("index.html")
}

/// `GET /page/…`.
pub(super) async fn file(Path(path): Path<String>) -> Response<Body> {
    answer(&path)
}

fn answer(path: &str) -> Response<Body> {
    let Some(file) = Files::get(path) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let mut response = Response::new(Body::from(file.data.into_owned()));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type(path)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_served_with_a_policy_and_what_is_no_file_is_not_there() {
        let page = answer("index.html");
        assert_eq!(page.status(), StatusCode::OK);
        assert!(
            page.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .contains("default-src 'none'")
        );
        for gone in ["../Cargo.toml", "nothing.js", ""] {
            assert_eq!(answer(gone).status(), StatusCode::NOT_FOUND, "{gone}");
        }
    }
}
