//! `phone.parse`: a telephone number as people write it, in E.164.

use phonelib::{ParseError, PhoneNumber, PhoneNumberType};
use serde_json::{Value, json};

/// What a text says of a number. `country` is where it is written so, in two letters, for numbers
/// without a country code.
///
/// # Errors
/// Why it is no number.
pub(super) fn parse(text: &str, country: Option<&str>) -> Result<Value, String> {
    let number = match country {
        Some(country) => PhoneNumber::try_parse_with_country(text, country),
        None => PhoneNumber::try_parse(text),
    };
    let number = number.map_err(|error| told(text, country, &error))?;
    let kind = match number.phone_type() {
        PhoneNumberType::Mobile => "mobile",
        PhoneNumberType::FixedLine => "fixed",
        PhoneNumberType::TollFree => "toll_free",
        _ => "unknown",
    };
    Ok(json!({
        "e164": number.e164(), "country": number.country().code, "national": number.national_number(), "type": kind,
    }))
}

/// The country of a number in E.164.
pub(super) fn country_of(number: &str) -> Option<&'static str> {
    PhoneNumber::parse(number).map(|number| number.country().code)
}

fn told(text: &str, country: Option<&str>, error: &ParseError) -> String {
    let shown: String = text.chars().take(40).collect();
    match error {
        ParseError::MissingCallingCode => {
            format!(
                "{shown:?} has no country code; write it with one, or give the country, such as \"US\""
            )
        }
        ParseError::UnknownCountryCode if country.is_some() => {
            format!(
                "there is no country {:?}; wanted two letters, such as \"US\"",
                country.unwrap_or_default()
            )
        }
        other => format!("{shown:?} is not a telephone number: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, country, e164, kind) in [
            ("+1 206 555 0142", None, "+12065550142", "unknown"),
            ("(206) 555-0142", Some("US"), "+12065550142", "unknown"),
            ("1-206-555-0142", Some("US"), "+12065550142", "unknown"),
            ("030 123456", Some("DE"), "+4930123456", "fixed"),
            ("0151 23456789", Some("DE"), "+4915123456789", "mobile"),
            ("020 7946 0958", Some("GB"), "+442079460958", "fixed"),
            ("+44 (0)20 7946 0958", None, "+442079460958", "fixed"),
            ("06 12 34 56 78", Some("FR"), "+33612345678", "mobile"),
            ("+4915123456789", Some("US"), "+4915123456789", "mobile"),
        ] {
            let told = parse(text, country).unwrap();
            assert_eq!((&told["e164"], &told["type"]), (&json!(e164), &json!(kind)), "{text}");
        }
        assert_eq!(country_of("+4930123456"), Some("DE"));
    }

    #[test]
    fn what_is_no_number_is_told_why() {
        for (text, country) in [
            ("206-555-0142", None),
            ("911", Some("US")),
            ("+999123", None),
            ("abc", None),
            ("", None),
            ("030 1", Some("XX")),
        ] {
            assert!(parse(text, country).is_err(), "{text}");
        }
        assert!(parse("206-555-0142", None).unwrap_err().contains("has no country code"));
    }
}
