//! The changes from what is there to what is wanted. None of them where both are the same.

use std::collections::BTreeSet;

use moonring_wire::hint;

use super::{Application, Change, Found, Number, PlanError, SipRule, Wanted};

/// The product type of numbers that a SIP rule can be for.
const DIAL_IN: &str = "SipMediaApplicationDialIn";

impl Wanted {
    /// Whether it can be had in any account.
    ///
    /// # Errors
    /// [`PlanError::NoFunction`], [`PlanError::NoName`].
    pub fn check(&self) -> Result<(), PlanError> {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || " _.-".contains(letter);
        if self.name.is_empty() || self.name.len() > 200 || !self.name.chars().all(is_letter) {
            return Err(PlanError::NoName(self.name.clone()));
        }
        check_function(&self.function)
    }
}

/// Whether a text is the ARN of a function, or of its alias.
///
/// # Errors
/// [`PlanError::NoFunction`].
pub fn check_function(function: &str) -> Result<(), PlanError> {
    region_of(function).map(drop)
}

/// The changes from what is there to what is wanted.
///
/// # Errors
/// [`PlanError`], where the account has something that is somebody else's, or lacks a number.
pub fn plan(wanted: &Wanted, found: &Found) -> Result<Vec<Change>, PlanError> {
    wanted.check()?;
    let region = region_of(&wanted.function)?;
    let mut changes = Vec::new();
    let own = own(&wanted.name, found)?;
    match own {
        None => changes.push(Change::CreateApplication {
            name: wanted.name.clone(),
            region: region.to_owned(),
            function: wanted.function.clone(),
        }),
        Some(Application { id, name, function, .. }) if *function != wanted.function => {
            if !wanted.takes_over && unqualified(function) != unqualified(&wanted.function) {
                let (name, id, function) = (name.clone(), id.clone(), function.clone());
                return Err(PlanError::OtherFunction { name, id, function });
            }
            let (id, name, from) = (id.clone(), name.clone(), function.clone());
            changes.push(Change::Rewire { id, name, from, to: wanted.function.clone() });
        }
        Some(_) => {}
    }
    let does_log = own.is_some_and(|own| own.logs_messages);
    let own = own.map(|own| own.id.clone());
    if let Some(on) = wanted.logs_messages.filter(|on| *on != does_log) {
        changes.push(Change::LogMessages { application: own.clone(), on });
    }
    if let Some(own) = own.as_ref().filter(|own| wanted.backups.contains(own)) {
        return Err(PlanError::OwnBackup(own.clone()));
    }
    let backups = wanted.backups.iter().cloned().map(Some);
    let to: Vec<Option<String>> = std::iter::once(own).chain(backups).collect();
    let numbers: BTreeSet<&String> = wanted.numbers.iter().collect();
    for number in numbers {
        let known = found.numbers.iter().find(|known| known.number == *number);
        let ordered = (known.is_none() && wanted.orders).then(|| {
            changes.push(Change::OrderNumber { number: number.clone() });
            let (number, product_type) = (number.clone(), DIAL_IN.to_owned());
            Number { number, product_type, calling_name: None }
        });
        let Some(known) = known.or(ordered.as_ref()) else {
            let numbers = found.numbers.iter().map(|known| known.number.as_str());
            return Err(PlanError::NoNumber {
                number: number.clone(),
                hint: hint(number, numbers),
            });
        };
        changes.extend(of_number(wanted, known, found, &to)?);
    }
    Ok(changes)
}

/// What goes with a line that is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Releases {
    /// Its SIP rules and its application; numbers stay in the account.
    Nothing,
    /// The numbers of its SIP rules as well.
    Numbers,
}

