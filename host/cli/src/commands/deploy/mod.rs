//! What puts a line into an account: the package of the function, the template of what it runs in,
//! and the telephone side.

mod init;
mod package;
mod provision;
mod telephone_side;

pub(crate) use init::Deploy;
pub(crate) use package::PackageCommand;
pub(crate) use provision::Provision;
pub(crate) use telephone_side::TelephoneSide;
