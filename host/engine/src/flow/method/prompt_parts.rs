//! Prompts of several parts: texts that fit are joined into one, so that a digit cuts them short as
//! one prompt.

use moonring_wire::{Action, is_ssml};

use super::BuildContext;
use super::build_context::{TEXT, spoken};
use super::prompt::{Audio, Part, Prompt};
use crate::convert::Unsayable;

impl BuildContext<'_> {
    /// The parts of a prompt for this leg, as few as there may be: each is one action.
    pub(super) fn joined(
        &self,
        what: &str,
        parts: &[Part],
        leg: Option<&String>,
    ) -> Result<Vec<Part>, Unsayable> {
        let mut joined: Vec<Part> = Vec::new();
        for part in parts {
            match (part, joined.last_mut()) {
                (Part::Said(next), Some(Part::Said(last))) if last.is_spoken_as(next, leg) => {
                    match join(&last.text, &next.text) {
                        Some(text) => last.text = text,
                        None => joined.push(Part::Said(next.for_leg(leg))),
                    }
                }
                (Part::Said(next), _) => joined.push(Part::Said(next.for_leg(leg))),
                (Part::Played(next), _) => {
                    let leg = next.leg.as_ref().or(leg).cloned();
                    joined.push(Part::Played(Audio { leg, ..next.clone() }));
                }
            }
        }
        let mut cut = Vec::new();
        for part in joined {
            match &part {
                Part::Said(prompt) => cut.extend(
                    spoken(what, &prompt.text)?
                        .into_iter()
                        .map(|text| Part::Said(Prompt { text: text.to_owned(), ..prompt.clone() })),
                ),
                Part::Played(_) => cut.push(part),
            }
        }
        Ok(cut)
    }

    /// The action in which a part is heard.
    pub(super) fn heard(&self, what: &str, part: &Part) -> Result<Action, Unsayable> {
        match part {
            Part::Said(prompt) => Ok(self.speak(prompt)),
            Part::Played(audio) => self.play(what, audio),
        }
    }
}

impl Prompt {
    fn for_leg(&self, leg: Option<&String>) -> Self {
        Self { leg: self.leg.as_ref().or(leg).cloned(), ..self.clone() }
    }

    fn is_spoken_as(&self, next: &Self, leg: Option<&String>) -> bool {
        self.voice == next.voice && self.leg.as_ref() == next.leg.as_ref().or(leg)
    }
}

/// Two texts as one, if the service speaks that at once; SSML stays SSML.
fn join(first: &str, second: &str) -> Option<String> {
    let text = if is_ssml(first) || is_ssml(second) {
        format!("<speak>{} {}</speak>", inner(first)?, inner(second)?)
    } else {
        format!("{} {}", first.trim_end(), second.trim_start())
    };
    (text.chars().count() <= TEXT).then_some(text)
}

/// What stands within `<speak>`; `None` where the tag has attributes, which hold for all in it.
fn inner(text: &str) -> Option<String> {
    if !is_ssml(text) {
        return Some(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    }
    let within = text.trim().strip_prefix("<speak>")?.strip_suffix("</speak>")?;
    Some(within.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_ssml_are_joined_where_the_service_speaks_them_at_once() {
        assert_eq!(join("One. ", " Two.").as_deref(), Some("One. Two."));
        assert_eq!(
            join("A & B <c>", "<speak>x<break/></speak>").as_deref(),
            Some("<speak>A &amp; B &lt;c&gt; x<break/></speak>")
        );
        assert_eq!(join("<speak version=\"1.0\">x</speak>", "y"), None);
        assert_eq!(join(&"a".repeat(500), &"b".repeat(499)).map(|text| text.len()), Some(1000));
        assert_eq!(join(&"a".repeat(500), &"b".repeat(500)), None);
    }
}
