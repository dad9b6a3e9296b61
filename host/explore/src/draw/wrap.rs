//! Texts in lines that are not too long.

/// A text in at most so many lines of at most so many letters.
pub(super) fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let fits = lines
            .last()
            .is_some_and(|line| line.chars().count() + 1 + word.chars().count() <= width);
        let is_full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if fits => {
                line.push(' ');
                line.push_str(word);
            }
            _ if is_full => {
                if let Some(last) = lines.last_mut() {
                    last.push('…');
                }
                break;
            }
            _ if word.chars().count() > width => {
                lines.push(word.chars().take(width - 1).chain(['…']).collect());
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
