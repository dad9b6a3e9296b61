//! Texts that others write, cut to what a log line or a journal has room for.

/// At most so many bytes of a text, cut between characters, with a mark where something is missing.
pub fn truncate(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0);
    format!("{}… ({} bytes)", &text[..end], text.len())
}
