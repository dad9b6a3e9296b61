//! Deploying a line: the package of the function, the templates of what it runs in, and plans for
//! the telephone side. Nothing here talks to a service.

mod architecture;
mod package;

pub use architecture::Architecture;
pub use package::{Package, PackageError, PackagedFile, Sums};
