//! Numbers that callees are to see, as scripts have them in quotes.

/// The numbers in quotes behind `caller_id =` and `caller_id_number =`.
pub(crate) fn caller_ids(text: &str) -> impl Iterator<Item = String> + '_ {
    text.match_indices("caller_id").filter_map(move |(at, word)| {
        let line = text.get(..at)?.rsplit('\n').next()?;
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        // A comment, or a part of another name.
        if line.contains("--") || line.ends_with(is_part) {
            return None;
        }
        let behind = text.get(at + word.len()..)?;
        let behind = behind.strip_prefix("_number").unwrap_or(behind).trim_start();
        let behind = behind.strip_prefix('=')?.trim_start();
        let number = behind.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
        number.starts_with('+').then(|| number.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_behind_their_options() {
        let text = "call:bridge { to = '+12065550101', caller_id = \"+14255550117\" }
            action.call_and_bridge { caller_id_number='+14255550118' }
            forward.to(call, { caller_id = call.to }) -- caller_id = \"+14255550119\"
            local old_caller_id = '+14255550120'";
        assert_eq!(caller_ids(text).collect::<Vec<_>>(), ["+14255550117", "+14255550118"]);
    }
}
