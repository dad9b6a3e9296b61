//! Who plays: the programs, and what each is told.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use harness::{FUNCTION_VARIABLES, environment, example, node_folder, project, shipped};
use tempfile::TempDir;

use crate::story::Step;

/// A program, and the calls that it answers.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The events of each of its calls. Each is a row of the table.
    pub(crate) steps: Vec<Step>,
    program: Program,
    scripts: Option<TempDir>,
}

enum Program {
    Compiled(PathBuf),
    Node(PathBuf),
    Python { python: PathBuf, folder: PathBuf },
}

/// A new call, and what is in the answer to it.
const fn new_call(answer: &'static str) -> Step {
    Step { name: "new call", event: "NEW_INBOUND_CALL-none-basic", typed: None, answer }
}

/// What the limit, the greeter and the handlers of the tutorial say.
const GREETING: &str = "This is a test call";
const CHOICE: Step = Step {
    name: "a choice",
    event: "ACTION_SUCCESSFUL-SpeakAndGetDigits-digits",
    typed: Some("1"),
    answer: "9 to 5",
};
const PIN: Step = Step {
    name: "the PIN",
    event: "ACTION_SUCCESSFUL-PlayAudioAndGetDigits-digits",
    typed: None,
    answer: "\"JoinChimeMeeting\"",
};
const HANG_UP: Step = Step {
    name: "hang-up",
    event: "HANGUP-Hangup-lega-bridged",
    typed: None,
    answer: "\"Hangup\"",
};

/// All that can play on this machine, and an earlier build of the deployed program if there is one.
pub(crate) fn all(before: Option<&Path>) -> Vec<Peer> {
    // Built once, before anything is timed.
    let (limit, shipped) = (example("fixed_answer").to_owned(), shipped().to_owned());
    let limit = Program::Compiled(limit);
    let mut peers = vec![Peer {
        name: "limit",
        steps: vec![new_call(GREETING)],
        program: limit,
        scripts: None,
    }];
    peers.extend(scripted(["greeter", "flow", "meeting"], &shipped));
    let names = ["greeter before", "flow before", "meeting before"];
    peers.extend(before.into_iter().flat_map(|program| scripted(names, program)));
    let here = project("tests/benches/peers");
    if !is_there("python3") {
        eprintln!("peers: there is no python3, so neither Python nor Node plays");
        return peers;
    }
    let folder = here.join("python");
    let python = environment("peers-python", &folder.join("requirements.txt"));
    let tools = python.parent().unwrap().to_owned();
    let node =
        is_there("node").then(|| node_folder("peers-node", &here.join("node"), Some(&tools)));
    if let Some(program) = node.flatten().map(Program::Node) {
        peers.push(Peer { name: "Node", steps: vec![new_call(GREETING)], program, scripts: None });
    } else {
        eprintln!(
            "peers: Node does not play; it wants node 18 or newer, and for its runtime client make, g++, autoconf, automake and libtool"
        );
    }
    let program = Program::Python { python, folder };
    peers.push(Peer { name: "Python", steps: vec![new_call(GREETING)], program, scripts: None });
    peers
}

impl Peer {
    /// The folder of its scripts, if it has any.
    pub(crate) fn scripts(&self) -> Option<&Path> {
        self.scripts.as_ref().map(TempDir::path)
    }

    pub(crate) fn is_compiled(&self) -> bool {
        matches!(self.program, Program::Compiled(_))
    }

    /// The command that starts it, under another program if there is one.
    pub(crate) fn command(&self, under: &[String]) -> Command {
        let words: Vec<PathBuf> = match &self.program {
            Program::Compiled(path) => vec![path.clone()],
            Program::Node(folder) => {
                let client = folder.join("node_modules/aws-lambda-ric/bin/index.mjs");
                vec!["node".into(), client, "index.handler".into()]
            }
            Program::Python { python, .. } => {
                vec![python.clone(), "-m".into(), "awslambdaric".into(), "index.handler".into()]
            }
        };
        let words: Vec<PathBuf> = under.iter().map(PathBuf::from).chain(words).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().envs(FUNCTION_VARIABLES).envs([
            ("PATH", std::env::var("PATH").unwrap().as_str()),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("MOONRING_REFRESH_SECONDS", "3600"),
        ]);
        if let Some(scripts) = self.scripts() {
            command.env("MOONRING_SCRIPTS", scripts);
        }
        if let Program::Node(folder) | Program::Python { folder, .. } = &self.program {
            command.current_dir(folder);
        }
        command
    }
}

fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The deployed program with each of three scripts.
fn scripted(names: [&'static str; 3], program: &Path) -> [Peer; 3] {
    let [greeter, flow, meeting] = names;
    let peer = |name, script, says, more: &[Step]| {
        let steps = [&[new_call(says)], more].concat();
        let scripts = Some(folder(script));
        Peer { name, steps, program: Program::Compiled(program.to_owned()), scripts }
    };
    [
        peer(greeter, "greeter_handlers", GREETING, &[]),
        peer(flow, "main", "Welcome to Acme.", &[CHOICE]),
        peer(meeting, "meeting", "welcome-to-meetings.wav", &[PIN, HANG_UP]),
    ]
}

/// The examples, with one of them as the script that answers: 20 scripts and more.
fn folder(script: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(project("scripts")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    if script != "main" {
        let main = folder.path().join("main.lua");
        std::fs::copy(project("scripts").join(format!("{script}.lua")), main).unwrap();
    }
    folder
}
