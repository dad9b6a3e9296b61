//! The voices of Amazon Polly: which engines each has, and which language it speaks.

use std::collections::BTreeMap;

use moonring_engine::hint;

use crate::literal_text::unquoted;

/// A voice, as the page "Available voices" of the Amazon Polly Developer Guide has it.
struct Voice {
    name: &'static str,
    language: &'static str,
    engines: &'static [&'static str],
}

const STANDARD: &[&str] = &["standard"];
const NEURAL: &[&str] = &["neural"];
const BOTH: &[&str] = &["standard", "neural"];

const fn voice(
    name: &'static str,
    language: &'static str,
    engines: &'static [&'static str],
) -> Voice {
    Voice { name, language, engines }
}

/// The voices with one language. Those with two, and those of other engines only, are not judged.
const VOICES: &[Voice] = &[
    voice("Adriano", "it-IT", NEURAL),
    voice("Amy", "en-GB", BOTH),
    voice("Andres", "es-MX", NEURAL),
    voice("Aria", "en-NZ", NEURAL),
    voice("Arlet", "ca-ES", NEURAL),
    voice("Arthur", "en-GB", NEURAL),
    voice("Astrid", "sv-SE", STANDARD),
    voice("Ayanda", "en-ZA", NEURAL),
    voice("Bianca", "it-IT", BOTH),
    voice("Brian", "en-GB", BOTH),
    voice("Burcu", "tr-TR", NEURAL),
    voice("Camila", "pt-BR", BOTH),
    voice("Carla", "it-IT", STANDARD),
    voice("Carmen", "ro-RO", STANDARD),
    voice("Celine", "fr-FR", STANDARD),
    voice("Chantal", "fr-CA", STANDARD),
    voice("Conchita", "es-ES", STANDARD),
    voice("Cristiano", "pt-PT", STANDARD),
    voice("Daniel", "de-DE", NEURAL),
    voice("Danielle", "en-US", NEURAL),
    voice("Dora", "is-IS", STANDARD),
    voice("Elin", "sv-SE", NEURAL),
    voice("Emma", "en-GB", BOTH),
    voice("Enrique", "es-ES", STANDARD),
    voice("Ewa", "pl-PL", STANDARD),
    voice("Filiz", "tr-TR", STANDARD),
    voice("Gabrielle", "fr-CA", NEURAL),
    voice("Geraint", "en-GB-WLS", STANDARD),
    voice("Giorgio", "it-IT", STANDARD),
    voice("Gregory", "en-US", NEURAL),
    voice("Gwyneth", "cy-GB", STANDARD),
    voice("Hannah", "de-AT", NEURAL),
    voice("Hans", "de-DE", STANDARD),
    voice("Hiujin", "yue-CN", NEURAL),
    voice("Ida", "nb-NO", NEURAL),
    voice("Ines", "pt-PT", BOTH),
    voice("Isabelle", "fr-BE", NEURAL),
    voice("Ivy", "en-US", BOTH),
    voice("Jacek", "pl-PL", STANDARD),
    voice("Jan", "pl-PL", STANDARD),
    voice("Jasmine", "en-SG", NEURAL),
    voice("Jihye", "ko-KR", NEURAL),
    voice("Jitka", "cs-CZ", NEURAL),
    voice("Joanna", "en-US", BOTH),
    voice("Joey", "en-US", BOTH),
    voice("Justin", "en-US", BOTH),
    voice("Karl", "is-IS", STANDARD),
    voice("Kazuha", "ja-JP", NEURAL),
    voice("Kendra", "en-US", BOTH),
    voice("Kevin", "en-US", NEURAL),
    voice("Kimberly", "en-US", BOTH),
    voice("Laura", "nl-NL", NEURAL),
    voice("Lea", "fr-FR", BOTH),
    voice("Liam", "fr-CA", NEURAL),
    voice("Lisa", "nl-BE", NEURAL),
    voice("Liv", "nb-NO", STANDARD),
    voice("Lotte", "nl-NL", STANDARD),
    voice("Lucia", "es-ES", BOTH),
    voice("Lupe", "es-US", BOTH),
    voice("Mads", "da-DK", STANDARD),
    voice("Maja", "pl-PL", STANDARD),
    voice("Marlene", "de-DE", STANDARD),
    voice("Mathieu", "fr-FR", STANDARD),
    voice("Matthew", "en-US", BOTH),
    voice("Maxim", "ru-RU", STANDARD),
    voice("Mia", "es-MX", BOTH),
    voice("Miguel", "es-US", STANDARD),
    voice("Mizuki", "ja-JP", STANDARD),
    voice("Naja", "da-DK", STANDARD),
    voice("Niamh", "en-IE", NEURAL),
    voice("Nicole", "en-AU", STANDARD),
    voice("Ola", "pl-PL", NEURAL),
    voice("Olivia", "en-AU", NEURAL),
    voice("Pedro", "es-US", NEURAL),
    voice("Penelope", "es-US", STANDARD),
    voice("Raveena", "en-IN", STANDARD),
    voice("Remi", "fr-FR", NEURAL),
    voice("Ricardo", "pt-BR", STANDARD),
    voice("Ruben", "nl-NL", STANDARD),
    voice("Russell", "en-AU", STANDARD),
    voice("Ruth", "en-US", NEURAL),
    voice("Sabrina", "de-CH", NEURAL),
    voice("Salli", "en-US", BOTH),
    voice("Seoyeon", "ko-KR", BOTH),
    voice("Sergio", "es-ES", NEURAL),
    voice("Sofie", "da-DK", NEURAL),
    voice("Stephen", "en-US", NEURAL),
    voice("Suvi", "fi-FI", NEURAL),
    voice("Takumi", "ja-JP", BOTH),
    voice("Tatyana", "ru-RU", STANDARD),
    voice("Thiago", "pt-BR", NEURAL),
    voice("Tomoko", "ja-JP", NEURAL),
    voice("Vicki", "de-DE", BOTH),
    voice("Vitoria", "pt-BR", BOTH),
    voice("Zeina", "arb", STANDARD),
    voice("Zhiyu", "cmn-CN", BOTH),
];

