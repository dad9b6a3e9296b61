//! The nearest right name, for messages about wrong ones.

/// The longest name that a hint is looked for, in bytes.
const LONGEST: usize = 64;

/// The candidate that a reader most likely meant, if any is near enough to be worth a hint.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The distance takes time by the product of both lengths, inside one native call; and nobody
    // meant a name that long.
    if name.len() > LONGEST {
        return None;
    }
    let lowered = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= most(candidate.chars().count().max(name.chars().count()))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How far a name of so many letters may be from what was meant: of four letters two are half of it.
fn most(letters: usize) -> usize {
    if letters <= 4 { 1 } else { 1 + letters / 4 }
}

/// The same as the end of a sentence: `; did you mean ...?`, or nothing.
pub fn hint<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates).map(|found| format!("; did you mean `{found}`?")).unwrap_or_default()
}
