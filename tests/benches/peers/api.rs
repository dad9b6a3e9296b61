//! The smallest Runtime API there can be: blocking, one connection at a time, so that it costs as
//! little as possible itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant, SystemTime};

pub(crate) struct Api {
    listener: TcpListener,
    stream: Option<BufReader<TcpStream>>,
    number: u64,
    /// Whether the next event has been asked for.
    is_asked: bool,
}

/// What came back for an event.
pub(crate) struct Answered {
    pub(crate) answer: String,
    /// From the last byte of the event to the last byte of the answer.
    pub(crate) took: Duration,
}

struct Request {
    head: String,
    body: String,
}

impl Api {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { listener, stream: None, number: 0, is_asked: false }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    /// Waits until the function asks for an event.
    pub(crate) fn wait_for_poll(&mut self) {
        if !self.is_asked {
            let request = self.read_request();
            assert!(request.head.contains("/next"), "{} {}", request.head, request.body);
            self.is_asked = true;
        }
    }

    /// Hands out an event.
    pub(crate) fn invoke(&mut self, event: &[u8]) -> Answered {
        self.wait_for_poll();
        self.is_asked = false;
        self.number += 1;
        let end = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap()
            + Duration::from_secs(60);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-{:012x}\r\nlambda-runtime-deadline-ms: {}\r\nlambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:111122223333:function:calls\r\nlambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\ncontent-length: {}\r\n\r\n",
            self.number,
            end.as_millis(),
            event.len()
        );
        self.write(&[head.as_bytes(), event].concat());
        let sent = Instant::now();
        let Request { head, body } = self.read_request();
        let took = sent.elapsed();
        assert!(head.contains("/response"), "{head} {body}");
        self.write(b"HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"status\":\"OK\"}\n");
        Answered { answer: body, took }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stream.as_mut().unwrap().get_mut().write_all(bytes).unwrap();
    }

    /// One request; on a new connection where the last one has ended.
    fn read_request(&mut self) -> Request {
        loop {
            let listener = &self.listener;
            let stream = self.stream.get_or_insert_with(|| {
                let stream = listener.accept().unwrap().0;
                stream.set_nodelay(true).unwrap();
                BufReader::new(stream)
            });
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n")
                && stream.read_line(&mut head).is_ok_and(|read| read > 0)
            {}
            if head.is_empty() {
                self.stream = None;
                continue;
            }
            let body = match length(&head) {
                Some(length) => {
                    let mut body = vec![0; length];
                    stream.read_exact(&mut body).unwrap();
                    body
                }
                None => chunks(stream),
            };
            return Request { head, body: String::from_utf8(body).unwrap() };
        }
    }
}

/// How long the body is; `None` if it comes in chunks.
fn length(head: &str) -> Option<usize> {
    let head = head.to_lowercase();
    if head.contains("transfer-encoding: chunked") {
        return None;
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    Some(length.unwrap_or(0))
}

fn chunks(stream: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let length = usize::from_str_radix(line.trim(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        stream.read_exact(&mut chunk).unwrap();
        body.extend_from_slice(&chunk[..length]);
        if length == 0 {
            return body;
        }
    }
}
