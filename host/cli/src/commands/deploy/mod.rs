//! What puts a line into an account: the package of the function, and the template of what it runs
//! in.

mod init;
mod package;

pub(crate) use init::Deploy;
pub(crate) use package::PackageCommand;
