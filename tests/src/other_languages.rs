//! docs/how-to/other-languages.md, carried out: the handlers and commands of the page, with the
//! runtime clients that Lambda itself uses.

use std::path::{Path, PathBuf};

use harness::{Simulator, environment, node_folder, project, until};

use crate::serve::{dial, lead};

/// The blocks of the page in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(project("docs/how-to/other-languages.md")).unwrap();
    let fence = format!("```{language}\n");
    let parts = page.split(fence.as_str()).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// What the page gives to `--function` for a program, with another one in its place, which is where
/// the test has it.
fn function(program: &str, own: &str) -> String {
    let commands = blocks("sh").join("\n");
    let named = commands.split('\'').find(|part| part.contains(&format!("run:{program} ")));
    named.unwrap().replacen(program, own, 1)
}

fn serve(folder: &Path, function: &str) -> Simulator {
    Simulator::start_in(folder, &["--function", function, "--watch", "--events"])
}

#[test]
fn a_python_handler_with_a_bug_is_told_of_and_answers_once_it_is_saved_without() {
    let requirements = project("tests/benches/peers/python/requirements.txt");
    let python = environment("peers-python", &requirements);
    let folder = tempfile::tempdir().unwrap();
    let handler = &blocks("python")[0];
    let write = |text: &str| std::fs::write(folder.path().join("handler.py"), text).unwrap();
    let function = function("python3", &python.display().to_string());
    write(&handler.replace("CallDetails", "CallDetials"));
    let simulator = serve(folder.path(), &function);
    lead(&simulator, &["Main"]);
    let story = dial(&simulator, "");
    assert!(story.contains("the function failed:") && story.contains("KeyError"), "{story}");
    // The server watches the file: what is saved answers the next calls.
    write(handler);
    until("the saved handler answers", || {
        dial(&simulator, "").contains("hears “Hello from Python.”").then_some(())
    });
}

#[test]
fn a_node_handler_answers() {
    let requirements = project("tests/benches/peers/python/requirements.txt");
    let python = environment("peers-python", &requirements);
    let tools: PathBuf = python.parent().unwrap().to_owned();
    let source = project("tests/benches/peers/node");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.mjs"), &blocks("js")[0]).unwrap();
    let function = match node_folder("peers-node", &source, Some(&tools)) {
        Some(packages) => {
            let own = folder.path().join("node_modules");
            std::os::unix::fs::symlink(packages.join("node_modules"), own).unwrap();
            function("node", "node")
        }
        // The package is compiled, and compilers cannot be had from a registry: without them the
        // handler of the page runs with the tests' own client.
        None => {
            let client = project("tests/tutorial/runtime_client.mjs").canonicalize().unwrap();
            format!("Main=run:node {} index.mjs pid", client.display())
        }
    };
    let simulator = serve(folder.path(), &function);
    lead(&simulator, &["Main"]);
    let story = dial(&simulator, "");
    assert!(story.contains("hears “Hello from Node.”"), "{story}");
}
