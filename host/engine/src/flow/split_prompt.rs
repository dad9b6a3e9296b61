//! Long texts, cut where a speaker would breathe.

/// Cuts a text into parts of at most so many characters: behind a sentence, else between two words,
/// else anywhere. Where these would be more than `parts_most`, sentences are cut too.
pub(super) fn parts(text: &str, most: usize, parts_most: usize) -> Vec<&str> {
    let parts = truncate(text, most, true);
    if parts.len() > parts_most { truncate(text, most, false) } else { parts }
}

fn truncate(text: &str, most: usize, by_sentences: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some((end, _)) = rest.char_indices().nth(most) {
        // A space behind the last character that fits makes it a whole one.
        let room = &rest[..end + rest[end..].chars().next().map_or(0, char::len_utf8)];
        let is_end = |before: &str| by_sentences && before.ends_with(ENDS);
        let cut = last_end(room, is_end)
            .or_else(|| last_pause(&rest[..end], by_sentences))
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

/// Marks behind which a sentence ends: also of Hindi, Arabic and Urdu.
const ENDS: [char; 8] = ['.', '!', '?', '…', '।', '॥', '؟', '۔'];
/// Marks of Chinese and Japanese behind which a sentence ends, with no space behind it.
const FULL_STOPS: [char; 5] = ['。', '！', '？', '｡', '．'];
/// Marks of theirs at which a speaker breathes.
const COMMAS: [char; 4] = ['、', '，', '；', '：'];

/// The last place behind a mark that needs no space behind it.
fn last_pause(room: &str, by_sentences: bool) -> Option<usize> {
    let behind = |marks: &[char]| {
        let mut letters = room.char_indices().rev();
        let mark = letters.find(|(_, letter)| marks.contains(letter));
        mark.map(|(index, letter)| index + letter.len_utf8())
    };
    behind(&FULL_STOPS).filter(|_| by_sentences).or_else(|| behind(&COMMAS))
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
        assert_eq!(parts("One. Two. Three.", 10, 99), ["One. Two.", "Three."]);
        assert_eq!(parts("One. Two.", 9, 99), ["One. Two."]);
        assert_eq!(parts("One. Two.", 8, 99), ["One.", "Two."]);
        assert_eq!(parts("one two three", 8, 99), ["one two", "three"]);
        assert_eq!(parts("3.14 and more", 8, 99), ["3.14 and", "more"]);
        assert_eq!(parts("ééééé", 2, 99), ["éé", "éé", "é"]);
        assert_eq!(parts("  a  ", 3, 99), ["a"]);
        assert!(parts(" ", 3, 99).is_empty());
    }

    #[test]
    fn sentences_of_other_scripts_end_at_their_own_marks() {
        assert_eq!(
            parts("いらっしゃいませ。番号をどうぞ。", 10, 99),
            ["いらっしゃいませ。", "番号をどうぞ。"]
        );
        assert_eq!(parts("您好，请按一。谢谢！", 8, 99), ["您好，请按一。", "谢谢！"]);
        assert_eq!(parts("您好，请按一继续", 5, 99), ["您好，", "请按一继续"]);
        assert_eq!(parts("नमस्ते। एक दबाएँ।", 10, 99), ["नमस्ते।", "एक दबाएँ।"]);
        assert_eq!(parts("مرحبا۔ اضغط واحد؟", 12, 99), ["مرحبا۔", "اضغط واحد؟"]);
    }

    #[test]
    fn sentences_that_would_make_too_many_parts_are_cut_too() {
        let text = format!("{}b. ", "a ".repeat(253)).repeat(17);
        assert!(parts(&text, 1000, 99).len() > 9 && parts(&text, 1000, 9).len() <= 9);
    }

    #[test]
    fn nothing_but_white_space_is_lost() {
        let text = "A sentence. Another one, which is longer! And? ".repeat(40);
        for most in [7, 40, 1000] {
            let parts = parts(&text, most, 9999);
            assert!(parts.iter().all(|part| (1..=most).contains(&part.chars().count())));
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&parts.concat()), bare(&text));
        }
    }
}
