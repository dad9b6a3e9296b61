//! Long texts, cut where a speaker would breathe.

/// Cuts a text into parts of at most so many characters: behind a sentence, else between two words, else anywhere.
pub(super) fn parts(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some((end, _)) = rest.char_indices().nth(most) {
        // A space behind the last character that fits makes it a whole one.
        let room = &rest[..end + rest[end..].chars().next().map_or(0, char::len_utf8)];
        let cut = last_end(room, |before| before.ends_with(['.', '!', '?', '…', '。', '！', '？']))
            .or_else(|| last_end(room, |_| true))
            .unwrap_or(end);
        parts.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

/// The last place before white space at which what stands before it is as wanted.
fn last_end(room: &str, is_end: impl Fn(&str) -> bool) -> Option<usize> {
    let spaces = room.char_indices().rev().filter(|(_, letter)| letter.is_whitespace());
    spaces.map(|(index, _)| index).find(|index| *index > 0 && is_end(&room[..*index]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_behind_a_sentence_or_a_word_or_where_it_must() {
        assert_eq!(parts("One. Two. Three.", 10), ["One. Two.", "Three."]);
        assert_eq!(parts("One. Two.", 9), ["One. Two."]);
        assert_eq!(parts("One. Two.", 8), ["One.", "Two."]);
        assert_eq!(parts("one two three", 8), ["one two", "three"]);
        assert_eq!(parts("3.14 and more", 8), ["3.14 and", "more"]);
        assert_eq!(parts("ééééé", 2), ["éé", "éé", "é"]);
        assert_eq!(parts("  a  ", 3), ["a"]);
        assert!(parts(" ", 3).is_empty());
    }

    #[test]
    fn nothing_but_white_space_is_lost() {
        let text = "A sentence. Another one, which is longer! And? ".repeat(40);
        for most in [7, 40, 1000] {
            let parts = parts(&text, most);
            assert!(parts.iter().all(|part| (1..=most).contains(&part.chars().count())));
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&parts.concat()), bare(&text));
        }
    }
}
