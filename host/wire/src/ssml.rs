//! SSML as Amazon Polly takes it: XML with some tags. What it refuses, nobody hears.

use xmlparser::{ElementEnd, Token, Tokenizer};

/// The tags of SSML that Amazon Polly knows
/// (<https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html>). Some voices take fewer.
pub const SSML_TAGS: &[&str] = &[
    "speak",
    "break",
    "emphasis",
    "lang",
    "mark",
    "p",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "sub",
    "w",
    "amazon:auto-breaths",
    "amazon:breath",
    "amazon:domain",
    "amazon:effect",
];

/// Why a text is no SSML that Amazon Polly takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SsmlError {
    /// An ampersand that begins no entity.
    #[error("`&` is not escaped; write &amp;")]
    Ampersand,
    /// It is not well-formed, for this reason.
    #[error("it is not well-formed XML: {0}")]
    Form(String),
    /// A tag is not closed, or another is.
    #[error("<{0}> is not closed; write <{0}/> or </{0}>")]
    Open(String),
    /// A closing tag without an opening one.
    #[error("</{0}> closes nothing")]
    Close(String),
    /// A tag that Amazon Polly does not know.
    #[error("<{0}> is not a tag of Amazon Polly; wanted one of {tags}", tags = SSML_TAGS.join(", "))]
    Tag(String),
    /// A `<speak>` in another.
    #[error("<speak> is inside <speak>; write it once")]
    Nested,
    /// It does not begin with `<speak>`, or something is outside of that.
    #[error("something is outside <speak>…</speak>")]
    Outside,
}

/// Whether a text is meant as SSML: it begins with a `speak` tag, with attributes or without.
///
/// # Examples
/// ```
/// use moonring_wire::is_ssml;
///
/// assert!(is_ssml(" <speak xml:lang=\"en-US\">Hello</speak>"));
/// assert!(!is_ssml("<speaker> is a text"));
/// ```
pub fn is_ssml(text: &str) -> bool {
    let behind = text.trim_start().strip_prefix("<speak");
    behind.is_some_and(|rest| {
        rest.starts_with(|letter: char| letter.is_whitespace() || "/>".contains(letter))
    })
}

/// Whether Amazon Polly takes a text as SSML, as far as its form and its tags tell.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_ssml(text: &str) -> Result<(), SsmlError> {
    let mut open: Vec<String> = Vec::new();
    let mut has_root = false;
    // The tag whose attributes are read.
    let mut tag = String::new();
    let mut attributes: Vec<String> = Vec::new();
    for token in Tokenizer::from(text.trim()) {
        match token.map_err(|error| SsmlError::Form(error.to_string()))? {
            Token::ElementStart { span, .. } => {
                tag = span.as_str().trim_start_matches('<').to_owned();
                if !SSML_TAGS.contains(&tag.as_str()) {
                    return Err(SsmlError::Tag(tag));
                }
                attributes.clear();
                if open.is_empty() != (tag == "speak") {
                    return Err(if open.is_empty() {
                        SsmlError::Outside
                    } else {
                        SsmlError::Nested
                    });
                }
                has_root = true;
            }
            Token::Attribute { prefix, local, value, .. } => {
                entities(value.as_str())?;
                let name = format!("{}:{}", prefix.as_str(), local.as_str());
                if attributes.contains(&name) {
                    return Err(SsmlError::Form(format!("`{local}` is there twice in <{tag}>")));
                }
                attributes.push(name);
            }
            Token::ElementEnd { end: ElementEnd::Open, .. } => open.push(tag.clone()),
            Token::ElementEnd { end: ElementEnd::Close(..), span } => {
                let closed = span.as_str().trim_start_matches("</").trim_end_matches('>').trim();
                match open.pop() {
                    Some(tag) if tag == closed => {}
                    Some(tag) => return Err(SsmlError::Open(tag)),
                    None => return Err(SsmlError::Close(closed.to_owned())),
                }
            }
            Token::Text { text } => {
                entities(text.as_str())?;
                if open.is_empty() && !text.as_str().trim().is_empty() {
                    return Err(SsmlError::Outside);
                }
            }
            Token::DtdStart { .. }
            | Token::EmptyDtd { .. }
            | Token::ProcessingInstruction { .. } => {
                return Err(SsmlError::Form("only tags and text are allowed".to_owned()));
            }
            _ => {}
        }
    }
    match open.pop() {
        Some(tag) => Err(SsmlError::Open(tag)),
        None if !has_root => Err(SsmlError::Outside),
        None => Ok(()),
    }
}

/// Every ampersand begins an entity.
fn entities(text: &str) -> Result<(), SsmlError> {
    const NAMES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];
    for behind in text.split('&').skip(1) {
        let name = behind.split_once(';').map_or("", |(name, _)| name);
        let is_number = name.strip_prefix('#').is_some_and(|number| {
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32).is_some_and(is_xml_char)
        });
        if !is_number && !NAMES.contains(&name) {
            return Err(SsmlError::Ampersand);
        }
    }
    Ok(())
}

/// Whether XML may have a character.
fn is_xml_char(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_amazon_polly_takes_is_taken() {
        for text in [
            "<speak>Hello</speak>",
            "  <speak version=\"1.1\" xml:lang='en-US'>R&amp;D <break time=\"1s\"/> &#39;x&#x27;</speak> ",
            "<speak><prosody rate=\"90%\"><s>One</s><!-- two --></prosody></speak>",
            "<speak><amazon:effect name=\"whispered\">psst</amazon:effect><say-as interpret-as='digits'>12</say-as></speak>",
            "<speak/>",
        ] {
            assert!(is_ssml(text), "{text}");
            assert_eq!(check_ssml(text), Ok(()), "{text}");
        }
        assert!(!is_ssml("<speaks>") && !is_ssml("Hello <speak>") && !is_ssml(""));
    }

    #[test]
    fn what_it_refuses_is_named() {
        let form = |text: &str| matches!(check_ssml(text), Err(SsmlError::Form(_)));
        for (text, error) in [
            ("<speak>AT&T welcomes you</speak>", SsmlError::Ampersand),
            ("<speak>Hello <break time='1s'></speak>", SsmlError::Open("break".to_owned())),
            ("<speak>Hello", SsmlError::Open("speak".to_owned())),
            ("<speak><blink>Hello</blink></speak>", SsmlError::Tag("blink".to_owned())),
            ("<p>Hello</p>", SsmlError::Outside),
            ("<speak>a<speak>b</speak></speak>", SsmlError::Nested),
            ("<speak>&#0;</speak>", SsmlError::Ampersand),
            ("<speak>&#xFFFF;</speak>", SsmlError::Ampersand),
            ("<speak>&#55;&#zz;</speak>", SsmlError::Ampersand),
        ] {
            assert_eq!(check_ssml(text), Err(error), "{text}");
        }
        assert!(form("<speak><s a='1' a='2'>x</s></speak>"));
        assert!(form("<speak><break time=1s/></speak>") && form("<speak>a < b</speak>"));
        assert!(form("<speak>One</speak> more") && form("<speak>One</speak><speak>Two</speak>"));
    }

    #[test]
    fn no_text_is_too_odd() {
        let text = "<speak a='&x'>é&<p></s><![CDATA[x]]><!-- -- --></speak>";
        for end in text.char_indices().map(|(index, _)| index) {
            drop(check_ssml(&text[..end]));
            drop(check_ssml(&text[end..]));
        }
    }
}
