//! Telephone numbers on the command line and in requests.

use moonring_exchange::is_phone_number;
use phonelib::PhoneNumber;

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

#[cfg(test)]
mod tests {
    use super::phone_number;

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
}
