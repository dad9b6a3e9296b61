//! Who is called by bridges, and what they do: by their number, or one after the other.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::person::Person;

/// The people who are called in a call. Of several for the same number, the first bridge reaches
/// the first, the next bridge the second, and the last stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Callees {
    by_number: BTreeMap<String, VecDeque<Person>>,
    others: VecDeque<Person>,
}

impl Callees {
    /// The same person at every number.
    pub fn all(person: Person) -> Self {
        Self { by_number: BTreeMap::new(), others: VecDeque::from([person]) }
    }

    /// One more person, who is called at this number, or at any that nobody else has.
    pub fn add(&mut self, number: Option<&str>, person: Person) {
        let line = match number {
            Some(number) => self.by_number.entry(number.to_owned()).or_default(),
            None => &mut self.others,
        };
        line.push_back(person);
    }

    /// The person whom the next call to a number reaches. Without any, somebody who answers.
    pub fn next(&mut self, number: &str) -> Person {
        let line = self.by_number.get_mut(number).unwrap_or(&mut self.others);
        if line.len() > 1 { line.pop_front() } else { line.front().cloned() }.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Pickup;

    #[test]
    fn people_are_called_by_number_and_in_order() {
        let mut callees = Callees::default();
        assert_eq!(callees.next("+1").pickup, Pickup::default());
        callees.add(None, Person::who(Pickup::Busy));
        callees.add(None, Person::who(Pickup::Never));
        callees.add(Some("+1"), Person::who(Pickup::Refuses));
        let mut next = |number: &str| callees.next(number).pickup;
        assert_eq!(next("+2"), Pickup::Busy);
        assert_eq!(next("+1"), Pickup::Refuses);
        assert_eq!(next("+3"), Pickup::Never);
        assert_eq!([next("+2"), next("+1")], [Pickup::Never, Pickup::Refuses]);
    }
}
