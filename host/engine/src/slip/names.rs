//! Names as they stand on a line of a script.

/// A name and the names of members behind it, at least one.
pub(super) type Chain<'a> = Vec<&'a str>;

/// Names with dots between them, at least two, as they stand on a line; `["name"]` and `[1]` are such
/// names too. What stands in other quotes and behind `--` is no name.
pub(super) fn chains(line: &str) -> Vec<Chain<'_>> {
    let bytes = line.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => break,
            byte if is_letter(byte) => {
                let start = at;
                let is_member = start > 0 && matches!(bytes[start - 1], b'.' | b':');
                let mut names = Vec::new();
                loop {
                    let from = at;
                    while at < bytes.len() && is_letter(bytes[at]) {
                        at += 1;
                    }
                    names.push(&line[from..at]);
                    while let Some((name, length)) = in_brackets(&line[at..]) {
                        names.push(name);
                        at += length;
                    }
                    let has_more = bytes.get(at) == Some(&b'.')
                        && bytes.get(at + 1).is_some_and(|next| is_letter(*next));
                    if !has_more {
                        break;
                    }
                    at += 1;
                }
                if names.len() > 1 && !is_member {
                    found.push(names);
                }
            }
            // A mark, or a part of a letter that is no name.
            _ => at += 1,
        }
    }
    found
}

/// The words of a line, outside of quotes as far as a word can tell.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("--").next().unwrap_or_default();
    code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

/// The name before `:method` on a line.
pub(super) fn receiver<'a>(line: &'a str, method: &str) -> Option<&'a str> {
    let before =
        line.split(&format!(":{method}")).next().filter(|before| before.len() < line.len())?;
    let start = before.bytes().rposition(|byte| !is_letter(byte)).map_or(0, |at| at + 1);
    before.get(start..).filter(|name| !name.is_empty())
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `["name"]` or `[1]` at the beginning of a text: the name, and how long that is.
fn in_brackets(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix('[')?;
    let (inner, _) = rest.split_once(']')?;
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| inner.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)));
    let is_number = !inner.is_empty() && inner.bytes().all(|digit| digit.is_ascii_digit());
    Some((quoted.or(is_number.then_some(inner))?, inner.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_line_are_found_and_texts_are_not() {
        let found = chains("call:say(config.door .. \"a.b\" .. x.y(phone.prase)) -- json.x");
        assert_eq!(found, [vec!["config", "door"], vec!["x", "y"], vec!["phone", "prase"]]);
        assert_eq!(chains("call.legs[\"LEG_B\"]:say 'x'"), [vec!["call", "legs", "LEG_B"]]);
        assert_eq!(chains("e.Participants[1].from"), [vec!["e", "Participants", "1", "from"]]);
        assert!(chains("a = f():b.c 'it\\'s x.y' 5").is_empty());
        assert!(chains("é.b \" [").is_empty());
        assert_eq!(receiver("  order:flsh()", "flsh"), Some("order"));
        assert_eq!(receiver("f():x()", "x"), None);
    }
}
