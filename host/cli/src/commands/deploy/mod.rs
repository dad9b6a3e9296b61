//! What puts a line into an account: the package of the function.

mod package;

pub(crate) use package::PackageCommand;
