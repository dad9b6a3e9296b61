//! Who calls, and whom, on the command line and in requests.

use moonring_exchange::is_phone_number;
use phonelib::PhoneNumber;

/// Who calls where nobody says.
pub(crate) const FROM: &str = "+12065550142";
/// And whom.
pub(crate) const TO: &str = "+14255550117";

/// The longest name of somebody who calls, or is called at a SIP address.
const LONGEST: usize = 256;

/// A number in E.164 that some country could give: the same library says so that reads numbers for
/// scripts.
pub(crate) fn phone_number(text: &str) -> Result<String, String> {
    let wanted = "wanted a number in E.164, such as +12065550100";
    if !is_phone_number(text) {
        return Err(wanted.to_owned());
    }
    match PhoneNumber::try_parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{error}; {wanted}")),
    }
}

/// Who calls or is called, as the network says it: a number, or a word such as `anonymous`, an
/// extension, a SIP address, or nothing at all. What begins like a number in E.164 must be one.
pub(crate) fn party(text: &str) -> Result<String, String> {
    if text.starts_with('+') {
        return phone_number(text);
    }
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!(
            "wanted a number in E.164, such as +12065550100, or one line of at most {LONGEST} characters, such as anonymous"
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_countries_are_taken_and_others_are_not() {
        for number in
            ["+12065550142", "+18445550123", "+493012345678", "+442079460123", "+17035550122"]
        {
            assert_eq!(phone_number(number).as_deref(), Ok(number));
        }
        for wrong in ["", "911", "12065550142", "+0123456", "+1", "+99912345678", "+1206555014x"] {
            assert!(phone_number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn callers_without_a_number_are_taken_as_they_are() {
        for odd in ["anonymous", "Unavailable", "", "1001", "sip:ann@example.com", "sales"] {
            assert_eq!(party(odd).as_deref(), Ok(odd));
        }
        for wrong in ["+1206555", "+0123456", "a\nb", &"x".repeat(300)] {
            assert!(party(wrong).is_err(), "{wrong}");
        }
    }
}
