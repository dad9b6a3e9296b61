//! What of the scripts the tests have run, as one HTML page that needs nothing else.

use std::fmt::Write as _;

use moonring_spec::{Coverage, FileCoverage};

const STYLE: &str = "\
:root{color-scheme:light dark;--run:#e6f4ea;--missed:#fce8e6;--quiet:#777}
@media(prefers-color-scheme:dark){:root{--run:#12351f;--missed:#4a1d1a;--quiet:#999}}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .75rem;text-align:left}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
pre{margin:0;overflow-x:auto;font:14px/1.5 ui-monospace,monospace}
.line{display:block;white-space:pre}.line span{color:var(--quiet);display:inline-block;width:7rem;user-select:none}
.run{background:var(--run)}.missed{background:var(--missed)}
summary{cursor:pointer;padding:.5rem 0;font-weight:600}";

/// The page.
pub(super) fn page(coverage: &Coverage) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Coverage of call scripts</title>\n<style>{STYLE}</style>\n<h1>Coverage of call scripts</h1>\n<p>{:.1} % of the lines are run by a test.</p>\n",
        coverage.percent()
    );
    html.push_str("<table><tr><th>script<th class=\"number\">lines<th class=\"number\">branches\n");
    for (name, file) in &coverage.files {
        let (percent, gone, all) = (file.percent(), file.branches_gone(), file.branches.len());
        let name = escaped(name);
        let _ = writeln!(
            html,
            "<tr><td><a href=\"#{name}\">{name}</a><td class=\"number\">{percent:.1} %<td class=\"number\">{gone} of {all}"
        );
    }
    html.push_str("</table>\n");
    let untaken = coverage.untaken();
    if !untaken.is_empty() {
        html.push_str("<h2>What no test reaches</h2>\n<ul>\n");
        for one in untaken {
            let _ =
                writeln!(html, "<li><code>{}</code>: {}", escaped(&one.place), escaped(&one.what));
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<h2>The scripts</h2>\n");
    for (name, file) in &coverage.files {
        write_file(&mut html, name, file);
    }
    html
}

fn write_file(html: &mut String, name: &str, file: &FileCoverage) {
    let is_open = if file.lines_run() < file.lines.len() { " open" } else { "" };
    let name = escaped(name);
    let _ = write!(html, "<details id=\"{name}\"{is_open}><summary>{name}</summary><pre>");
    for (number, line) in (1..).zip(file.text.lines()) {
        let hits = file.lines.get(&number);
        let (class, count) = match hits {
            None => ("line", String::new()),
            Some(0) => ("line missed", "never".to_owned()),
            Some(hits) => ("line run", format!("{hits}×")),
        };
        let _ = write!(
            html,
            "<span class=\"{class}\"><span>{number:>5} {count:>7} </span>{}</span>",
            escaped(line)
        );
    }
    html.push_str("</pre></details>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
