//! Text for generated pages: cells of tables, and paragraphs with one sentence a line.

/// The longest line of a page, in columns.
const COLUMNS: usize = 110;

/// A paragraph with one sentence a line, long ones broken between words. Lines after the first
/// begin with `indent`.
pub(crate) fn paragraph(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for sentence in text.replace(". ", ".\n").lines() {
        let mut line = String::new();
        for word in words(sentence) {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMNS {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines.join(&format!("\n{indent}"))
}

/// The words of a sentence; code between backticks is one word.
fn words(sentence: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in sentence.split(' ') {
        match words.last_mut() {
            Some(last) if last.matches('`').count() % 2 == 1 => {
                last.push(' ');
                last.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
    }
    words
}

pub(crate) fn in_one_line(text: &str) -> String {
    cell(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text that breaks no table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
