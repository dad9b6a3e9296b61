//! SSML as somebody hears it.

/// The text of SSML without its tags, as a caller would write it down.
///
/// # Examples
/// ```
/// let text = moonring_exchange::plain("<speak>R&amp;D,<break/> <say-as x='y'>12</say-as>!</speak>");
/// assert_eq!(text, "R&D, 12 !");
/// ```
pub fn plain(ssml: &str) -> String {
    let mut plain = String::new();
    let mut rest = ssml;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        let after = &rest[start..];
        rest = after.find('>').map_or("", |end| &after[end + 1..]);
        if !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
    }
    plain.push_str(rest);
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        .iter()
        .fold(plain, |text, (entity, letter)| text.replace(entity, letter))
}