/// The changes that take away what bears the name: rules first, since an application with rules cannot
/// be deleted. The numbers of its rules are given back where that is asked for; else they stay.
///
/// # Errors
/// [`PlanError::Ambiguous`], [`PlanError::StillUsed`].
pub fn tear_down(name: &str, releases: Releases, found: &Found) -> Result<Vec<Change>, PlanError> {
    let own = own(name, found)?;
    let first_of = |rule: &SipRule| rule.applications.first().cloned();
    let leads_here =
        |rule: &&SipRule| own.is_some_and(|own| first_of(rule).as_ref() == Some(&own.id));
    let is_backup = |rule: &&SipRule| {
        own.is_some_and(|own| rule.applications.iter().skip(1).any(|id| *id == own.id))
    };
    // The service keeps an application that a SIP rule leads to.
    if let Some(rule) = found.rules.iter().find(is_backup) {
        let (rule, number) = (rule.name.clone(), rule.trigger.clone());
        return Err(PlanError::StillUsed { rule, number });
    }
    let rules = found.rules.iter().filter(leads_here).map(|rule| {
        let (id, name, number) = (rule.id.clone(), rule.name.clone(), rule.trigger.clone());
        Change::DeleteRule { id, name, number }
    });
    let application = own.map(|own| {
        let (id, name) = (own.id.clone(), own.name.clone());
        Change::DeleteApplication { id, name }
    });
    let is_ours = |number: &&Number| {
        found.rules.iter().filter(leads_here).any(|rule| rule.trigger == number.number)
    };
    let numbers = found.numbers.iter().filter(is_ours).filter(|_| releases == Releases::Numbers);
    let numbers = numbers.map(|known| Change::ReleaseNumber { number: known.number.clone() });
    Ok(rules.chain(application).chain(numbers).collect())
}

fn of_number(
    wanted: &Wanted,
    known: &Number,
    found: &Found,
    to: &[Option<String>],
) -> Result<Vec<Change>, PlanError> {
    let number = known.number.clone();
    let mut changes = Vec::new();
    if known.product_type != DIAL_IN {
        let from = known.product_type.clone();
        changes.push(Change::ChangeProduct { number: number.clone(), from });
    }
    let is_named = |name: &&String| known.calling_name.as_ref() == Some(*name);
    if let Some(name) = wanted.calling_name.as_ref().filter(|name| !is_named(name)) {
        changes.push(Change::NameNumber { number: number.clone(), name: name.clone() });
    }
    let Some(rule) = found.rules.iter().find(|rule| rule.trigger == number) else {
        let name = rule_name(&wanted.name, &number);
        changes.push(Change::CreateRule { name, number, applications: to.to_vec() });
        return Ok(changes);
    };
    let from = &rule.applications;
    let is_so = from.iter().map(Some).eq(to.iter().map(Option::as_ref)) && !rule.is_disabled;
    if is_so {
        return Ok(changes);
    }
    let is_own = is_rule_of(&wanted.name, rule)
        || from.first().is_some_and(|first| to.first() == Some(&Some(first.clone())));
    if !is_own && !wanted.takes_over {
        let application = from.first().cloned().unwrap_or_default();
        return Err(PlanError::LedElsewhere { rule: rule.name.clone(), number, application });
    }
    // What is taken over is called as it is from now on.
    let name = if is_own { rule.name.clone() } else { rule_name(&wanted.name, &number) };
    let (id, from) = (rule.id.clone(), from.clone());
    changes.push(Change::LeadRule { id, name, number, from, to: to.to_vec() });
    Ok(changes)
}

fn own<'a>(name: &str, found: &'a Found) -> Result<Option<&'a Application>, PlanError> {
    let mut named = found.applications.iter().filter(|application| application.name == name);
    let own = named.next();
    match named.count() {
        0 => Ok(own),
        more => Err(PlanError::Ambiguous { name: name.to_owned(), count: more + 1 }),
    }
}

fn is_rule_of(name: &str, rule: &SipRule) -> bool {
    rule.name == rule_name(name, &rule.trigger)
}

/// The name of a number's rule: the service takes letters, digits, spaces and `_.-`.
fn rule_name(name: &str, number: &str) -> String {
    format!("{name} {}", number.trim_start_matches('+'))
}

/// The ARN of a function without its alias or version.
fn unqualified(function: &str) -> String {
    function.split(':').take(7).collect::<Vec<_>>().join(":")
}

