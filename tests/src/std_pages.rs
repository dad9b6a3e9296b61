//! docs/reference/std: a page for each standard module, made from its comments, types and example.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;
use harness::project;

/// The comment lines above a line, without their dashes.
fn comment_above(lines: &[&str], at: usize) -> String {
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("-- "));
    let mut words: Vec<&str> = above.map(|line| &line[3..]).collect();
    words.reverse();
    sentences(&words.join(" "))
}

/// A text with a line for each sentence, none of them too long.
fn sentences(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for sentence in text.split_inclusive(". ") {
        let mut line = String::new();
        for word in sentence.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > 110 {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// The lines of a declaration: to the brace that closes it, or the line alone.
fn declaration(lines: &[&str], at: usize) -> String {
    let mut declared = String::new();
    let mut depth = 0_i32;
    for line in &lines[at..] {
        let code = line.split("--").next().unwrap();
        depth += i32::try_from(code.matches('{').count()).unwrap();
        depth -= i32::try_from(code.matches('}').count()).unwrap();
        let _ = writeln!(declared, "{line}");
        if depth <= 0 {
            break;
        }
    }
    declared
}

fn page(module: &str, text: &str, example: Option<&str>) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().take_while(|line| line.starts_with("--"));
    let head: Vec<&str> = head.map(|line| line.trim_start_matches("--").trim_end()).collect();
    let (what, more) = head.split_first().unwrap();
    let mut page = format!("# @std/{module}\n\n{}\n", sentences(what));
    // Lines that are set in are code.
    let is_code = |line: &&&str| line.starts_with("  ");
    let prose: Vec<&str> =
        more.iter().filter(|line| !is_code(line)).map(|line| line.trim()).collect();
    let prose = prose.join(" ");
    if !prose.trim().is_empty() {
        let _ = write!(page, "\n{}\n", sentences(prose.trim()));
    }
    let code: Vec<&str> = more.iter().filter(is_code).map(|line| line.trim()).collect();
    if !code.is_empty() {
        let _ = write!(page, "\n```lua\n{}\n```\n", code.join("\n"));
    }
    let functions: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with(&format!("function {module}.")))
        .collect();
    for at in functions {
        let signature = lines[at].trim_start_matches("function ");
        let name = signature.split('(').next().unwrap();
        // A signature may be of several lines.
        let mut declared = String::new();
        for line in &lines[at..] {
            let _ = writeln!(declared, "{}", line.trim_start_matches("function "));
            if declared.matches('(').count() <= declared.matches(')').count() {
                break;
            }
        }
        let comment = comment_above(&lines, at);
        let _ = write!(page, "\n## {name}\n\n{comment}\n\n```text\n{}\n```\n", declared.trim_end());
    }
    let types: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].starts_with("export type ")).collect();
    if !types.is_empty() {
        page.push_str("\n## Types\n");
    }
    for at in types {
        let comment = comment_above(&lines, at);
        let declared = declaration(&lines, at);
        let _ = write!(
            page,
            "\n{comment}\n\n```text\n{}```\n",
            declared.replace("export type ", "type ")
        );
    }
    if text.contains(&format!("{module}.texts = {{")) {
        let _ = write!(
            page,
            "\n## Sentences\n\n`texts = {{ … }}` replaces them by name; an audio file, `{{ key = … }}`, may stand for one.\nEnglish, Spanish, French and German are built in.\n\n| name | in English |\n|---|---|\n"
        );
        for (name, said) in english(text, module) {
            let _ = writeln!(page, "| `{name}` | {said} |");
        }
    }
    if let Some(example) = example {
        let example = example.replace("\"../", "\"@std/");
        let _ = write!(page, "\n## Example\n\n```lua\n{}\n```\n", example.trim_end());
    }
    page
}

/// The sentences in English, by their names in the module.
fn english(text: &str, module: &str) -> Vec<(String, String)> {
    let table = &text[text.find(&format!("{module}.texts = {{")).unwrap()..];
    let english = &table[table.find("en = {").unwrap() + 6..table.find("es = {").unwrap()];
    let mut found = Vec::new();
    for part in english.split(" = \"").collect::<Vec<_>>().windows(2) {
        let name = part[0].rsplit([' ', '{', ',', '\n']).next().unwrap();
        let said = part[1].split('"').next().unwrap();
        found.push((name.to_owned(), said.to_owned()));
    }
    found
}

#[test]
fn each_standard_module_has_a_page_made_from_its_comments_and_example() {
    let folder = project("stdlib");
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".lua").filter(|name| !name.contains(".spec")) {
            let text = std::fs::read_to_string(folder.join(&name)).unwrap();
            modules.insert(module.to_owned(), text);
        }
    }
    let mut index = String::from(
        "# Standard modules\n\nEach is `require(\"@std/NAME\")`; its file is in [stdlib](../../../stdlib).\n\n| module | what it does |\n|---|---|\n",
    );
    for (module, text) in &modules {
        let example = std::fs::read_to_string(folder.join(format!("examples/{module}.lua"))).ok();
        let page = page(module, text, example.as_deref());
        expect_file![project(&format!("docs/reference/std/{module}.md"))].assert_eq(&page);
        let what = text.lines().next().unwrap().trim_start_matches("-- ");
        let _ =
            writeln!(index, "| [{module}]({module}.md) | {} |", what.split(". ").next().unwrap());
    }
    expect_file![project("docs/reference/std/README.md")].assert_eq(&index);
    let pages = std::fs::read_dir(project("docs/reference/std")).unwrap().count();
    assert_eq!(pages, modules.len() + 1, "a page of a module that is not there");
}