/// What does not go together in the options of a prompt, or of all prompts; `is_whole` where nothing
/// else says how they are spoken.
pub(crate) fn mismatch(
    callee: &str,
    options: &BTreeMap<String, String>,
    is_whole: bool,
) -> Option<String> {
    let text = |names: [&str; 2]| {
        names.iter().find_map(|name| options.get(*name).and_then(|text| unquoted(text)))
    };
    let said = text(["voice", "voice_id"])?;
    let Some(Voice { name, language, engines }) = VOICES.iter().find(|one| one.name == said) else {
        let hint = hint(&said, VOICES.iter().map(|one| one.name));
        // Amazon adds voices: only what is nearly the name of one is a slip.
        return (!hint.is_empty())
            .then(|| format!("{callee}: Amazon Polly has no voice \"{said}\"{hint}"));
    };
    let has_engine = options.contains_key("engine");
    let engine =
        text(["engine", "engine"]).or((is_whole && !has_engine).then(|| "standard".to_owned()));
    if let Some(engine) = engine.filter(|engine| BOTH.contains(&engine.as_str()))
        && !engines.contains(&engine.as_str())
    {
        let wanted = engines.join(" or ");
        return Some(format!(
            "{callee}: the voice {name} has no {engine} engine; write engine = \"{wanted}\", or choose another voice"
        ));
    }
    let spoken = text(["language", "language_code"]).filter(|spoken| spoken != language)?;
    Some(format!(
        "{callee}: the voice {name} speaks {language}, not {spoken}; leave `language` out"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(options: &[(&str, &str)], is_whole: bool) -> String {
        let options =
            options.iter().map(|(name, text)| ((*name).to_owned(), format!("\"{text}\"")));
        mismatch("call.voice", &options.collect(), is_whole).unwrap_or_default()
    }

    #[test]
    fn a_voice_has_its_engines_and_its_language() {
        assert!(
            told(&[("voice", "Geraint"), ("engine", "neural")], false).contains("no neural engine")
        );
        assert!(told(&[("voice", "Danielle")], true).contains("engine = \"neural\""));
        assert!(told(&[("voice", "Lea"), ("language", "de-DE")], false).contains("speaks fr-FR"));
        assert!(told(&[("voice_id", "Joana")], false).contains("did you mean `Joanna`?"));
        for good in [
            &[("voice", "Lea"), ("engine", "neural"), ("language", "fr-FR")][..],
            &[("voice", "Danielle")],
            &[("voice", "Aditi"), ("language", "hi-IN")],
            &[("voice", "Somebody New")],
            &[("engine", "neural")],
        ] {
            assert_eq!(told(good, false), "", "{good:?}");
        }
    }
}
