//! Deploying a line: the package of the function, the templates of what it runs in, and plans for
//! the telephone side. Nothing here talks to a service.

mod architecture;
mod package;
mod policy;
mod provision;
mod template;

pub use architecture::Architecture;
pub use package::{Package, PackageError, PackagedFile, Sums};
pub use policy::{Behalf, Grant, RolePolicies, grant, is_of_action, is_of_service, statements};
pub use provision::{
    Application, Change, Found, Number, PlanError, Releases, SipRule, Wanted, check_function, plan,
    tear_down,
};
pub use template::{Format, Needs, TemplateFile, iam_action};
