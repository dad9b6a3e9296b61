//! The deployed program over the Runtime API, and from its start to its first answer.
//!
//! `taskset -c 0 cargo bench --package moonring-tests` pins this program and the function to one
//! core: what is measured is then the work, and no wake-up of another core.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "and says what went wrong by failing"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use harness::{S3, example, project, shipped};

const WARM_UP: usize = 500;
const EVENTS: usize = 10_000;
const STARTS: usize = 20;

fn main() {
    let event = std::fs::read(project("tests/events/NEW_INBOUND_CALL-none-basic.json")).unwrap();
    let digits =
        std::fs::read(project("tests/events/ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits.json"))
            .unwrap();

    println!("over the Runtime API, {EVENTS} events            p50       p99");
    let greeter = folder("greeter_handlers");
    let meeting = folder("meeting");
    over_runtime_api("an answer written into the program", example("fixed_answer"), "", &event);
    over_runtime_api("greeter", shipped(), greeter.path().to_str().unwrap(), &event);
    over_runtime_api(
        "meeting: welcome and ask for the PIN",
        shipped(),
        meeting.path().to_str().unwrap(),
        &event,
    );
    over_runtime_api("meeting: join", shipped(), meeting.path().to_str().unwrap(), &digits);

    println!("start of the process to first answer, {STARTS} starts   p50       max");
    start_to_answer(
        "greeter from a folder",
        greeter.path().to_str().unwrap(),
        "http://127.0.0.1:1",
        &event,
    );
    let s3 = S3::shared();
    s3.put("main.lua", &std::fs::read_to_string(project("scripts/greeter_handlers.lua")).unwrap());
    for number in 1..20 {
        s3.put(
            &format!("script_{number}.lua"),
            &std::fs::read_to_string(project("scripts/meeting.lua")).unwrap(),
        );
    }
    start_to_answer("20 scripts from an S3 server", &s3.location(), &s3.endpoint, &event);
}

/// The examples, with one of them as the script that answers.
fn folder(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["greeter_handlers.lua", "meeting.lua", "config.json"] {
        std::fs::copy(project("scripts").join(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("main.lua"), format!("return require('./{script}')"))
        .unwrap();
    folder
}

fn over_runtime_api(what: &str, program: &Path, scripts: &str, event: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = start(program, &listener, scripts, "");
    let mut connections = Connections::new(listener);
    let mut times: Vec<_> =
        (0..WARM_UP + EVENTS).map(|_| connections.invoke(event).1).skip(WARM_UP).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    report(what, &mut times, times_at_99);
}

fn start_to_answer(what: &str, scripts: &str, endpoint: &str, event: &[u8]) {
    let mut times: Vec<_> = (0..STARTS)
        .map(|_| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let started = Instant::now();
            let mut child = start(shipped(), &listener, scripts, endpoint);
            let (answer, _) = Connections::new(listener).invoke(event);
            let took = started.elapsed();
            assert!(answer.contains("This is a test call"), "{answer}");
            child.kill().unwrap();
            child.wait().unwrap();
            took
        })
        .collect();
    report(what, &mut times, |times| times[times.len() - 1]);
}

fn report(what: &str, times: &mut [Duration], other: fn(&[Duration]) -> Duration) {
    times.sort();
    println!("  {what:<44} {:>9.1?} {:>9.1?}", times[times.len() / 2], other(times));
}

fn times_at_99(times: &[Duration]) -> Duration {
    times[times.len() * 99 / 100]
}

fn start(program: &Path, api: &TcpListener, scripts: &str, endpoint: &str) -> Child {
    Command::new(program)
        .env_clear()
        .stdout(Stdio::null())
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", api.local_addr().unwrap().to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "calls"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL", endpoint),
            ("MOONRING_SCRIPTS", scripts),
            ("MOONRING_REFRESH_SECONDS", "3600"),
        ])
        .spawn()
        .unwrap()
}

/// The smallest Runtime API there can be: blocking, one connection at a time, so that it costs as
/// little as possible itself.
struct Connections {
    listener: TcpListener,
    stream: Option<BufReader<TcpStream>>,
}

impl Connections {
    fn new(listener: TcpListener) -> Self {
        Self { listener, stream: None }
    }

    /// Hands out an event. The time is from its last byte out to the last byte of the answer in.
    fn invoke(&mut self, event: &[u8]) -> (String, Duration) {
        assert!(self.read_request().0.contains("/next"));
        let end = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap()
            + Duration::from_secs(60);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: request\r\nlambda-runtime-deadline-ms: {}\r\nlambda-runtime-invoked-function-arn: arn\r\ncontent-length: {}\r\n\r\n",
            end.as_millis(),
            event.len()
        );
        self.write(&[head.as_bytes(), event].concat());
        let sent = Instant::now();
        let (head, answer) = self.read_request();
        let took = sent.elapsed();
        assert!(head.contains("/response"), "{head} {answer}");
        self.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
        (answer, took)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stream.as_mut().unwrap().get_mut().write_all(bytes).unwrap();
    }

    /// One request: its head and its body; on a new connection where the last one has ended.
    fn read_request(&mut self) -> (String, String) {
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
            let length = head.lines().find_map(|line| {
                line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()
            });
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body).unwrap();
            return (head, String::from_utf8(body).unwrap());
        }
    }
}
