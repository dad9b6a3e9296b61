//! Rules: which applications a call is for (rules 1 to 5).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::readings::Readings;

/// A SIP media application: one function in one Region (rule 4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// Its Region.
    pub region: String,
    /// The ARN of its function.
    pub lambda_arn: String,
}

/// What brings a call to a rule (rule 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A number of the account is called.
    ToPhoneNumber(String),
    /// A host name is called.
    RequestUriHostname(String),
}

/// A target of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The application's id.
    pub application: String,
    /// From 1; the smallest is tried first (rule 2).
    pub priority: u32,
}

/// A SIP rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipRule {
    /// Its id.
    pub id: String,
    /// What brings a call to it.
    pub trigger: Trigger,
    /// A rule that is off routes nothing (rule 5).
    pub is_enabled: bool,
    /// 1 to 25 targets.
    pub targets: Vec<Target>,
}

/// Why a rule cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutingError {
    /// There are none, or more than 25 (rule 2).
    #[error("a rule has {0} targets; wanted 1 to 25")]
    Targets(usize),
    /// Priorities begin at 1 (rule 2).
    #[error("a target has priority 0; wanted 1 or more")]
    Priority,
    /// There is no such application.
    #[error("there is no SIP media application {0}")]
    UnknownApplication(String),
    /// Two targets are in one Region (rule 3).
    #[error("two targets are in {0}; each must be in a different Region")]
    Region(String),
    /// There is no such rule.
    #[error("there is no SIP rule {0}")]
    UnknownRule(String),
    /// A rule must be off before it is deleted (rule 5).
    #[error("the SIP rule {0} is enabled; disable it first")]
    Enabled(String),
}

/// Applications and rules of an account.
#[derive(Debug, Clone, Default)]
pub struct Routing {
    applications: Vec<Arc<Application>>,
    rules: Vec<SipRule>,
}

impl Routing {
    /// Adds an application.
    pub fn add_application(&mut self, application: Application) {
        self.applications.push(Arc::new(application));
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// What rules 2 and 3 forbid.
    pub fn add_rule(&mut self, rule: SipRule, readings: &Readings) -> Result<(), RoutingError> {
        if !(1..=25).contains(&rule.targets.len()) {
            return Err(RoutingError::Targets(rule.targets.len()));
        }
        if rule.targets.iter().any(|target| target.priority == 0) {
            return Err(RoutingError::Priority);
        }
        let mut regions = Vec::new();
        for target in &rule.targets {
            let unknown = || RoutingError::UnknownApplication(target.application.clone());
            let region = self.application(&target.application).ok_or_else(unknown)?.region.clone();
            if regions.contains(&region) && !readings.one_region_twice {
                return Err(RoutingError::Region(region));
            }
            regions.push(region);
        }
        self.rules.push(rule);
        Ok(())
    }

    /// Turns a rule on or off.
    ///
    /// # Errors
    /// When there is no such rule.
    pub fn enable(&mut self, id: &str, is_enabled: bool) -> Result<(), RoutingError> {
        let rule = self.rules.iter_mut().find(|rule| rule.id == id);
        rule.ok_or_else(|| RoutingError::UnknownRule(id.to_owned()))?.is_enabled = is_enabled;
        Ok(())
    }

    /// Deletes a rule that is off.
    ///
    /// # Errors
    /// When there is no such rule, or it is on (rule 5).
    pub fn delete_rule(&mut self, id: &str) -> Result<(), RoutingError> {
        let at = self.rules.iter().position(|rule| rule.id == id);
        let at = at.ok_or_else(|| RoutingError::UnknownRule(id.to_owned()))?;
        if self.rules[at].is_enabled {
            return Err(RoutingError::Enabled(id.to_owned()));
        }
        self.rules.remove(at);
        Ok(())
    }

    /// The rule of a call and its applications, the first to be tried first; `None` where no rule
    /// that is on matches.
    pub fn route(&self, trigger: &Trigger) -> Option<(&str, Vec<Arc<Application>>)> {
        let rule = self.rules.iter().find(|rule| rule.is_enabled && rule.trigger == *trigger)?;
        let mut targets: Vec<_> = rule.targets.iter().collect();
        targets.sort_by_key(|target| target.priority);
        Some((
            &rule.id,
            targets.iter().filter_map(|target| self.application(&target.application)).collect(),
        ))
    }

    fn application(&self, id: &str) -> Option<Arc<Application>> {
        self.applications.iter().find(|application| application.id == id).cloned()
    }
}