/// The Region of a function: the fourth part of its ARN.
fn region_of(function: &str) -> Result<&str, PlanError> {
    let parts: Vec<&str> = function.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "lambda", region, _, "function", _] => Ok(region),
        ["arn", _, "lambda", region, _, "function", _, _] => Ok(region),
        _ => Err(PlanError::NoFunction(function.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:acme-line:line";
    const NUMBER: &str = "+14255550117";

    fn wanted() -> Wanted {
        Wanted {
            name: "acme-line".to_owned(),
            function: FUNCTION.to_owned(),
            numbers: vec![NUMBER.to_owned()],
            ..Wanted::default()
        }
    }

    fn found(function: &str, target: &str) -> Found {
        let number = Number {
            number: NUMBER.to_owned(),
            product_type: DIAL_IN.to_owned(),
            calling_name: Some("Acme".to_owned()),
        };
        let application = Application {
            id: "own".to_owned(),
            name: "acme-line".to_owned(),
            function: function.to_owned(),
            logs_messages: false,
        };
        let rule = SipRule {
            id: "rule".to_owned(),
            name: "main number".to_owned(),
            trigger: NUMBER.to_owned(),
            is_disabled: false,
            applications: vec![target.to_owned()],
        };
        Found { applications: vec![application], rules: vec![rule], numbers: vec![number] }
    }

    fn told(changes: &[Change]) -> Vec<String> {
        changes.iter().map(Change::to_string).collect()
    }

    #[test]
    fn what_is_there_already_needs_no_step() {
        assert_eq!(plan(&wanted(), &found(FUNCTION, "own")), Ok(Vec::new()));
    }

    #[test]
    fn from_nothing_an_application_and_a_rule_are_made_and_taken_away_again() {
        let number = Number {
            number: NUMBER.to_owned(),
            product_type: "VoiceConnector".to_owned(),
            calling_name: None,
        };
        let found = Found { numbers: vec![number], ..Found::default() };
        assert_eq!(
            told(&plan(&wanted(), &found).unwrap()),
            [
                format!("+ SIP media application acme-line in us-east-1, which invokes {FUNCTION}"),
                format!("~ {NUMBER} is for SIP media applications, no longer VoiceConnector"),
                format!("+ SIP rule acme-line 14255550117: {NUMBER} leads to the new application"),
            ]
        );
        assert_eq!(tear_down("acme-line", Releases::Numbers, &found), Ok(Vec::new()));
    }

    #[test]
    fn an_application_is_rewired_and_its_rule_stays() {
        let before = "arn:aws:lambda:us-east-1:123456789012:function:node";
        let refused = plan(&wanted(), &found(before, "own")).unwrap_err().to_string();
        assert!(refused.contains("provision adopt --application own"), "{refused}");
        let taking = Wanted { takes_over: true, ..wanted() };
        let changes = plan(&taking, &found(before, "own")).unwrap();
        let wanted = format!(
            "~ SIP media application acme-line (own) invokes {FUNCTION}, no longer {before}"
        );
        assert_eq!(told(&changes), [wanted]);
    }

    #[test]
    fn a_number_that_leads_elsewhere_stays_there_unless_it_is_taken_over() {
        let found = found(FUNCTION, "other");
        let error = plan(&wanted(), &found).unwrap_err().to_string();
        assert!(error.contains("provision adopt --application other"), "{error}");
        let wanted = Wanted { takes_over: true, ..wanted() };
        let changes = told(&plan(&wanted, &found).unwrap());
        assert_eq!(
            changes,
            [format!("~ SIP rule acme-line 14255550117: {NUMBER} leads to own, no longer other")]
        );
    }

    #[test]
    fn a_backup_in_another_region_is_tried_next_and_a_disabled_rule_is_enabled() {
        let mut found = found(FUNCTION, "own");
        let wanted = Wanted { backups: vec!["west".to_owned()], ..wanted() };
        let changes = plan(&wanted, &found).unwrap();
        assert!(told(&changes)[0].contains("leads to own, then west"), "{changes:?}");
        found.rules[0].applications.push("west".to_owned());
        assert_eq!(plan(&wanted, &found), Ok(Vec::new()));
        found.rules[0].is_disabled = true;
        assert_eq!(plan(&wanted, &found).unwrap().len(), 1);
    }

    #[test]
    fn what_cannot_be_planned_says_what_to_do() {
        let wrong = Wanted { function: "acme-line".to_owned(), ..wanted() };
        assert!(matches!(plan(&wrong, &Found::default()), Err(PlanError::NoFunction(_))));
        let wrong = Wanted { name: "acme+line".to_owned(), ..wanted() };
        assert!(matches!(plan(&wrong, &Found::default()), Err(PlanError::NoName(_))));
        let error = plan(&wanted(), &Found::default()).unwrap_err().to_string();
        assert!(error.contains("--order"), "{error}");
        let ordering = Wanted { orders: true, ..wanted() };
        let changes = told(&plan(&ordering, &Found::default()).unwrap());
        assert_eq!(changes[1], format!("+ number {NUMBER} is ordered, and costs from now on"));
        assert!(changes[2].starts_with("+ SIP rule") && changes.len() == 3, "{changes:?}");
        let mut twice = found(FUNCTION, "own");
        twice.applications.push(twice.applications[0].clone());
        assert!(matches!(plan(&wanted(), &twice), Err(PlanError::Ambiguous { count: 2, .. })));
    }

    #[test]
    fn what_is_logged_and_what_callees_see_change_only_where_they_differ() {
        let (name, logs_messages) = (Some("Acme".to_owned()), Some(false));
        let same = Wanted { calling_name: name, logs_messages, ..wanted() };
        assert_eq!(plan(&same, &found(FUNCTION, "own")), Ok(Vec::new()));
        let (name, logs_messages) = (Some("Acme Inc".to_owned()), Some(true));
        let other = Wanted { calling_name: name, logs_messages, ..wanted() };
        assert_eq!(
            told(&plan(&other, &found(FUNCTION, "own")).unwrap()),
            [
                "~ SIP messages of own are logged".to_owned(),
                format!("~ callees see Acme Inc with {NUMBER}")
            ]
        );
    }

    #[test]
    fn rules_go_before_their_application_and_other_rules_stay() {
        let mut found = found(FUNCTION, "own");
        let other = |applications: &[&str]| SipRule {
            name: "acme-line 14255550118".to_owned(),
            trigger: "+14255550118".to_owned(),
            applications: applications.iter().map(|id| (*id).to_owned()).collect(),
            ..SipRule::default()
        };
        // It has the name, and leads elsewhere meanwhile.
        found.rules.push(other(&["west"]));
        assert_eq!(
            told(&tear_down("acme-line", Releases::Nothing, &found).unwrap()),
            [
                format!("- SIP rule main number for {NUMBER}"),
                "- SIP media application acme-line (own)".to_owned()
            ]
        );
        let last = told(&tear_down("acme-line", Releases::Numbers, &found).unwrap()).pop();
        assert_eq!(last, Some(format!("- number {NUMBER} is given back")));
        found.rules.push(other(&["west", "own"]));
        let told = tear_down("acme-line", Releases::Nothing, &found).unwrap_err().to_string();
        assert!(told.contains("lead that SIP rule elsewhere first"), "{told}");
    }

    #[test]
    fn a_number_that_is_named_twice_is_led_once_and_no_application_backs_itself_up() {
        let mut found = found(FUNCTION, "own");
        found.rules.clear();
        let twice = Wanted { numbers: vec![NUMBER.to_owned(), NUMBER.to_owned()], ..wanted() };
        assert_eq!(plan(&twice, &found).unwrap().len(), 1);
        let own = Wanted { backups: vec!["own".to_owned()], ..wanted() };
        assert!(matches!(plan(&own, &found), Err(PlanError::OwnBackup(_))));
    }
}
